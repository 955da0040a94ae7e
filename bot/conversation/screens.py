"""What a person or an operator sees and can press, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.knowledge.document import Document

BUTTON_LIMIT: Final = 40
"""Characters of a button that an old phone shows in one line; the tests hold all interface texts to it."""


@dataclass(frozen=True)
class Action:
    """What a press means: a verb and its arguments, all short ASCII words. A channel packs it into its buttons."""

    verb: str
    args: tuple[str, ...] = ()

    @classmethod
    def of(cls, verb: str, *args: object) -> Action:
        """Make an action; arguments become text."""
        return cls(verb, tuple(str(arg) for arg in args))


@dataclass(frozen=True)
class Button:
    """A label with an action, or with a link to open, or with an article to share with a friend (`share`, its id)."""

    text: str
    action: Action | None = None
    url: str | None = None
    share: str | None = None
    wide: bool = True
    """Whether it wants a row of its own; two narrow ones share a row."""


@dataclass(frozen=True)
class Screen:
    """A text with buttons below."""

    document: Document
    buttons: tuple[Button, ...] = ()
    ask_location: str | None = None
    """Label of a button that sends the place where the person is, for channels that have one."""

    def rows(self) -> tuple[tuple[Button, ...], ...]:
        """Return the buttons in rows: wide ones alone, narrow ones in pairs, in order."""
        rows: list[tuple[Button, ...]] = []
        pair: list[Button] = []
        for button in self.buttons:
            if button.wide:
                if pair:
                    rows.append(tuple(pair))
                    pair = []
                rows.append((button,))
            else:
                pair.append(button)
                if len(pair) == 2:
                    rows.append(tuple(pair))
                    pair = []
        if pair:
            rows.append(tuple(pair))
        return tuple(rows)
