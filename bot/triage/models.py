"""The shape of `knowledge/flows/*.yaml`: a triage dialog as an editor writes it.

`docs/flows.md` says the same in the editors' words; what goes beyond shape is found by `bot.triage.checks`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, StringConstraints, model_validator
from pydantic_core import CoreSchema

from bot.knowledge.fields import AllLocales, KebabId, Model, PerLocale, SnakeId, SomeLocales, Text
from bot.triage.limits import ID_MAX

ShortId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=ID_MAX)]
"""The id of a step, a choice or an outcome."""

Kind = Literal[
    "choice",
    "several",
    "yesno",
    "number",
    "money",
    "date",
    "region",
    "citizenship",
    "text",
    "attachment",
    "periods",
    "payments",
    "information",
    "branch",
    "calculate",
]
ASKING: frozenset[str] = frozenset(
    (
        "choice", "several", "yesno", "number", "money", "date", "region", "citizenship", "text", "attachment",
        "periods", "payments",
    )
)  # fmt: skip
"""Kinds of step that wait for an answer. An information waits for a press; branch and calculate wait for nothing."""

PROFILE: dict[str, tuple[str, ...]] = {
    "citizenship": ("KG", "TJ", "UZ", "MD", "other"),
    "region": (),
    "sex": ("man", "woman"),
    "adult": ("yes", "no"),
    "pregnant": ("yes", "no"),
    "children": ("yes", "no"),
    "place": ("russia", "home", "other"),
    "woman_only": ("yes", "no"),
}
"""What may be remembered of a person and the values it may have (a region: ISO 3166-2)."""

CalculatorName = Literal["wage_delay", "days_of_90", "deadlines"]
SeverityName = Literal["normal", "serious", "urgent"]


class FactRef(Model):
    """The value of a fact for this person today: `{fact: court_wages_term}`."""

    fact: SnakeId


Quantity = int | float | FactRef


class Condition(Model):
    """One comparison, or several joined by `all`, `any`, `not`. Total: an unknown answer makes a comparison false.

    A comparison has one subject (`answer`, `profile` or `fact`) and one operation.
    """

    every: tuple[Condition, ...] | None = Field(default=None, alias="all", min_length=1)
    some: tuple[Condition, ...] | None = Field(default=None, alias="any", min_length=1)
    negated: Condition | None = Field(default=None, alias="not")

    answer: ShortId | None = None
    """The step whose answer is compared."""
    profile: SnakeId | None = None
    """What is remembered of the person: citizenship, region, or the key of a step's `remember`."""
    fact: SnakeId | None = None
    """The value of a fact for this person today."""

    equal: Text | int | float | None = Field(default=None, alias="is")
    unequal: Text | int | float | None = Field(default=None, alias="is_not")
    among: tuple[Text, ...] | None = Field(default=None, alias="in", min_length=1)
    has: ShortId | None = None
    """The choice is among those of a `several` step."""
    less: Quantity | None = None
    more: Quantity | None = None
    known: Literal[True, False] | None = None
    older: Quantity | None = None
    """The date lies longer ago than so many days, or than the term of a fact."""
    newer: Quantity | None = None
    """The date lies ahead or not longer ago than so many days, or than the term of a fact."""

    @property
    def subject(self) -> tuple[str, str] | None:
        """What is compared: (`answer`, step id), (`profile`, key) or (`fact`, id)."""
        for name in ("answer", "profile", "fact"):
            value = getattr(self, name)
            if value is not None:
                return name, value
        return None

    @property
    def operations(self) -> tuple[str, ...]:
        """The names of the comparisons it makes; a right one makes exactly one."""
        return tuple(name for name in OPERATIONS if getattr(self, name) is not None)


OPERATIONS: tuple[str, ...] = ("equal", "unequal", "among", "has", "less", "more", "known", "older", "newer")


class Choice(Model):
    """A button. In a yes/no step `text` is left out."""

    text: AllLocales | None = None
    next: ShortId | None = None
    """Where it leads; nothing: where the step leads."""
    said: PerLocale = PerLocale()
    """How people write it instead of pressing."""
    danger: SnakeId | None = None
    """A rule of `lexicon/danger.yaml`: its screen is shown at once, before anything else."""
    alone: Literal[True, False] = False
    """In `several`: cannot stand beside others ("nothing of these")."""
    was: tuple[ShortId, ...] = ()
    """Its ids in older versions."""

    @model_validator(mode="before")
    @classmethod
    def _from_target(cls, data: Any) -> Any:
        return {"next": data} if isinstance(data, str) else data

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(schema))]}


class Way(Model):
    """A way out of a branch: taken when the condition holds."""

    when: Condition
    next: ShortId


class Deadline(Model):
    """A last day: so many days (or the term of a fact) after the date a person gave."""

    after: ShortId
    """The step of the date."""
    fact: SnakeId | None = None
    days: int | None = Field(default=None, ge=0, le=3660, strict=True)


class Item(Model):
    """A line of a checklist, with its condition and its last day."""

    text: AllLocales
    when: Condition | None = None
    deadline: Deadline | None = None


class Organisations(Model):
    """Organisations near the person: by service, or named."""

    services: tuple[SnakeId, ...] = ()
    ids: tuple[SnakeId, ...] = ()


class Show(Model):
    """One thing shown under a text. Exactly one of the keys (`with` and `part` go with theirs)."""

    article: KebabId | None = None
    part: Literal["answer", "steps", "documents", "beware", "where"] | None = None
    """A part of the article; nothing: its answer."""
    organisations: Organisations | None = None
    calculator: CalculatorName | None = None
    arguments: dict[SnakeId, ShortId] = Field(default_factory=dict, alias="with")
    """What the calculator is given: its parameter → the step with the answer."""
    checklist: tuple[Item, ...] | None = Field(default=None, min_length=1)
    letter: KebabId | None = None
    flow: KebabId | None = None
    """Another flow, offered as a button."""
    when: Condition | None = None
    """Shown only where it holds."""

    @property
    def what(self) -> tuple[str, ...]:
        """Which of the things it names; a right one names exactly one."""
        names = ("article", "organisations", "calculator", "checklist", "letter", "flow")
        return tuple(name for name in names if getattr(self, name) is not None)


class CaseToOpen(Model):
    """A case for an operator."""

    open: Literal["now", "offer"] = "offer"
    """`now` opens it without asking; `offer` shows a button."""
    topic: KebabId | None = None
    """An article; nothing: the topic of the flow."""
    severity: SeverityName = "normal"
    desk: tuple[Literal["lawyer", "psychologist", "consulate", "woman", "children", "home"], ...] = ()
    """Who would answer best."""
    first: SomeLocales | None = None
    """What the operator should know first."""


class Step(Model):
    """One question, information or turn. Which keys belong to which kind is said in docs/flows.md."""

    kind: Kind
    text: AllLocales | None = None
    help: AllLocales | None = None
    """Shown to those who do not know."""
    choices: dict[ShortId, Choice] = Field(default_factory=dict)
    next: ShortId | None = None
    dont_know: ShortId | None = None
    """Where "I don't know" leads; nothing: where `next` leads."""
    skip: ShortId | None = None
    """Where "skip" leads; nothing: where `next` leads."""
    remember: SnakeId | None = None
    """Kept in the person's profile under this key. Regions and citizenships always are."""
    known: Literal["offer", "use"] = "offer"
    """If the profile knows it: offer it as the first button, or use it without asking."""
    place: Literal[True, False] = False
    """Of a text: it asks where somebody is, so a place on the map is an answer too."""
    time: Literal["past", "future", "any"] = "past"
    """In which direction a date may lie from today, which is always allowed."""
    min: int | float | None = None
    max: int | float | None = None
    ways: tuple[Way, ...] = ()
    """Of a branch, in order: the first that holds is taken."""
    otherwise: ShortId | None = None
    """Of a branch: where it leads when no way holds."""
    calculator: CalculatorName | None = None
    arguments: dict[SnakeId, ShortId] = Field(default_factory=dict, alias="with")
    show: tuple[Show, ...] = ()
    was: tuple[ShortId, ...] = ()
    """Its ids in older versions."""


class Outcome(Model):
    """How a flow ends: a text, things to read, and perhaps a case."""

    text: AllLocales
    show: tuple[Show, ...] = ()
    case: CaseToOpen | None = None
    returns: Literal[True, False] = False
    """A pause: whatever is written after it begins the flow again, instead of being searched."""
    was: tuple[ShortId, ...] = ()


class Flow(Model):
    """A triage dialog."""

    id: KebabId
    version: int = Field(ge=1, le=999, strict=True)
    """Raise it with every change that people halfway through would notice."""
    section: KebabId
    topic: KebabId
    """The article this is about; the topic of its cases."""
    title: AllLocales
    watched: Literal[True, False] = False
    """Somebody may be looking at the phone: neutral notifications, "hide this chat" on each screen."""
    danger: SnakeId | None = None
    """A rule of `lexicon/danger.yaml` whose screen is shown when the flow begins."""
    start: ShortId
    steps: dict[ShortId, Step] = Field(min_length=1)
    outcomes: dict[ShortId, Outcome] = Field(min_length=1)


class LetterBlank(Model):
    """A letter to print or send, in Russian because those who get it read Russian."""

    id: KebabId
    title: AllLocales
    how: AllLocales
    """How to use it, in the person's language."""
    body: Text
    """Russian; `{answer:step}` and `{today}` are filled in, what is unknown becomes a line to write on."""


__all__ = [
    "ASKING", "OPERATIONS", "CalculatorName", "CaseToOpen", "Choice", "Condition", "Deadline", "FactRef",
    "Flow", "Item", "Kind", "LetterBlank", "Organisations", "Outcome", "Quantity", "SeverityName",
    "ShortId", "Show", "Step", "Way",
]  # fmt: skip
