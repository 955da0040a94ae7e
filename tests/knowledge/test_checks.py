# ruff: noqa: E501
"""Every mistake is found, with its place; a right folder gives no finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from bot.editing.whole import inspect_whole
from bot.knowledge.checks import inspect
from bot.knowledge.findings import Finding, Severity, codes

from .sample import TODAY, folder

Files = dict[str, str | bytes]


@dataclass(frozen=True)
class Mistake:
    """One mistake of an editor: in a file, `old` becomes `new`; what must be found, and where."""

    code: str
    file: str
    old: str
    new: str
    place: str | None = None
    found_in: str | None = None
    locale: str | None = None
    allowed: str | None = None

    def make(self, files: Files) -> None:
        content = files.get(self.file, "")
        assert isinstance(content, str)
        if self.old:
            assert content.count(self.old) >= 1, self
            files[self.file] = content.replace(self.old, self.new, 1)
        else:
            files[self.file] = content + self.new

    def is_found(self, findings: tuple[Finding, ...]) -> bool:
        return any(
            finding.code == self.code
            and finding.file == (self.found_in or self.file)
            and (self.place is None or finding.key_path == self.place)
            and (self.locale is None or finding.locale == self.locale)
            and (self.allowed is None or any(self.allowed in allowed for allowed in finding.allowed))
            for finding in findings
        )

    def __str__(self) -> str:
        return f"{self.code}-{self.file}-{self.place}"


RU, KY, UZ, RO = (f"articles/registration/{locale}.yaml" for locale in ("ru", "ky", "uz", "ro"))
TG, UZ_CYRL = (f"articles/registration/{locale}.yaml" for locale in ("tg", "uz_Cyrl"))
PATENT_RU, PATENT_KY, PATENT_RO = (f"articles/patent/{locale}.yaml" for locale in ("ru", "ky", "ro"))
EXTRA_RU, EXTRA_KY, EXTRA_UZ, EXTRA_RO = (f"articles/extra/{locale}.yaml" for locale in ("ru", "ky", "uz", "ro"))
COMMON, PATENT, EXTRA = (f"articles/{name}/article.yaml" for name in ("registration", "patent", "extra"))
FACTS, PLACES = "facts/all.yaml", "organisations/all.yaml"
STEP = "Хозяин подаёт бумагу."
DUTY_AGAIN = """\
duty:
  what: Ещё раз
  unit: rub
  source: {title: "Приказ № 3", checked: 2026-11-22}
  check_by: 2027-02-22
  confidence: law
  values: {2025-01-01: 1}
"""

MISTAKES = [
    # the file itself
    Mistake("bad-yaml", KY, "answer:\n", "answer: [\n"),
    Mistake("empty-file", "facts/none.yaml", "", "# nothing\n"),
    Mistake("tag-or-alias", "facts/tag.yaml", "", "x: !!python/object:os.system {}\n", "x"),
    Mistake("key-not-text", "facts/key.yaml", "", "? [a, b]\n: 1\n"),
    Mistake("duplicate-key", FACTS, "  unit: day\n", "  unit: day\n  unit: week\n", "registration_days.unit"),
    Mistake("unknown-file", "articles/registration/kz.yaml", "", "a: b\n", allowed="ky.yaml"),
    Mistake("unknown-file", "notes.yaml", "", "a: b\n", allowed="facts/*.yaml"),
    # keys and types
    Mistake("unknown-key", RU, "short:", "shrt:", "shrt", locale="ru", allowed="short"),
    Mistake("unknown-key", FACTS, "  check_by: 2027-02-22", "  chek_by: 2027-02-22", allowed="check_by"),
    Mistake("missing-key", RU, "short:", "shrt:", "short", locale="ru"),
    Mistake("missing-key", FACTS, '  source: {title: "Приказ № 1", checked: 2026-11-22}\n', "", "hotline_phone.source"),
    Mistake("key-by-place", FACTS, "  unit: phone", "  id: x\n  unit: phone", "hotline_phone.id"),
    Mistake("wrong-type", RU, "updated: 2026-11-20", "updated: 20 ноября", "updated", locale="ru"),
    Mistake("wrong-type", RU, "answer:\n", "answer: один\nbeware:\n", "answer"),
    Mistake("not-allowed", FACTS, "unit: rub\n", "unit: euro\n", "duty.unit", allowed="rub_month"),
    Mistake("not-allowed", COMMON, "id: registration", "id: registration\nseverity: high", "severity", allowed="urgent"),
    Mistake("wrong-form", PLACES, '"+74951234567"', '"8 495 123-45-67"', "helpers.phones[1]", allowed="+7"),
    Mistake("wrong-form", PLACES, '["https://example.org"]', '["example.org"]', "helpers.links[1]", allowed="https"),
    Mistake("wrong-form", PLACES, 'from: "10:00"', "from: '10 утра'", "helpers.hours.from", allowed="09:00"),
    Mistake("empty-value", RU, "title: Как встать на учёт", "title: ''", "title"),
    Mistake("bad-value", "lexicon/allowed_numbers.yaml", "patterns: [", "patterns: ['(', ", "patterns[1]"),
    Mistake("bad-id", FACTS, "hotline_phone:\n", "Hotline-Phone:\n", "Hotline-Phone"),
    Mistake("duplicate-id", "facts/more.yaml", "", DUTY_AGAIN, "duty"),
    Mistake("id-not-folder", COMMON, "id: registration", "id: registracia", "id", allowed="registration"),
    # facts
    Mistake("fact-not-per", FACTS, "2025-09-01: 4200", "2025-09-01: {KG: 4200}", "duty.values.2025-09-01"),
    Mistake("fact-needs-keys", FACTS, "{KG: 30, TJ: 15, UZ: 15, MD: 7}", "30", "registration_days.values.2022-06-04"),
    Mistake("fact-wrong-key", FACTS, "MD: 7}", "MDA: 7}", "registration_days.values.2022-06-04.MDA", allowed="MD"),
    Mistake("fact-wrong-value", FACTS, '"+78007078841"', "88007078841", "hotline_phone.values.2020-01-01"),
    Mistake("fact-wrong-value", FACTS, "4200", "около тысячи", "duty.values.2025-09-01"),
    Mistake("fact-units-without-per", FACTS, "  unit: rub\n", "  unit: rub\n  units: {KG: usd}\n", "duty.units"),
    Mistake("key-forgotten", FACTS, "MD: 7}\n", "MD: 7}\n    2026-01-01: {KG: 30}\n"),
    Mistake("unit-without-value", FACTS, "units: {MD: working_day}", "units: {other: day}", "registration_days.units.other"),
    # links
    Mistake("unknown-article", COMMON, "related: [extra, patent]", "related: [extra, patnet]", "related[2]", allowed="patent"),
    Mistake("unknown-article", "sections.yaml", "patent, extra]", "patent, extra, gone]", "[1].articles[4]"),
    Mistake("unknown-section", COMMON, "section: documents", "section: papers", "section", allowed="documents"),
    Mistake("unknown-organisation", COMMON, "[helpers]", "[helper]", "turn_to.organisations[1]", allowed="helpers"),
    Mistake("unknown-organisation", RU, "{org:helpers}", "{org:nobody}", "where[1]", locale="ru"),
    Mistake("unknown-service", PLACES, "services: [legal_help]", "services: [legal]", "helpers.services[1]"),
    Mistake("unknown-flow", COMMON, "flow: documents-check", "flow: document-check", "flow", allowed="documents-check"),
    Mistake("unknown-fact", RU, "{duty}", "{dutty}", "answer[2]", locale="ru", allowed="duty"),
    Mistake("unknown-region", FACTS, "RU-SPE: 8000", "RU-PIT: 8000", "patent_price.values.2026-01-01.RU-PIT"),
    Mistake("unknown-language", PLACES, "languages: [ru, ky]", "languages: [ru, kg]", "helpers.languages[2]", allowed="ky"),
    Mistake("related-repeats", COMMON, "[extra, patent]", "[extra, registration]", "related"),
    Mistake("related-count", COMMON, "[extra, patent]", "[extra]", "related"),
    Mistake("in-two-sections", "sections.yaml", "patent, extra]", "patent, extra, patent]", "[1].articles[4]"),
    Mistake("unreachable-article", "sections.yaml", "patent, extra]", "patent]", found_in=EXTRA),
    Mistake("other-section", EXTRA, "section: documents", "section: work", "section"),
    Mistake("placeholder-in-title", RU, "title: Как встать на учёт", "title: 'Плати {duty}'", "title"),
    # completeness and dates
    Mistake("missing-article-file", "articles/lonely/ru.yaml", "", "updated: 2026-11-20\n", found_in="articles/lonely/article.yaml"),
    Mistake("stale-text", RU, "updated: 2026-11-20", "updated: 2026-11-23", "updated", found_in=KY, locale="ky"),
    Mistake("date-in-future", RU, "updated: 2026-11-20", "updated: 2026-12-20", "updated"),
    Mistake("date-in-future", COMMON, "\nchecked: 2026-11-22", "\nchecked: 2027-01-22", "checked"),
    Mistake("check-by-before-checked", COMMON, "check_by: 2027-02-22", "check_by: 2026-02-22", "check_by"),
    Mistake("past-check-by", COMMON, "\nchecked: 2026-11-22\ncheck_by: 2027-02-22", "\nchecked: 2026-08-22\ncheck_by: 2026-11-23"),
    Mistake("period-turned-round", PATENT_RU, "for: [KG]", "for: [KG], from: 2027-02-01, until: 2027-01-01", "answer[2].text"),
    Mistake("block-expired", PATENT_RU, "for: [KG]", "for: [KG], until: 2026-11-23", "answer[2].text"),
    Mistake("empty-for", PATENT_RU, "for: [KG]", "for: [KG], until: 2026-11-23", "answer", locale="ru"),
    # numbers
    Mistake("digits-in-prose", RU, STEP, "Подайте бумагу за 7 дней.", "steps[1]", locale="ru"),
    Mistake("digits-in-prose", PLACES, "ru: Помогают с бумагами.", "ru: С 9 до 18.", "helpers.for.ru"),
    Mistake("phone-in-prose", RU, STEP, "Позвоните +7 800 707-88-41.", "steps[1]"),
    Mistake("phone-in-prose", KY, "Үй ээси кагаз берет.", "8 (800) 707-88-41 чалыңыз.", "steps[1]", locale="ky"),
    Mistake("number-word", RU, STEP, "Подайте за семь рабочих дней.", "steps[1]", locale="ru"),
    Mistake("number-word", KY, "Үй ээси кагаз берет.", "Он беш күн ичинде бериңиз.", "steps[1]", locale="ky"),
    Mistake("number-word", TG, "Соҳибхона ҳуҷҷат месупорад.", "Дар даҳ рӯз супоред.", "steps[1]", locale="tg"),
    Mistake("number-word", UZ, "Uy egasi qog‘oz beradi.", "O‘n besh kun ichida bering.", "steps[1]", locale="uz"),
    Mistake("number-word", UZ_CYRL, "Уй эгаси қоғоз беради.", "Ўн беш кун ичида беринг.", "steps[1]", locale="uz_Cyrl"),
    Mistake("number-word", RO, "Gazda depune actul.", "Depuneți în șapte zile.", "steps[1]", locale="ro"),
    # placeholders
    Mistake("lonely-brace", RU, "{duty}", "{duty", "answer[2]"),
    Mistake("bad-placeholder", RU, "{duty}", "{Duty fee}", "answer[2]", allowed="{fact_id}"),
    Mistake("organisation-without-phone", PLACES, 'phones: ["+74951234567"]', "phones: []", "where[1]", found_in=RU),
    Mistake("fact-not-yet", FACTS, "2025-09-01: 4200", "2027-01-01: 4200", "answer[2]", found_in=RU),
    Mistake("fact-without-citizenship", PATENT_RU, "Патент не нужен.", "'Срок: {patent_days}.'", "answer[2].text"),
    Mistake("list-in-sentence", RU, "Срок: {registration_days}.", "Срок {registration_days} со дня въезда.", "answer[1]"),
    # structure
    Mistake("block-count-differs", KY, "  - 'Төлөм: {duty}.'\n", "", "answer", locale="ky"),
    Mistake("block-scope-differs", PATENT_KY, "for: [KG]", "for: [TJ]", "answer[2]", locale="ky"),
    Mistake("placeholder-lost", KY, "Төлөм: {duty}.", "Төлөм.", "answer[2]", locale="ky"),
    Mistake("placeholder-added", KY, "Үй ээси кагаз берет.", "'Кагаз: {duty}.'", "steps[1]", locale="ky"),
    # lengths and questions
    Mistake("too-long", RU, "short: Учёт", "short: Учёт по месту пребывания иностранного гражданина", "short"),
    Mistake("too-long", RU, STEP, "Хозяин подаёт бумагу. " * 12, "steps[1]"),
    Mistake("too-many", RU, f"  - {STEP}\n", f"  - {STEP}\n" * 9, "steps"),
    Mistake("too-few-asks", RU, "  - один ааа ru\n", "", "asks"),
    Mistake("ask-repeats", KY, "где встать ааа ky", "Один, ААА ky!", "asks[3]", locale="ky"),
    Mistake("ask-elsewhere", EXTRA_RU, "один ввв ru", "один ааа ru", "asks[1]", found_in=RU),
    # words and letters
    Mistake("avoided-word", RU, STEP, "Хозяин подаёт пермиты.", "steps[1]", locale="ru", allowed="патент"),
    Mistake("two-alphabets", RU, STEP, "Хoзяин подаёт бумагу.", "steps[1]"),
    Mistake("two-alphabets", RO, "Gazda depune", "Gаzda depune", "steps[1]", locale="ro"),
    Mistake("cedilla", RO, "Gazda depune actul.", "Gazda îşi depune actul.", "steps[1]", locale="ro", allowed="ș"),
    Mistake("wrong-apostrophe", UZ, "qog‘oz", "qog'oz", "steps[1]", locale="uz"),
    # markup and sources
    Mistake("bad-link", RU, "[example](https://example.org)", "[example](example.org)", "steps[2]"),
    Mistake("raw-link", RU, "[example](https://example.org)", "https://example.org", "steps[2]"),
    Mistake("insecure-link", RU, "https://example.org", "http://example.org", "steps[2]"),
    Mistake("insecure-link", PLACES, '"https://example.org"', '"http://example.org"', "helpers.links[1]"),
    Mistake("html-tag", RU, STEP, "<b>Хозяин</b> подаёт.", "steps[1]"),
    Mistake("stray-mark", RU, STEP, "'*Хозяин* подаёт.'", "steps[1]"),
    Mistake("markup-in-title", RU, "title: Как встать на учёт", "title: '**Как** встать'", "title"),
    Mistake("line-break-in-text", RU, f"- {STEP}", '- "Хозяин\\nподаёт."', "steps[1]"),
    Mistake("stray-space", RU, STEP, "Хозяин  подаёт.", "steps[1]"),
    Mistake("source-not-findable", EXTRA, 'title: "115-ФЗ", url: "https://example.org/115"', "title: Слышали"),
    Mistake("phone-differs", FACTS, '"+74951234567"', '"+74951234568"', "helpers_phone.organisation", allowed="+74951234567"),
    Mistake("phone-differs", PLACES, '"+74951234567"', '"+74951234568"', "helpers_phone.organisation", found_in=FACTS),
    Mistake("phone-without-owner", FACTS, "  organisation: helpers\n", "", "helpers_phone", allowed="helpers"),
    Mistake("phone-without-owner", FACTS, '"+78007078841"', '"+78121234567"', "hotline_phone", allowed="far_helpers"),
    Mistake("organisation-of-no-phone", FACTS, "unit: rub\n", "unit: rub\n  organisation: helpers\n", "duty.organisation"),
    Mistake("unknown-organisation", FACTS, "organisation: helpers", "organisation: helper", "helpers_phone.organisation", allowed="helpers"),
    Mistake("no-contact", PLACES, 'phones: ["+78121234567"]', "phones: []", "far_helpers"),
]  # fmt: skip


def made_by(*mistakes: Mistake) -> Files:
    files = folder()
    for mistake in mistakes:
        mistake.make(files)
    return files


def test_a_right_folder_has_no_finding() -> None:
    inspection = inspect_whole(folder(), TODAY)
    assert [finding.line_of_text() for finding in inspection.findings] == []
    assert inspection.knowledge is not None
    assert set(inspection.knowledge.articles) == {"registration", "patent", "extra"}


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_found_with_its_place(mistake: Mistake) -> None:
    findings = inspect(made_by(mistake), TODAY).findings
    assert mistake.is_found(findings), [finding.line_of_text() for finding in findings]
    for finding in findings:
        assert finding.text("ru") != finding.text("en")


def drop(path: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        del files[path]

    return change


def put(path: str, content: str | bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[path] = content

    return change


OTHER = [
    ("missing-locale", "articles/extra/tg.yaml", drop("articles/extra/tg.yaml")),
    ("missing-file", "lexicon/phrases.yaml", drop("lexicon/phrases.yaml")),
    ("missing-file", "sections.yaml", drop("sections.yaml")),
    ("not-utf8", "facts/old.yaml", put("facts/old.yaml", "что: да".encode("cp1251"))),
    ("file-too-big", "facts/big.yaml", put("facts/big.yaml", b"#" * 600_000)),
]


@pytest.mark.parametrize(("code", "file", "change"), OTHER)
def test_a_wrong_file_is_found(code: str, file: str, change: Callable[[Files], None]) -> None:
    files = folder()
    change(files)
    assert (code, file) in {(finding.code, finding.file) for finding in inspect(files, TODAY).findings}


SEARCH_WORDS = [
    ("lexicon/concepts.yaml", "wage: {ru: [зарплат*], ky: айлык}", "wage.ky", "list"),
    ("lexicon/concepts.yaml", "wage: [зарплат*]", "wage", "mapping"),
    ("lexicon/concepts.yaml", "wage: {ru: [5]}", "wage.ru[1]", "text"),
    ("lexicon/concepts.yaml", "wage: {kg: [айлык]}", "wage.kg", "ky"),
    ("lexicon/smalltalk.yaml", "hallo: {ru: [привет]}", "hallo", "greeting"),
    ("lexicon/off_topic.yaml", "ru: {a: погода}", "ru", "list"),
    ("lexicon/off_topic.yaml", "ru: [какая погода, 2027]", "ru[2]", "text"),
    ("lexicon/off_topic.yaml", "[погода]", "", "mapping"),
]


@pytest.mark.parametrize(("file", "content", "place", "needed"), SEARCH_WORDS)
def test_words_of_the_search_that_it_cannot_read_are_found(file: str, content: str, place: str, needed: str) -> None:
    findings = inspect({**folder(), file: content}, TODAY).findings
    assert [(finding.file, finding.key_path) for finding in findings] == [(file, place)]
    assert needed in findings[0].line_of_text()


def test_every_finding_that_has_words_has_a_bad_sample() -> None:
    of_other_rooms = {"cannot-be-used", "id-not-file", "unknown-letter", "unknown-danger", "danger-no-phone"}
    of_flows = {code for code in codes() if code.startswith("flow-")}
    assert codes() - of_other_rooms - of_flows == {mistake.code for mistake in MISTAKES} | {
        code for code, _, _ in OTHER
    }


FLOW, DANGER = "flows/documents-check.yaml", "lexicon/danger.yaml"
BEYOND_ARTICLES = [
    Mistake("unknown-article", FLOW, "topic: registration", "topic: registrations", "topic", allowed="registration"),
    Mistake("unknown-article", FLOW, "article: patent", "article: permit", "outcomes.end.show[1].article"),
    Mistake("missing-key", FLOW, "ky: Юрист, ", "", "outcomes.end.text.ky"),
    Mistake("flow-unknown-way", FLOW, "next: end", "next: ende", "steps.late", allowed="end"),
    Mistake("unknown-organisation", PLACES, "helpers:\n", "halpers:\n", found_in=FLOW, allowed="halpers"),
    Mistake("unknown-organisation", PLACES, "helpers:\n", "halpers:\n", found_in=DANGER, allowed="halpers"),
    Mistake("unknown-flow", FLOW, "id: documents-check", "id: documents", "rules.held.flow", found_in=DANGER),
    Mistake("unknown-fact", FACTS, "hotline_phone:", "hot_phone:", "rules.held.call[1]", found_in=DANGER),
    Mistake("danger-no-phone", DANGER, "call: [hotline_phone]", "call: [duty]", "rules.held.call[1]", allowed="hotline_phone"),
    Mistake("danger-no-phone", PLACES, 'phones: ["+74951234567"]', "phones: []", "rules.held.organisations[1]", found_in=DANGER),
    Mistake("bad-yaml", FLOW, "steps:", "steps: ["),
    Mistake("not-allowed", DANGER, "severity: urgent", "severity: huge", "rules.held.severity", allowed="urgent"),
]  # fmt: skip


@pytest.mark.parametrize("mistake", BEYOND_ARTICLES, ids=str)
def test_a_mistake_in_flows_and_danger_is_found_by_the_check_of_the_whole(mistake: Mistake) -> None:
    findings = inspect_whole(made_by(mistake), TODAY).findings
    assert mistake.is_found(findings), [finding.line_of_text() for finding in findings]
    assert len({finding.line_of_text() for finding in findings}) == len(findings)
    for finding in findings:
        assert finding.line > 0
        assert finding.text("ru") != finding.text("en")


def test_mistakes_of_all_rooms_are_found_in_one_run() -> None:
    articles = [mistake for mistake in MISTAKES if str(mistake) in TOGETHER]
    flows = [mistake for mistake in BEYOND_ARTICLES if mistake.code != "bad-yaml" and mistake.file in (FLOW, DANGER)]
    chosen = [*articles, *(mistake for mistake in flows if mistake.code in ("flow-unknown-way", "danger-no-phone"))]
    findings = inspect_whole(made_by(*chosen), TODAY).findings
    assert [str(mistake) for mistake in chosen if not mistake.is_found(findings)] == []


def test_thirty_mistakes_are_found_in_one_run() -> None:
    """One folder, one run, thirty different mistakes of one evening: each is found at its place."""
    chosen = [mistake for mistake in MISTAKES if str(mistake) in TOGETHER]
    assert len({mistake.code for mistake in chosen}) >= 30
    findings = inspect(made_by(*chosen), TODAY).findings
    missed = [str(mistake) for mistake in chosen if not mistake.is_found(findings)]
    assert missed == []
    assert all(finding.line > 0 for finding in findings if finding.file in made_by(*chosen) and finding.path)


TOGETHER = {
    "unknown-file-articles/registration/kz.yaml-None",
    "empty-file-facts/none.yaml-None",
    "tag-or-alias-facts/tag.yaml-x",
    "duplicate-key-facts/all.yaml-registration_days.unit",
    "bad-value-lexicon/allowed_numbers.yaml-patterns[1]",
    "duplicate-id-facts/more.yaml-duty",
    "unknown-section-articles/registration/article.yaml-section",
    "unknown-organisation-articles/registration/article.yaml-turn_to.organisations[1]",
    "unknown-article-articles/registration/article.yaml-related[2]",
    "unknown-flow-articles/registration/article.yaml-flow",
    "check-by-before-checked-articles/registration/article.yaml-check_by",
    "unknown-service-organisations/all.yaml-helpers.services[1]",
    "unknown-language-organisations/all.yaml-helpers.languages[2]",
    "insecure-link-organisations/all.yaml-helpers.links[1]",
    "digits-in-prose-organisations/all.yaml-helpers.for.ru",
    "unknown-region-facts/all.yaml-patent_price.values.2026-01-01.RU-PIT",
    "in-two-sections-sections.yaml-[1].articles[4]",
    "missing-article-file-articles/lonely/ru.yaml-None",
    "other-section-articles/extra/article.yaml-section",
    "source-not-findable-articles/extra/article.yaml-None",
    "unknown-fact-articles/registration/ru.yaml-answer[2]",
    "too-long-articles/registration/ru.yaml-short",
    "list-in-sentence-articles/registration/ru.yaml-answer[1]",
    "two-alphabets-articles/registration/ru.yaml-steps[1]",
    "raw-link-articles/registration/ru.yaml-steps[2]",
    "number-word-articles/registration/ky.yaml-steps[1]",
    "block-count-differs-articles/registration/ky.yaml-answer",
    "ask-repeats-articles/registration/ky.yaml-asks[3]",
    "wrong-apostrophe-articles/registration/uz.yaml-steps[1]",
    "cedilla-articles/registration/ro.yaml-steps[1]",
    "block-scope-differs-articles/patent/ky.yaml-answer[2]",
    "fact-without-citizenship-articles/patent/ru.yaml-answer[2].text",
    "period-turned-round-articles/patent/ru.yaml-answer[2].text",
    "ask-elsewhere-articles/extra/ru.yaml-asks[1]",
}


def test_the_line_is_the_line_of_the_place() -> None:
    files = made_by(Mistake("digits-in-prose", RU, STEP, "Подайте за 7 дней."))
    finding = next(finding for finding in inspect(files, TODAY).findings if finding.code == "digits-in-prose")
    lines = str(files[RU]).splitlines()
    assert lines[finding.line - 1] == "  - Подайте за 7 дней."
    assert finding.line_of_text("ru").startswith(f"{RU}:{finding.line} steps[1] [ru] В тексте стоит число 7")


def test_a_finding_about_a_broken_file_names_its_line() -> None:
    files = folder()
    files[RU] = "updated: 2026-11-20\ntitle: Кто: где\n"
    finding = next(finding for finding in inspect(files, TODAY).findings if finding.file == RU)
    assert (finding.code, finding.line) == ("bad-yaml", 2)


@pytest.mark.parametrize(
    "text",
    [
        "По закону 109-ФЗ.",
        "Один раз в жизни.",
        "Хозяин подаёт бумагу: {duty|n} рублей.",
        "Сайт [мвд.рф](https://мвд.рф/24) отвечает.",
        "Позвоните **{hotline_phone}**.",
        "Три вещи: паспорт, карта, чек.",
    ],
)
def test_good_prose_gives_no_finding(text: str) -> None:
    files = folder()
    for locale in ("ru", "ky", "tg", "uz", "uz_Cyrl", "ro"):
        path = f"articles/extra/{locale}.yaml"
        files[path] = str(files[path]) + f"beware:\n  - '{text}'\n"
    assert [finding.line_of_text() for finding in inspect(files, TODAY).findings] == []


def test_only_time_makes_warnings_so_a_running_bot_is_not_stopped_by_a_date() -> None:
    later = TODAY.replace(year=TODAY.year + 2)
    inspection = inspect(folder(), later)
    assert {finding.code for finding in inspection.findings} == {"past-check-by"}
    assert inspection.knowledge is not None


def test_a_phone_that_names_no_owner_is_still_right() -> None:
    found = inspect(made_by(Mistake("x", FACTS, "  organisation: helpers\n", "")), TODAY).findings
    assert [(each.code, each.severity) for each in found] == [("phone-without-owner", Severity.WARNING)]


def test_a_phone_that_changes_on_a_planned_day_warns_and_does_not_stop_the_bot() -> None:
    change = Mistake(
        "phone-differs",
        FACTS,
        '2020-01-01: "+74951234567"',
        '2020-01-01: "+74951234567"\n    2027-01-01: "+74957654321"',
    )
    assert inspect(made_by(change), TODAY).findings == ()
    later = [each for each in inspect(made_by(change), date(2027, 1, 1)).findings if each.code == "phone-differs"]
    assert [each.severity for each in later] == [Severity.WARNING]


def test_a_broken_fact_is_one_finding_not_one_for_every_text_that_names_it() -> None:
    files = made_by(Mistake("not-allowed", FACTS, "unit: rub\n", "unit: euro\n"))
    assert [finding.code for finding in inspect(files, TODAY).findings] == ["not-allowed"]


def test_a_broken_article_is_one_finding_not_one_for_every_link_to_it() -> None:
    files = made_by(Mistake("unknown-key", EXTRA, "section:", "sektion:"))
    assert {finding.file for finding in inspect(files, TODAY).findings} == {EXTRA}


def test_a_wrong_item_is_one_finding_and_its_list_is_not_called_empty() -> None:
    files = made_by(Mistake("empty-value", EXTRA_RU, "- Прочее.", "- ''"))
    findings = inspect(files, TODAY).findings
    assert [(finding.code, finding.key_path) for finding in findings] == [("empty-value", "answer[1]")]
    assert findings[0].text("ru") == "«answer» пусто."
