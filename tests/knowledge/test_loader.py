"""From files to knowledge: strictness, surprises of YAML, versions, memory, schemas."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editing.schemas import all_schemas, all_settings
from bot.knowledge.findings import read_key_path, write_key_path
from bot.knowledge.loader import Memory, parse
from bot.knowledge.yamlfile import parse_yaml
from bot.languages.locales import Locale
from bot.triage.models import ASKING

from .sample import TODAY, folder

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("on", "on"),
        ("YES", "YES"),
        ("10:30", "10:30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("007", "007"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("15", 15),
        ("-3", -3),
        ("14.25", 14.25),
        ("2026-11-24", date(2026, 11, 24)),
        ("2026-13-45", "2026-13-45"),
        ("'15'", "15"),
        ('"true"', "true"),
        ("+78007074703", 78007074703),
        ("тест: нет", None),
    ],
)
def test_only_plain_numbers_dates_and_true_false_are_more_than_text(written: str, read: object) -> None:
    parsed = parse_yaml(f"key: {written}\n", "x.yaml")
    if written == "тест: нет":
        assert parsed.findings[0].code == "bad-yaml"
    else:
        assert parsed.data == {"key": read}
        assert parsed.findings == ()


@pytest.mark.parametrize("hostile", ["[" * 100_000, "- " * 100_000, "a: &a [*a]", "\x00", "a: \x07", "--- a\n--- b\n"])
def test_hostile_files_are_findings(hostile: str) -> None:
    assert parse_yaml(hostile, "x.yaml").findings


@given(st.binary(max_size=300))
def test_any_bytes_give_data_or_a_finding(content: bytes) -> None:
    parsed = parse_yaml(content, "x.yaml")
    assert parsed.data is not None or parsed.findings


@given(st.lists(st.one_of(st.from_regex(r"[a-z_]+", fullmatch=True), st.integers(0, 99)), max_size=5))
def test_a_place_is_read_as_it_is_written(path: list[str | int]) -> None:
    assert read_key_path(write_key_path(tuple(path))) == tuple(path)


def test_the_version_changes_with_every_file_and_only_then() -> None:
    version = parse(folder()).partial.version
    assert len(version) == 8
    assert parse(dict(reversed(folder().items()))).partial.version == version
    for path, content in folder().items():
        changed = {**folder(), path: str(content) + "# note\n"}
        assert parse(changed).partial.version != version


def test_memory_reads_only_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, files = Memory(), folder()
    first = parse(files, memory).partial
    read: list[str] = []
    original = __import__("bot.knowledge.loader", fromlist=["read_file"]).read_file
    monkeypatch.setattr(
        "bot.knowledge.loader.read_file", lambda path, content: read.append(path) or original(path, content)
    )
    files["articles/extra/ru.yaml"] = str(files["articles/extra/ru.yaml"]).replace("Прочее", "Разное")
    del files["articles/extra/ro.yaml"]
    second = parse(files, memory).partial
    assert read == ["articles/extra/ru.yaml"]
    assert first.articles["extra"].texts.keys() - second.articles["extra"].texts.keys() == {"ro"}
    assert second.articles["extra"].texts[next(iter(second.articles["extra"].texts))] is not None


def test_a_folder_with_errors_is_not_served_but_can_be_looked_at() -> None:
    files = folder()
    files["articles/extra/ru.yaml"] = "updated: 2026-11-20\ntitle: 5\n"
    loaded = parse(files)
    assert loaded.knowledge is None
    assert "registration" in loaded.partial.articles


def test_committed_schemas_are_those_of_the_models() -> None:
    for name, text in all_schemas().items():
        committed = ROOT / "knowledge" / "schema" / name
        assert committed.read_text("utf-8") == text, f"run `hotline kb schema`: {name}"
    assert (ROOT / ".vscode" / "settings.json").read_text("utf-8") == all_settings()


def test_a_schema_knows_the_keys_the_limits_and_the_allowed_values() -> None:
    schemas = {name: json.loads(text) for name, text in all_schemas().items()}
    assert schemas["text.json"]["properties"]["title"]["maxLength"] == 60
    assert schemas["text.json"]["additionalProperties"] is False
    fact = schemas["facts.json"]["additionalProperties"]
    assert "id" not in fact["properties"]
    assert "working_day" in schemas["facts.json"]["$defs"]["Unit"]["enum"]
    assert "texts" not in schemas["article.json"]["properties"]
    named = json.loads(all_settings())["yaml.schemas"]
    assert {Path(place).name for place in named} == set(schemas)
    for patterns in named.values():
        assert all(any(ROOT.glob(pattern)) for pattern in patterns)


def test_the_schema_of_flows_knows_kinds_keys_and_short_ways_of_writing() -> None:
    schema = json.loads(all_schemas()["flow.json"])
    parts = schema["$defs"]
    assert set(parts["Step"]["properties"]["kind"]["enum"]) == ASKING | {"information", "branch", "calculate"}
    assert {"with", "ways", "remember"} <= parts["Step"]["properties"].keys()
    assert {"is", "is_not", "in", "all", "any", "not"} <= parts["Condition"]["properties"].keys()
    assert parts["Step"]["additionalProperties"] is parts["Outcome"]["additionalProperties"] is False
    assert {"type": "string"} in parts["Choice"]["anyOf"]
    assert schema["properties"]["version"]["maximum"] == 999
    assert parts["AllLocales"]["required"] == [locale.value for locale in Locale]


def test_others_are_given_to_the_rooms_that_understand_them() -> None:
    others = parse(folder()).others
    assert set(others) == {"flows/documents-check.yaml", "lexicon/answers.yaml", "lexicon/danger.yaml"}
    assert others["flows/documents-check.yaml"]["topic"] == "registration"
    assert TODAY.year == 2026
