"""What the engine decides; a channel shows it. Texts are ready in the person's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.knowledge.document import Document


@dataclass(frozen=True)
class Option:
    """A button under a question. `id` goes into the callback; `chosen` marks what is ticked in a list."""

    id: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Ask:
    """Show the step that is asked now.

    options: its own buttons; common: the buttons every step has, ready in order; location: a place may be shared.
    watched: show neutral notifications only. The callback of a button is (flow, version, step, option id).
    """

    flow: str
    version: int
    step: str
    kind: str
    document: Document
    options: tuple[Option, ...]
    common: tuple[Option, ...]
    location: bool = False
    watched: bool = False


@dataclass(frozen=True)
class Say:
    """Show a text before what follows."""

    document: Document


@dataclass(frozen=True)
class NotUnderstood:
    """Say kindly what would be right; the step stays. `reason` is the id of the text."""

    reason: str
    text: str
    step: str | None = None


@dataclass(frozen=True)
class Told:
    """Say kindly that something changed since the person was here."""

    reason: str
    text: str


@dataclass(frozen=True)
class Search:
    """Search the knowledge for what was written instead of an answer."""

    text: str


@dataclass(frozen=True)
class Remember:
    """Keep something of the person in the profile: citizenship, region or a key of `PROFILE`."""

    key: str
    value: str


@dataclass(frozen=True)
class Danger:
    """Show the screen of an urgency rule at once, before anything else."""

    rule: str
    source: Literal["choice", "text", "flow"]
    summary: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenCase:
    """Open a case without asking, or raise the open one."""

    topic: str
    severity: Literal["normal", "serious", "urgent"]
    reason: str
    desk: tuple[str, ...]
    first: dict[str, str]
    summary: dict[str, Any]


@dataclass(frozen=True)
class TalkToPerson:
    """The person wants a human now: open a case with what is known so far."""

    topic: str
    severity: Literal["normal", "serious", "urgent"]
    summary: dict[str, Any]
    desk: tuple[str, ...] = ()
    first: dict[str, str] = field(default_factory=dict)
    reason: str = "asked"


@dataclass(frozen=True)
class Offer:
    """A button under an ending: an article (with a part), another flow, a letter, or a case (`open_case`)."""

    kind: Literal["article", "flow", "letter", "open_case"]
    id: str
    label: str
    part: str | None = None


@dataclass(frozen=True)
class Finish:
    """The flow has ended.

    documents: the text of the outcome with calculations and checklists, then lists of organisations, in order.
    case: what a press on the offered `open_case` opens; None where nothing is offered.
    """

    flow: str
    version: int
    outcome: str
    documents: tuple[Document, ...]
    offers: tuple[Offer, ...]
    common: tuple[Option, ...]
    case: OpenCase | None = None
    watched: bool = False


@dataclass(frozen=True)
class Left:
    """The person went back before the first question, or the flow is gone: show the menu."""

    reason: str = ""


@dataclass(frozen=True)
class HideChat:
    """Delete what may be deleted, tell what cannot, leave a harmless screen."""


@dataclass(frozen=True)
class Stuck:
    """The flow is broken here (the checks find it before release): apologise and offer a person."""

    flow: str
    step: str


Effect = (
    Ask
    | Say
    | NotUnderstood
    | Told
    | Search
    | Remember
    | Danger
    | OpenCase
    | TalkToPerson
    | Finish
    | Left
    | HideChat
    | Stuck
)
