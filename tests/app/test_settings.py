"""Every wrong or missing setting is named, with what was found and what is allowed; every setting is explained."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from bot.errors import BadSettings
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.yaml"
SECRETS = {"telegram.token", "telegram.webhook.secret", "secret_key"}
"""Settings that come only from the environment; the head of the example names them."""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest environment in which the example starts."""
    monkeypatch.setenv("HOTLINE_TELEGRAM__TOKEN", "123456:ABC-DEF")


def write(folder: Path, changes: dict[str, Any]) -> Path:
    """Write the example with changes; keys are paths with dots, None takes a setting out."""
    settings = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    for path, value in changes.items():
        *parents, last = path.split(".")
        place = settings
        for part in parents:
            place = place[int(part)] if part.isdigit() else place.setdefault(part, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
    return path


def complaint(path: Path | None) -> str:
    """Return what the hotline says about settings that it refuses."""
    with pytest.raises(BadSettings) as caught:
        load_settings(path)
    return str(caught.value)


# -- the example ------------------------------------------------------------------------------------------------------


def fields(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Return the paths of all settings of a model."""
    for name, info in model.model_fields.items():
        inner = _models(info.annotation)
        if not inner:
            yield f"{prefix}{name}"
        for part in inner:
            yield from fields(part, f"{prefix}{name}.")


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in typing.get_args(annotation) for model in _models(part)]


def explained() -> dict[str, Any]:
    """Return the example with everything in it that stands behind a `#`, and nothing of the explanations."""
    known = {part for path in fields(Settings) for part in path.split(".")}
    lines = []
    for line in EXAMPLE.read_text("utf-8").splitlines():
        bare = re.sub(r"^( *)# ((?:  )*[a-z_]+:(?: \S+)?)(?:  +#.*)?$", r"\1\2", line)
        if bare != line and bare.strip().split(":")[0] not in known:
            bare = line
        lines.append(bare)
    made: dict[str, Any] = yaml.safe_load("\n".join(lines))
    return made


def paths(tree: Any, prefix: str = "") -> Iterator[str]:
    for name, value in tree.items():
        value = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        if isinstance(value, dict):
            yield from paths(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def test_the_example_has_every_setting_and_no_other() -> None:
    assert set(paths(explained())) == set(fields(Settings)) - SECRETS


def test_the_head_of_the_example_names_the_secrets() -> None:
    head = EXAMPLE.read_text("utf-8").split("\n\n")
    for secret in SECRETS:
        assert "HOTLINE_" + secret.upper().replace(".", "__") in "".join(head[:3])


def test_every_setting_of_the_example_has_words() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    names = {path.split(".")[-1] for path in fields(Settings)}
    for number, line in enumerate(lines):
        setting = re.match(r"^ *(?:# )?(?:  )*(?:- )?([a-z_]+): \S", line)
        if setting and setting[1] in names and "#" not in line.lstrip("# "):
            block = [each for each in lines[max(0, number - 8) : number] if each.strip().startswith("#")]
            assert block, f"nothing explains line {number + 1}: {line}"


def test_the_example_starts() -> None:
    settings = load_settings(EXAMPLE)
    assert settings.desks[0].key == "main"
    assert settings.telegram.mode == "polling"


def test_the_example_shows_the_defaults(tmp_path: Path) -> None:
    bare = tmp_path / "bare.yaml"
    example = load_settings(EXAMPLE)
    bare.write_text(yaml.safe_dump({"desks": [{"key": "main", "name": "Main desk", "chat": -1001111111111}]}))
    assert load_settings(bare) == example


# -- wrong settings ---------------------------------------------------------------------------------------------------

WRONG: list[tuple[str, Any, list[str]]] = [
    ("telegram.api_base", "api.telegram.org", ["found 'api.telegram.org'", "https?://"]),
    ("telegram.mode", "push", ["found 'push'", "'polling' or 'webhook'"]),
    ("telegram.mode", "webhook", ["telegram", "url and secret"]),
    ("telegram.admin_chat", "me", ["found 'me'", "integer"]),
    ("telegram.editors_chat", [1], ["found [1]", "integer"]),
    ("telegram.webhook", {"url": "ftp://x"}, ["telegram.webhook.url", "found 'ftp://x'", "https?://"]),
    ("telegram.webhook", {"url": "https://x"}, ["telegram.webhook.secret", "HOTLINE_TELEGRAM__WEBHOOK__SECRET"]),
    ("telegram.webhook", {"url": "https://x", "port": 70000}, ["telegram.webhook.port", "found 70000", "65535"]),
    ("telegram.webhook", {"url": "https://x", "path": "hook"}, ["telegram.webhook.path", "found 'hook'", "^/"]),
    ("desks", [], ["found []", "at least 1"]),
    ("desks.0.key", "Main Desk", ["found 'Main Desk'", "[a-z]"]),
    ("desks.0.chat", 1001111111111, ["found 1001111111111", "less than 0"]),
    ("desks.0.locale", "en", ["found 'en'", "'uz_Cyrl'"]),
    ("desks.0.languages", ["uz_Cyrl"], ["found 'uz_Cyrl'", "'uz'"]),
    ("desks.0.name", None, ["missing"]),
    ("desks.0.color", "red", ["no such setting"]),
    ("database", "mysql://root:pass-word@host/db", ["sqlite|postgresql"]),
    ("knowledge", 5, ["found 5", "path"]),
    ("limits.overall_per_second", 0, ["found 0", "greater than 0"]),
    ("limits.private_per_second", 1000, ["found 1000", "100"]),
    ("limits.private_burst", 0.5, ["found 0.5", "integer"]),
    ("limits.group_per_minute", "many", ["found 'many'", "number"]),
    ("retention.closed_cases", 0, ["found 0", "1"]),
    ("retention.searches", "never", ["found 'never'", "integer"]),
    ("web.port", -1, ["found -1", "0"]),
    ("log_level", "loud", ["found 'loud'", "'debug', 'info', 'warning' or 'error'"]),
    ("tokn", "x", ["no such setting", "config.example.yaml"]),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG, ids=[f"{name}={value}" for name, value, _ in WRONG])
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: Any, words: list[str]) -> None:
    said = complaint(write(tmp_path, {name: value}))
    assert name.partition(".")[0] in said
    if not isinstance(value, dict) and value != "webhook":
        assert f"{name}:" in said or f"{name}." in said
    for each in words:
        assert each in said
    assert "pydantic" not in said


def test_all_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    said = complaint(write(tmp_path, {"log_level": "loud", "web.port": -1, "desks.0.chat": 5})).splitlines()
    assert len(said) == 3


def test_two_desks_need_different_keys(tmp_path: Path) -> None:
    desk = {"key": "main", "name": "A"}
    said = complaint(write(tmp_path, {"desks": [{**desk, "chat": -1}, {**desk, "chat": -2}]}))
    assert "desks" in said
    assert "a key of its own" in said


@pytest.mark.parametrize("variable", ["HOTLINE_TELEGRAM__TOKEN"])
def test_a_missing_secret_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.delenv(variable)
    assert variable in complaint(EXAMPLE)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("HOTLINE_TELEGRAM__TOKEN", "no-token-7788"), ("HOTLINE_TELEGRAM__WEBHOOK__SECRET", "short-7788")],
)
def test_a_wrong_secret_is_never_repeated(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, tmp_path: Path
) -> None:
    monkeypatch.setenv(variable, value)
    said = complaint(write(tmp_path, {"telegram.webhook": {"url": "https://x"}}))
    assert variable.removeprefix("HOTLINE_").lower().replace("__", ".") in said
    assert "7788" not in said


def test_the_password_of_a_database_is_never_repeated(tmp_path: Path) -> None:
    assert "pass-word" not in complaint(write(tmp_path, {"database": "mysql://root:pass-word@host/db"}))


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_in_the_file_is_refused(tmp_path: Path, name: str) -> None:
    said = complaint(write(tmp_path, {name: "1234:secret-of-many-letters"}))
    assert name in said
    assert "HOTLINE_" + name.upper().replace(".", "__") in said
    assert "secret-of-many-letters" not in said


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_TELEGRAM__API_BASE", "http://127.0.0.1:9")
    monkeypatch.setenv("HOTLINE_LOG_LEVEL", "error")
    settings = load_settings(EXAMPLE)
    assert settings.telegram.api_base == "http://127.0.0.1:9"
    assert settings.log_level == "error"
    monkeypatch.setenv("HOTLINE_LOG_LEVEL", "loud")
    assert "log_level" in complaint(EXAMPLE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"telegram: [", ["line", "YAML"]),
        (b"- a\n- b\n", ["mapping"]),
        (b"just words", ["mapping"]),
        (b"\xff\xfe\x00", ["UTF-8"]),
        (b"", ["desks: missing"]),
    ],
)
def test_a_file_that_is_no_settings_is_explained(tmp_path: Path, content: bytes, words: list[str]) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    said = complaint(path)
    for each in words:
        assert each in said


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    assert "cannot be read" in complaint(tmp_path / "nothing.yaml")
    assert "config.example.yaml" in complaint(tmp_path / "nothing.yaml")
