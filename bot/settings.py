"""Settings: `config.yaml` and the environment. Secrets come only from the environment or from files.

Each value is explained in `config.example.yaml`; a test keeps the two together. `HOTLINE_TELEGRAM__TOKEN` in the
environment sets `telegram.token`, and so on for every setting.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import BadSettings
from bot.languages.locales import Locale

_SECRETS: Final = (("telegram", "token"), ("telegram", "webhook", "secret"), ("secret_key",))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WebhookSettings(_Part):
    """How Telegram reaches the hotline when it does not poll."""

    url: str = Field(pattern=r"^https?://", description="public address that Telegram calls")
    secret: SecretStr = Field(min_length=16, description="what Telegram sends along, so that nobody else can")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    path: str = Field(default="/telegram", pattern=r"^/")


class TelegramSettings(_Part):
    """Telegram."""

    token: SecretStr
    api_base: str = Field(default="https://api.telegram.org", pattern=r"^https?://[^/]+")
    mode: Literal["polling", "webhook"] = "polling"
    webhook: WebhookSettings | None = None
    admin_chat: int | None = None
    editors_chat: int | None = None

    @field_validator("token")
    @classmethod
    def _token_has_the_form(cls, token: SecretStr) -> SecretStr:
        number, _, rest = token.get_secret_value().partition(":")
        if not number.isdigit() or len(rest) < 3:
            raise ValueError("a token looks like 123456:ABC-DEF…, as @BotFather gives it")
        return token

    @model_validator(mode="after")
    def _webhook_is_described(self) -> TelegramSettings:
        if self.mode == "webhook" and self.webhook is None:
            raise ValueError("mode is webhook, so telegram.webhook must say url and secret")
        return self


class DeskSettings(_Part):
    """A team of operators with its forum group."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,15}$")
    name: str
    chat: int = Field(lt=0, description="the forum group's id, a negative number")
    locale: Locale = Locale.RU
    languages: tuple[Literal["ru", "ky", "tg", "uz", "ro"], ...] = ()
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


class LimitSettings(_Part):
    """How fast messages leave; Telegram's own ceilings are the defaults."""

    overall_per_second: float = Field(default=28, gt=0, le=1000)
    private_per_second: float = Field(default=1, gt=0, le=100)
    private_burst: int = Field(default=5, ge=1, le=1000)
    group_per_minute: float = Field(default=20, gt=0, le=100_000)


class RetentionSettings(_Part):
    """How long things are kept, in days."""

    closed_cases: int = Field(default=90, ge=1)
    searches: int = Field(default=180, ge=1)


class WebSettings(_Part):
    """The page for health checks and metrics."""

    host: str = "127.0.0.1"
    port: int = Field(default=8081, ge=0, le=65535)


class Settings(BaseSettings):
    """Everything that an administrator sets."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_", env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    telegram: TelegramSettings
    desks: tuple[DeskSettings, ...] = Field(min_length=1)
    database: str = Field(default="sqlite:///var/hotline.db", pattern=r"^(sqlite|postgresql)")
    secret_key: SecretStr | None = None
    secret_key_file: Path = Path("var/secret.key")
    knowledge: Path = Path("knowledge")
    locales: Path = Path("locales")
    publications: Path = Path("var/publications.jsonl")
    library_cache: Path = Path("var/library.cache")
    limits: LimitSettings = LimitSettings()
    retention: RetentionSettings = RetentionSettings()
    web: WebSettings = WebSettings()
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("desks")
    @classmethod
    def _keys_differ(cls, desks: tuple[DeskSettings, ...]) -> tuple[DeskSettings, ...]:
        keys = [desk.key for desk in desks]
        if len(set(keys)) != len(keys):
            raise ValueError("each desk needs a key of its own")
        if len({desk.chat for desk in desks}) != len(desks):
            raise ValueError("each desk needs a group of its own")
        return desks

    @field_validator("desks")
    @classmethod
    def _editors_have_their_own_group(
        cls, desks: tuple[DeskSettings, ...], info: ValidationInfo
    ) -> tuple[DeskSettings, ...]:
        telegram = info.data.get("telegram")
        if telegram is not None and telegram.editors_chat in {desk.chat for desk in desks}:
            raise ValueError("telegram.editors_chat is the group of a desk; editors need a group of their own")
        return desks

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file."""
        return env_settings, init_settings


def load_settings(path: Path | None) -> Settings:
    """Read the settings; raise `BadSettings` with each wrong or missing one: name, what was found, what is allowed."""
    data = _read(path) if path is not None else {}
    for keys in _SECRETS:
        value: Any = data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            name = ".".join(keys)
            variable = "HOTLINE_" + "__".join(keys).upper()
            raise BadSettings(f"{name}: a secret does not belong into {path}; set {variable} in the environment.")
    try:
        return Settings(**data)
    except ValidationError as error:
        wrong = error.errors()
        # A list whose only item is wrong counts as empty too, which would be said about settings that are there.
        inner = {item["loc"][:length] for item in wrong for length in range(1, len(item["loc"]))}
        told = [item for item in wrong if item["type"] != "too_short" or item["loc"] not in inner]
        raise BadSettings("\n".join(map(_explain, told))) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise BadSettings(f"The settings {path} cannot be read: {error.strerror}. Copy config.example.yaml.") from None
    except UnicodeDecodeError:
        raise BadSettings(f"The settings {path} are not UTF-8 text. Save the file as UTF-8.") from None
    try:
        data = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        raise BadSettings(f"The settings {path} are not YAML:{place} {getattr(error, 'problem', '')}") from None
    if not isinstance(data, dict):
        raise BadSettings(f"The settings {path} must be a mapping like config.example.yaml.")
    return data


def _explain(item: Any) -> str:
    """Name, what was found, what is allowed; a secret's value is never repeated."""
    name = ".".join(str(part) for part in item["loc"])
    variable = "HOTLINE_" + "__".join(str(part) for part in item["loc"]).upper()
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "missing":
        return f"{name}: missing. Set it in the settings or as {variable}."
    if item["type"] == "extra_forbidden":
        return f"{name}: there is no such setting; look for the right name in config.example.yaml."
    secret = any(word in name for word in ("token", "secret", "database"))
    found = "" if secret or isinstance(item["input"], dict) else f" found {item['input']!r};"
    return f"{name}:{found} {message}"
