"""No deadline or fee written in words: "семь дней" hides from the one place where numbers are changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context
from bot.knowledge.findings import Finding
from bot.languages.locales import Locale

_TEENS_RU: Final = "один две три четыр пят шест сем восем девят"
_TEENS_RO: Final = "un doi trei pai cinci șai șapte opt nouă"
_NUMBERS: Final = {
    Locale.RU: (
        "два две двух двумя три трёх трех тремя четыре четырёх четырех пять пяти шесть шести семь семи восемь восьми "
        "девять девяти десять десяти двадцать двадцати тридцать тридцати сорок сорока пятьдесят пятидесяти девяносто "
        "девяноста сто ста полтора полутора тысяча тысячи тысяч пятьсот "
        + " ".join(f"{stem}надцат{end}" for stem in _TEENS_RU.split() for end in "ьи")
    ),
    Locale.KY: "эки үч төрт беш алты жети сегиз тогуз он жыйырма отуз кырк элүү токсон жүз миң жарым",
    Locale.TG: "ду се чор чаҳор панҷ шаш ҳафт ҳашт нӯҳ даҳ понздаҳ бист сӣ чил панҷоҳ навад сад ҳазор якуним",
    Locale.UZ: "ikki uch to‘rt besh olti yetti sakkiz to‘qqiz o‘n yigirma o‘ttiz qirq ellik to‘qson yuz ming",
    Locale.UZ_CYRL: "икки уч тўрт беш олти етти саккиз тўққиз ўн йигирма ўттиз қирқ эллик тўқсон юз минг",
    Locale.RO: (
        "două doua doi trei patru cinci șase sase șapte sapte opt nouă noua zece douăzeci treizeci patruzeci cincizeci "
        "nouăzeci sută mie " + " ".join(f"{stem}sprezece" for stem in _TEENS_RO.split())
    ),
}
_SETS: Final = {locale: frozenset(words.split()) for locale, words in _NUMBERS.items()}
_UNITS: Final = {
    Locale.RU: (
        r"(?:рабоч\w+ |календарн\w+ )?(?:дн(?:я|ей|ям|ях)|суток|сутки|час(?:а|ов|ам)|недел\w+|месяц\w+"
        r"|год(?:а|у)?|лет|рубл\w+|₽)"
    ),
    Locale.KY: r"(?:жумуш )?(?:күн|саат|жума|апта|ай|жыл|рубл)\w*",
    Locale.TG: r"(?:рӯз|соат|ҳафта|моҳ|сол|рубл)\w*",
    Locale.UZ: r"(?:ish )?(?:kun|soat|hafta|oy|yil|rubl|so‘m)\w*",
    Locale.UZ_CYRL: r"(?:иш )?(?:кун|соат|ҳафта|ой|йил|рубл|сўм)\w*",
    Locale.RO: r"(?:de )?(?:zile|ore|s[aă]pt[aă]m[aâ]ni|luni|ani|ruble)",
}
_MARKS: Final = '(«"„“[*—–-/'
_PATTERNS: Final = {
    locale: re.compile(rf"(?<!\w)(?:{'|'.join(_NUMBERS[locale].split())}) {_UNITS[locale]}(?!\w)", re.IGNORECASE)
    for locale in Locale
}


def check(context: Context) -> Iterator[Finding]:
    """Yield numbers in words before a unit of time or money."""
    for page in context.pages:
        whole = page.whole.lower()
        for mark in _MARKS:
            whole = whole.replace(mark, " ")
        if not _SETS[page.locale].isdisjoint(whole.split()):
            for prose in page.prose():
                for match in _PATTERNS[prose.locale].finditer(prose.text):
                    yield prose.finding("number-word", words=match.group())
