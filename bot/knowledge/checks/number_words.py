"""No deadline or fee written in words: "семь дней" hides from the one place where numbers are changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.knowledge.checks.context import Context
from bot.knowledge.findings import Finding
from bot.languages.locales import Locale

_NUMBERS: Final = {
    Locale.RU: (
        "дв(?:а|е|ух|умя)|тр(?:и|[её]х|емя)|четыр(?:е|[её]х)|пят(?:ь|и)|шест(?:ь|и)|сем(?:ь|и)|вос(?:емь|ьми)"
        r"|девят(?:ь|и)|десят(?:ь|и)|\w+надцат(?:ь|и)|двадцат(?:ь|и)|тридцат(?:ь|и)|сорок[а]?|пят(?:ь|и)десят"
        "|девяност[оа]|сто|полтора|полутора|тысяч[иа]?|пятьсот"
    ),
    Locale.KY: "эки|үч|төрт|беш|алты|жети|сегиз|тогуз|он|жыйырма|отуз|кырк|элүү|токсон|жүз|миң|бир жарым",
    Locale.TG: "ду|се|чор|чаҳор|панҷ|шаш|ҳафт|ҳашт|нӯҳ|даҳ|понздаҳ|бист|сӣ|чил|панҷоҳ|навад|сад|ҳазор|якуним",
    Locale.UZ: "ikki|uch|to‘rt|besh|olti|yetti|sakkiz|to‘qqiz|o‘n|yigirma|o‘ttiz|qirq|ellik|to‘qson|yuz|ming",
    Locale.UZ_CYRL: "икки|уч|тўрт|беш|олти|етти|саккиз|тўққиз|ўн|йигирма|ўттиз|қирқ|эллик|тўқсон|юз|минг",
    Locale.RO: (
        "dou[aă]|doi|trei|patru|cinci|[sș]ase|[sș]apte|opt|nou[aă]|zece|\\w+sprezece|dou[aă]zeci|treizeci"
        "|patruzeci|cincizeci|nou[aă]zeci|o sut[aă]|o mie"
    ),
}
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
_PATTERNS: Final = {
    locale: re.compile(rf"(?<!\w)(?:{_NUMBERS[locale]}) {_UNITS[locale]}(?!\w)", re.IGNORECASE) for locale in Locale
}
_LIKELY: Final = {locale: re.compile(rf" {_UNITS[locale]}(?!\w)", re.IGNORECASE) for locale in Locale}


def check(context: Context) -> Iterator[Finding]:
    """Yield numbers in words before a unit of time or money."""
    for prose in context.prose:
        if not _LIKELY[prose.locale].search(prose.text):
            continue
        for match in _PATTERNS[prose.locale].finditer(prose.text):
            yield prose.finding("number-word", words=match.group())
