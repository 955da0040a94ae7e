"""Words that are in every question and help to find nothing, in all five languages. Folded once at import."""

from __future__ import annotations

from typing import Final

from bot.languages.folding import fold_words

_WORDS: Final = """
и в во на с со к ко у о об от по за из до для а но или что чтобы как где когда куда кто это этот эта эти то тот та те
я мне меня мной мы нам нас вы вам вас он она они его ее её ему ей их им свой свою мой моя мои мою наш наши ли же бы
есть если уже еще ещё тоже там тут здесь так очень можно нужно надо делать подскажите пожалуйста помогите скажите
здравствуйте привет какой какая какие какую был была были быть будет мочь могу может чем при про только просто да ну
вот потом теперь сейчас щас чё че чо шо все всё всех всем мен мага мени менин менде биз бизге биздин сиз сизге силер
ал ага аны анын алар алар бул ушул тигил ошол эмне эмнеге кандай кантип кайда кайдан кайсы качан ким менен үчүн боюнча
тууралуу жана же да дагы болсо болобу болот экен эле го деп дейт эмес бар бери кылам кылсам кыламын керек керекпи эми
азыр айтып койгула коюңуз байке салам абдан өтө ман маро ба аз дар бо барои ки ва ё ҳам мо моро шумо ту вай ӯ онҳо ин
он чӣ чи чӣ тавр чи хел хел кадом куҷо кучо дар куҷо кай чанд аст нест ҳаст хаст буд бошад мешавад мумкин лозим даркор
бояд кунам кунем мекунам мекунанд мекунад гап агар ҳол хол акнун ҳозир хозир илтимос салом хело бисёр ба ра ро ми men
menga meni mening menda biz bizga siz sizga u unga uni uning ular bu shu o'sha nima nega qanday qanaqa qanaqasiga
qayerda qayerga qayerdan qaerda qachon kim bilan uchun haqida va yoki ham esa bo'lsa bo'ladimi bo'ladi boladi boladimi
ekan edi deb dedi emas kerak kerakmi mumkin mumkinmi qilay qilaman qilsam qilish qila endi hozir iltimos salom agar
juda eu mie mi îmi imi ma mă mea meu mei noi ne nouă voi va vă el ea ei ele lui lor si și sau dar de la in în pe cu
din pentru ca că sa să ce cum unde cand când care cine e este sunt suntem am ai are au avem a al ale o un una unui
unei daca dacă deja mai aici acolo acum fac facem fi fost trebuie pot poate puteti se isi îi ii las va rog vă rog buna
ziua foarte asta acest această doar tot nu chto kak gde kogda kto eto ya mne menya my nam nas vy vam on ona oni est li
zhe by esli uzhe eshe tam tut mozhno nado delat i v na s k u o ot po za iz do dlya
"""

STOPWORDS: Final = frozenset(word for word in fold_words(_WORDS)) - frozenset(fold_words("ёрӣ"))
"""Folded stop words. `не`, `без` and their like stay: they turn the meaning."""
