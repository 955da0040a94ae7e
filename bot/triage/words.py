"""How people answer in their own words: `knowledge/lexicon/answers.yaml`, folded for comparing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from bot.knowledge.fields import Model, PerLocale, Text
from bot.languages.folding import fold
from bot.languages.locales import Locale

FILE: Final = "lexicon/answers.yaml"


class _WholeNumbers:
    """Keys of YAML that are whole numbers arrive as text."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        words = core_schema.tuple_variable_schema(core_schema.str_schema(min_length=1))
        return core_schema.dict_schema(core_schema.int_schema(), words)


Numbered = Annotated[dict[int, tuple[str, ...]], _WholeNumbers]


class Answers(Model):
    """The file as editors write it."""

    yes: PerLocale
    no: PerLocale
    dont_know: PerLocale
    skip: PerLocale
    back: PerLocale
    again: PerLocale
    human: PerLocale
    done: PerLocale
    next: PerLocale
    negations: PerLocale
    citizenships: dict[Text, tuple[Text, ...]]
    thousand: tuple[Text, ...]
    million: tuple[Text, ...]
    roubles: tuple[Text, ...]
    numbers: dict[Text, dict[Text, int]]
    months: Numbered
    days: Numbered
    spans: dict[Text, tuple[Text, ...]]
    ago: tuple[Text, ...]
    ahead: tuple[Text, ...]


COMMANDS: Final = ("dont_know", "skip", "back", "again", "human")
"""What a person can always say instead of pressing."""


@dataclass(frozen=True)
class Words:
    """The words, folded: looked up by `fold`ed text."""

    answers: Answers

    @cached_property
    def commands(self) -> dict[str, str]:
        """Folded phrase → one of `COMMANDS`."""
        return {folded: name for name in COMMANDS for folded in self._folded(name)}

    @cached_property
    def yes(self) -> frozenset[str]:
        """Ways of saying yes."""
        return self._folded("yes") - self._folded("no")

    @cached_property
    def no(self) -> frozenset[str]:
        """Ways of saying no."""
        return self._folded("no")

    @cached_property
    def done(self) -> frozenset[str]:
        """Ways of saying that this is all."""
        return self._folded("done")

    @cached_property
    def onward(self) -> frozenset[str]:
        """Ways of saying: I have read it, go on."""
        return self._folded("next") | self.yes

    @cached_property
    def negations(self) -> frozenset[str]:
        """Words that turn the meaning of the word beside them."""
        return self._folded("negations")

    @cached_property
    def citizenships(self) -> dict[str, str]:
        """Folded name → code."""
        return {fold(word): code for code, words in self.answers.citizenships.items() for word in words}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Folded number word → number."""
        return {fold(word): number for words in self.answers.numbers.values() for word, number in words.items()}

    @cached_property
    def thousand(self) -> frozenset[str]:
        """Words for a thousand."""
        return _folded_all(self.answers.thousand)

    @cached_property
    def million(self) -> frozenset[str]:
        """Words for a million."""
        return _folded_all(self.answers.million)

    @cached_property
    def roubles(self) -> frozenset[str]:
        """Words for roubles."""
        return _folded_all(self.answers.roubles)

    @cached_property
    def months(self) -> dict[str, int]:
        """Folded name → month, 1 to 12."""
        return {fold(word): month for month, words in self.answers.months.items() for word in words}

    @cached_property
    def days(self) -> dict[str, int]:
        """Folded word → days from today."""
        return {fold(word): shift for shift, words in self.answers.days.items() for word in words}

    @cached_property
    def spans(self) -> dict[str, str]:
        """Folded word → day, week, month or year."""
        return {fold(word): span for span, words in self.answers.spans.items() for word in words}

    @cached_property
    def ago(self) -> frozenset[str]:
        """Words of the past."""
        return _folded_all(self.answers.ago)

    @cached_property
    def ahead(self) -> frozenset[str]:
        """Words of the future."""
        return _folded_all(self.answers.ahead)

    def shown(self, name: str, locale: Locale) -> str:
        """Return the word of a list that is shown, such as `Да`."""
        said: PerLocale = getattr(self.answers, name)
        words = said[locale] or said[Locale.RU]
        return words[0][:1].upper() + words[0][1:]

    def _folded(self, name: str) -> frozenset[str]:
        said: PerLocale = getattr(self.answers, name)
        return _folded_all(word for locale in Locale for word in said[locale])


def _folded_all(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words) - {""}
