"""Where a statement stands, so that the next editor can look again."""

from __future__ import annotations

from enum import StrEnum

from bot.knowledge.fields import Day, Model, Text, Url


class Strength(StrEnum):
    """How much a source weighs: the text of a law, a body with authority over the matter, anybody else."""

    LAW = "law"
    OFFICIAL = "official"
    SECONDARY = "secondary"


class FactSource(Model):
    """Where a fact stands and when somebody looked. The address may be missing only where `cite` names the law."""

    title: Text
    checked: Day
    url: Url | None = None
    cite: Text | None = None


class ArticleSource(Model):
    """What an article rests on."""

    title: Text
    checked: Day
    url: Url | None = None
    cite: Text | None = None
    strength: Strength = Strength.OFFICIAL
