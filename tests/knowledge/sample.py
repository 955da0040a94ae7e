# ruff: noqa: E501
"""A small knowledge folder without a single finding, for tests to break."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

TODAY = date(2026, 11, 24)

_NAMES = "{ru: Документы, ky: Документтер, tg: Ҳуҷҷатҳо, uz: Hujjatlar, uz_Cyrl: Ҳужжатлар, ro: Acte}"
_HELP = "{ru: Юрист, ky: Юрист, tg: Ҳуқуқшинос, uz: Yurist, uz_Cyrl: Юрист, ro: Jurist}"

_MOSCOW = "{ru: Москва, ky: Москва, tg: Москва, uz: Moskva, uz_Cyrl: Москва, ro: Moscova, said: [мск], lat: 55.76, lon: 37.62}"

_FACTS = """\
# Сроки и цены
registration_days:
  what: Срок постановки на учёт со дня въезда
  unit: day
  per: citizenship
  source: {title: "Закон о миграционном учёте", cite: "109-ФЗ, ст. 20", checked: 2026-11-22}
  check_by: 2027-02-22
  confidence: law
  values:
    2022-06-04: {KG: 30, TJ: 15, UZ: 15, MD: 7}
  units: {MD: working_day}
duty:  # пошлина
  what: Пошлина за выдачу
  unit: rub
  source: {title: "Налоговый кодекс", url: "https://example.org/duty", checked: 2026-11-22}
  check_by: 2027-02-22
  confidence: law
  values:
    2025-09-01: 4200
hotline_phone:
  what: Номер для жалоб
  unit: phone
  source: {title: "Приказ № 1", checked: 2026-11-22}
  check_by: 2027-02-22
  confidence: official
  values:
    2020-01-01: "+78007078841"
helpers_phone:
  what: Номер помощников
  unit: phone
  organisation: helpers
  source: {title: "Сайт example.org", checked: 2026-11-22}
  check_by: 2027-02-22
  confidence: official
  values:
    2020-01-01: "+74951234567"
patent_days:
  what: Срок подачи на патент
  unit: day
  per: citizenship
  source: {title: "Закон об иностранных гражданах", cite: "115-ФЗ", checked: 2026-11-22}
  check_by: 2027-02-22
  confidence: law
  values:
    2025-01-01: {TJ: 30, UZ: 30, MD: 30}
patent_price:
  what: Цена месяца
  unit: rub_month
  per: region
  source: {title: "Приказ № 2", checked: 2026-11-22}
  check_by: 2027-02-22
  confidence: official
  values:
    2026-01-01: {RU-MOW: 10000, RU-SPE: 8000, other: 6600}
"""

_ORGANISATIONS = """\
helpers:
  name: {ru: Помощники, ky: Жардамчылар, tg: Ёрирасонон, uz: Yordamchilar, uz_Cyrl: Ёрдамчилар, ro: Ajutoare}
  for:
    ru: Помогают с бумагами.
    ky: Кагаздар менен жардам беришет.
    tg: Бо ҳуҷҷатҳо кӯмак мекунанд.
    uz: Hujjatlar bilan yordam berishadi.
    uz_Cyrl: Ҳужжатлар билан ёрдам беришади.
    ro: Ajută cu actele.
  services: [legal_help]
  languages: [ru, ky]
  citizenships: []
  regions: [RU-MOW]
  address: {ru: "Москва, улица Мира"}
  location: {lat: 55.76, lon: 37.62}
  hours: {days: mo-fr, from: "10:00", to: "18:00"}
  cost: free
  phones: ["+74951234567"]
  links: ["https://example.org"]
  run_by: ngo
  source: {title: "Сайт example.org", checked: 2026-11-22}
  checked: 2026-11-22
  check_by: 2027-02-22
  confidence: high
far_helpers:
  name: {ru: Дальние, ky: Алыскылар, tg: Дурҳо, uz: Uzoqdagilar, uz_Cyrl: Узоқдагилар, ro: Cei de departe}
  for: {ru: Помогают., ky: Жардам., tg: Кӯмак., uz: Yordam., uz_Cyrl: Ёрдам., ro: Ajută.}
  services: [legal_help]
  regions: [RU-SPE]
  location: {lat: 59.94, lon: 30.32}
  hours: {all: true}
  cost: free
  phones: ["+78121234567"]
  run_by: ngo
  source: {title: "Сайт example.org", checked: 2026-11-22}
  checked: 2026-11-22
  check_by: 2027-02-22
  confidence: high
"""

_FLOW = f"""\
id: documents-check
version: 1
section: documents
topic: registration
title: {_NAMES}
start: late
steps:
  late: {{kind: yesno, text: {_NAMES}, next: end}}
outcomes:
  end:
    text: {_HELP}
    show: [{{article: patent}}, {{organisations: {{services: [legal_help], ids: [helpers]}}}}]
"""

_ANSWERS = """\
yes: {ru: [да]}
no: {ru: [нет]}
dont_know: {ru: [не знаю]}
skip: {ru: [пропустить]}
back: {ru: [назад]}
again: {ru: [сначала]}
human: {ru: [оператор]}
done: {ru: [готово]}
next: {ru: [дальше]}
negations: {ru: [не]}
citizenships: {KG: [кыргызстан]}
thousand: [тыс]
million: [млн]
roubles: [руб]
numbers: {ru: {один: 1}}
months: {1: [январь]}
days: {0: [сегодня]}
spans: {day: [день]}
ago: [назад]
ahead: [через]
"""

_RULES = """\
held:
  severity: urgent
  watched: false
  flow: documents-check
  call: [hotline_phone]
  organisations: [helpers]
  patterns: [меня держат]
  do:
""" + "".join(f"    {locale}: [Раз., Два., Три.]\n" for locale in ("ru", "ky", "tg", "uz", "uz_Cyrl", "ro"))


def _danger() -> str:
    """The lists of the real file cut to one entry each, and one rule."""
    real = (Path(__file__).parents[2] / "knowledge" / "lexicon" / "danger.yaml").read_text("utf-8")
    data = yaml.load(real, Loader=yaml.CSafeLoader)
    short = {key: value[:1] for key, value in data.items() if isinstance(value, list)}
    unless = {key: value[:1] for key, value in data["unless"].items()}
    whole = {"sets": {}, "unless": unless, **short, "rules": yaml.safe_load(_RULES)}
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, default_flow_style=None, width=200)


_DANGER = _danger()

_REGISTRATION = {
    "ru": ("Как встать на учёт", "Учёт", "Встаньте на учёт. Срок", "Хозяин подаёт бумагу.", "Госпошлина"),
    "ky": ("Каттоого кантип турам", "Каттоо", "Каттоого туруңуз. Мөөнөтү", "Үй ээси кагаз берет.", "Төлөм"),
    "tg": ("Чӣ тавр ба қайд истам", "Бақайдгирӣ", "Ба қайд истед. Мӯҳлат", "Соҳибхона ҳуҷҷат месупорад.", "Боҷ"),
    "uz": ("Qanday ro‘yxatga turaman", "Ro‘yxat", "Ro‘yxatga turing. Muddat", "Uy egasi qog‘oz beradi.", "To‘lov"),
    "uz_Cyrl": ("Қандай рўйхатга тураман", "Рўйхат", "Рўйхатга туринг. Муддат", "Уй эгаси қоғоз беради.", "Тўлов"),
    "ro": ("Cum mă înregistrez", "Înregistrare", "Înregistrați-vă. Termen", "Gazda depune actul.", "Taxa"),
}
_PATENT = {
    "ru": ("Как получить патент", "Патент", "Патент нужен для работы.", "Патент не нужен.", "Не покупайте патент."),
    "ky": ("Патент кантип алам", "Патент", "Иштөө үчүн патент керек.", "Патент керек эмес.", "Патент сатып албаңыз."),
    "tg": ("Патент чӣ тавр мегирам", "Патент", "Барои кор патент лозим.", "Патент лозим нест.", "Патент нахаред."),
    "uz": ("Patentni qanday olaman", "Patent", "Ishlash uchun patent kerak.", "Patent kerak emas.", "Sotib olmang."),
    "uz_Cyrl": ("Патентни қандай оламан", "Патент", "Ишлаш учун патент керак.", "Патент керак эмас.", "Сотиб олманг."),
    "ro": ("Cum obțin patenta", "Patentă", "Pentru muncă trebuie patentă.", "Nu e nevoie.", "Nu cumpărați patenta."),
}
_ASKS = ("один", "вопрос про бумаги", "где встать", "сколько ждать", "нет хозяина", "помогите срочно")


def folder() -> dict[str, str | bytes]:
    """Return the folder as files by path; it has no finding at all on TODAY."""
    made: dict[str, str | bytes] = {
        "sections.yaml": f"- id: documents\n  emoji: 📄\n  title: {_NAMES}\n  articles: [registration, patent, extra]\n",
        "services.yaml": f"legal_help: {_HELP}\n",
        "regions.yaml": (
            "short_list: [RU-MOW]\nregions:\n"
            f"  RU-MOW: {_MOSCOW}\n  RU-SPE: {_MOSCOW.replace('Москва', 'Питер').replace('55.76', '59.94')}\n"
        ),
        "facts/all.yaml": _FACTS,
        "organisations/all.yaml": _ORGANISATIONS,
        "lexicon/terms.yaml": (
            "patent:\n  official_ru: патент\n"
            "  use: {ru: патент, ky: патент, tg: патент, uz: patent, uz_Cyrl: патент, ro: patentă}\n"
            "  avoid: {ru: [пермит*]}\n  said: {ru: [разрешение]}\n"
        ),
        "lexicon/allowed_numbers.yaml": "patterns: ['\\d+-ФЗ']\n",
        "lexicon/phrases.yaml": (Path(__file__).parents[2] / "knowledge/lexicon/phrases.yaml").read_text("utf-8"),
        "lexicon/answers.yaml": _ANSWERS,
        "lexicon/danger.yaml": _DANGER,
        "flows/documents-check.yaml": _FLOW,
    }
    for article_id, other in (("registration", "patent"), ("patent", "registration")):
        made[f"articles/{article_id}/article.yaml"] = (
            f"id: {article_id}\nsection: documents\n"
            'sources:\n  - {title: "109-ФЗ", checked: 2026-11-22, strength: law}\n'
            "checked: 2026-11-22\ncheck_by: 2027-02-22\n"
            f"related: [extra, {other}]\nflow: documents-check\n"
            "turn_to: {organisations: [helpers], services: [legal_help]}\n"
        )
    for locale, (title, short, answer, step, fee) in _REGISTRATION.items():
        made[f"articles/registration/{locale}.yaml"] = (
            f"updated: 2026-11-20  # день перевода\ntitle: {title}\nshort: {short}\nasks:\n{_asks(locale, 'а')}"
            f"answer:\n  - '{answer}: {{registration_days}}.'\n  - '{fee}: {{duty}}.'\n"
            f"steps:\n  # первый шаг\n  - {step}\n  - '**{fee}** [example](https://example.org): {{hotline_phone}}'\n"
            f"where:\n  - '{{org:helpers}}: {{phone:helpers}}'\n"
        )
    for locale, (title, short, answer, not_needed, beware) in _PATENT.items():
        made[f"articles/patent/{locale}.yaml"] = (
            f"updated: 2026-11-20\ntitle: {title}\nshort: {short}\nasks:\n{_asks(locale, 'б')}answer:\n"
            f"  - text: {answer}\n    for: [TJ, UZ, MD]\n  - {{text: {not_needed}, for: [KG]}}\n"
            f"  - text: '{short}: {{patent_price}}.'\n    for: [TJ, UZ, MD]\n"
            f"beware:\n  - {beware}\n"
        )
    made.update(_extra())
    return made


def _extra() -> dict[str, str | bytes]:
    """A third article, so that two related ones can be named."""
    made: dict[str, str | bytes] = {
        "articles/extra/article.yaml": (
            "id: extra\nsection: documents\n"
            'sources:\n  - {title: "115-ФЗ", url: "https://example.org/115", checked: 2026-11-22}\n'
            "checked: 2026-11-22\ncheck_by: 2027-02-22\nrelated: [patent, registration]\n"
        )
    }
    words = {"ru": "Прочее", "ky": "Башка", "tg": "Дигар", "uz": "Boshqa", "uz_Cyrl": "Бошқа", "ro": "Altele"}
    for locale, word in words.items():
        made[f"articles/extra/{locale}.yaml"] = (
            f"updated: 2026-11-20\ntitle: {word}\nshort: {word}\nasks:\n{_asks(locale, 'в')}answer:\n  - {word}.\n"
        )
    return made


def _asks(locale: str, mark: str) -> str:
    return "".join(f"  - {ask} {mark * 3} {locale.lower()}\n" for ask in _ASKS)


def write(made: dict[str, str | bytes], place: Path) -> Path:
    """Write the folder to a disk and return its place."""
    for path, content in made.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place
