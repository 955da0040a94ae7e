"""A small knowledge for talks with the search: eight topics in a few languages, as editors write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.search import LocaleText, SearchDocument, SearchLexicon
from bot.languages.locales import Locale

LEXICON = Path(__file__).parents[2] / "knowledge" / "lexicon"

TOPICS: dict[str, dict[str, tuple[str, list[str], str]]] = {
    "wages-unpaid": {
        "ru": ("Мне не платят зарплату", ["хозяин кинул на деньги", "задерживают зп", "за стройку не рассчитались"],
               "Зарплату платят два раза в месяц. Напишите жалобу в инспекцию труда. Сохраните переписку."),
        "ky": ("Айлыгымды бербей жатат", ["айлык бербей атат", "иштеген акчамды бербейт"],
               "Айлык айына эки жолу төлөнөт. Эмгек инспекциясына арыз жазыңыз."),
        "tg": ("Маошамро намедиҳанд", ["маоши мара намете", "хучаин пули кора надод"],
               "Маош моҳе ду бор дода мешавад. Ба нозироти меҳнат шикоят нависед."),
        "uz": ("Oyligimni bermayapti", ["ish haqini tolamadi", "xojayin pulni bermayapti"],
               "Ish haqi oyiga ikki marta to‘lanadi. Mehnat inspeksiyasiga ariza yozing."),
        "ro": ("Nu mi se plătește salariul", ["patronul nu ma plateste", "nu mi-au dat banii pentru lucru"],
               "Salariul se plătește de două ori pe lună. Scrieți o plângere la inspecția muncii."),
    },
    "passport-taken": {
        "ru": ("Забрали паспорт", ["хозяин держит паспорт", "не отдают документы"],
               "Никто не имеет права держать паспорт."),
        "ky": ("Паспортумду алып койду", ["паспортумду бербей атат"], "Эч ким паспортту кармап турууга акысы жок."),
        "uz": ("Pasportimni olib qo‘ydi", ["pasportimni bermayapti"], "Hech kim pasportni ushlab turishga haqli emas."),
        "ro": ("Mi-au luat pașaportul", ["patronul tine actele"], "Nimeni nu are dreptul să vă țină pașaportul."),
    },
    "patent-apply": {
        "ru": ("Как оформить патент", ["сделать патент в первый раз", "какие документы на патент"],
               "Патент оформляют в течение тридцати дней после въезда в миграционном центре."),
        "tg": ("Патентро чӣ тавр гирам", ["патент кунам чи лозим"], "Патентро дар маркази муҳоҷират мегиранд."),
        "uz": ("Patent qanday olinadi", ["patent olish uchun nima kerak"], "Patent migratsiya markazida olinadi."),
    },
    "domestic-violence": {
        "ru": ("Меня бьют дома", ["муж избил", "боюсь мужа"],
               "Позвоните в полицию. Уйдите в безопасное место с детьми."),
        "tg": ("Маро дар хона мезананд", ["шавхарам мезанад"], "Ба пулис занг занед."),
        "ky": ("Мени үйдө сабап жатышат", ["куйоом урат"], "Полицияга чалыңыз."),
    },
    "entry-ban-check": {
        "ru": ("Есть ли у меня запрет на въезд", ["проверить запрет", "как узнать депорт"],
               "Запрет проверяют на сайте."),
        "tg": ("Манъи вуруд дорам ё не", ["запрет дорам ё не"], "Манъи вурудро дар сайт месанҷанд."),
        "ro": ("Am interdicție de intrare?", ["cum verific interdictia"], "Interdicția se verifică pe site."),
    },
    "school": {
        "ru": ("Устроить ребёнка в школу", ["ребенка не берут в школу"],
               "Нужны регистрация и экзамен по русскому языку."),
        "uz": ("Bolani maktabga berish", ["bolamni maktabga olmayapti"], "Ro‘yxatdan o‘tish va imtihon kerak."),
    },
    "death-repatriation": {
        "ru": ("Умер близкий: отправить тело домой", ["умер брат что делать"], "Позвоните в консульство."),
        "ro": ("A murit o rudă", ["cum duc corpul acasa"], "Sunați la consulat."),
    },
    "sim-card": {
        "ru": ("Оформить сим-карту", ["отключили номер", "биометрия для симки"],
               "Сим-карту регистрируют с биометрией."),
        "ky": ("Симкарта каттатуу", ["симкам очуп калды"], "Симкарта биометрия менен катталат."),
    },
}  # fmt: skip


def lexicon() -> SearchLexicon:
    """The lexicon of the project."""
    parts: list[Any] = [
        yaml.safe_load((LEXICON / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("concepts", "smalltalk", "off_topic")
    ]
    return SearchLexicon.from_mappings(parts[0], parts[1], None, parts[2])


def documents() -> list[SearchDocument]:
    """The topics above and one organisation."""
    articles = [
        SearchDocument(
            id=topic,
            kind="article",
            texts={
                Locale(locale): LocaleText(title, tuple(asks), body) for locale, (title, asks, body) in texts.items()
            },
        )
        for topic, texts in TOPICS.items()
    ]
    name = {Locale.RU: LocaleText("Тонг жахони"), Locale.UZ: LocaleText("Tong jahoni")}
    return [*articles, SearchDocument(id="tong_jahoni", kind="organisation", texts=name)]
