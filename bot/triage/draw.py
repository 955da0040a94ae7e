"""A flow drawn as one SVG page for a lawyer to read: questions, where each answer leads, endings with what they show.

`bot.triage.draw_layout` says where the boxes stand. No program outside of Python is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Final, Literal

from bot.languages import cldr
from bot.languages.locales import Locale
from bot.triage.draw_layout import Layout, Measures, lay_out
from bot.triage.graph import Graph, ways_out
from bot.triage.models import ASKING, Condition, Deadline, FactRef, Flow, Outcome, Quantity, Show, Step
from bot.triage.words import Words

WIDTH: Final = 300
"""Points of a box."""
GAP_X: Final = 48
GAP_Y: Final = 64
LINE: Final = 17
PADDING: Final = 10
FONT: Final = 13
"""Height of the letters."""
_NARROW: Final = frozenset(" .,:;!|'‘’ijlItfr()[]-·")
_WIDE: Final = frozenset("жшщыюфмЖШЩЫЮФМДmwMWҷҶ—…→☐✉⚠⟨⟩∈∋")
MARGIN: Final = 40
_MEASURES: Final = Measures(WIDTH, GAP_X, GAP_Y, MARGIN, MARGIN + 24)
_GREY: Final = "#777777"
_ALARM: Final = "#b3261e"

BoxKind = Literal["ask", "information", "branch", "outcome", "danger"]
_COLOURS: Final = {
    "ask": ("#eef4fb", "#3b6ea5"),
    "information": ("#f3f3f3", _GREY),
    "branch": ("#fff7df", "#a97b00"),
    "outcome": ("#eaf6ea", "#3c7d3c"),
    "danger": ("#fdecec", _ALARM),
}
_MARKUP: Final = re.compile(r"\*\*|\[([^\[\]]+)\]\([^()]*\)")


@dataclass(frozen=True)
class Box:
    """One step or outcome on the page; places in points from the top left."""

    name: str
    kind: BoxKind
    lines: tuple[str, ...]
    x: float = 0.0
    y: float = 0.0

    @property
    def height(self) -> float:
        """Points."""
        return 2 * PADDING + LINE * (len(self.lines) + 1)


def draw(flow: Flow, graph: Graph, words: Words, locale: Locale) -> str:
    """Return the whole flow in one language as the text of an SVG file."""
    drawn = {name: _box(flow, name, words, locale) for name in sorted(graph.reachable)}
    layout = lay_out(graph, {name: box.height for name, box in drawn.items()}, _MEASURES)
    boxes = {name: replace(box, x=layout.places[name][0], y=layout.places[name][1]) for name, box in drawn.items()}
    width = max(box.x for box in boxes.values()) + WIDTH + 2 * MARGIN
    height = max(box.y + box.height for box in boxes.values()) + MARGIN
    title = f"{flow.title[locale]} — {flow.id}, {flow.version} ({locale})"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="DejaVu Sans, Arial, sans-serif" font-size="{FONT}" '
        f'xml:lang="{locale.cldr.replace("_", "-")}">',
        f"<defs>{_arrowhead('end', _GREY)}{_arrowhead('alarm', _ALARM)}</defs>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="28" font-size="18" font-weight="bold">{_safe(title)}</text>',
        *_lines(layout, boxes, width),
        *[part for box in boxes.values() for part in _drawn(box)],
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


# --- What stands in the boxes ------------------------------------------------------------------------------------


def _box(flow: Flow, name: str, words: Words, locale: Locale) -> Box:
    writer = _Writer(flow, words, locale)
    if name in flow.outcomes:
        outcome = flow.outcomes[name]
        urgent = outcome.case is not None and outcome.case.severity == "urgent"
        return Box(name, "danger" if urgent else "outcome", tuple(writer.outcome(outcome)))
    step = flow.steps[name]
    kind: BoxKind = (
        "ask" if step.kind in ASKING else "branch" if step.kind in ("branch", "calculate") else "information"
    )
    if any(choice.danger for choice in step.choices.values()):
        kind = "danger"
    return Box(name, kind, (*writer.step(step), *writer.ways(step)))


@dataclass(frozen=True)
class _Writer:
    """The lines of the boxes of one flow in one language."""

    flow: Flow
    words: Words
    locale: Locale

    def step(self, step: Step) -> Iterator[str]:
        """Yield what is asked and shown."""
        if step.text is not None:
            yield from wrap(step.text[self.locale])
        if step.kind == "several":
            for choice in step.choices.values():
                yield from wrap(f"☐ {choice.text[self.locale] if choice.text else ''}")
        if step.calculator is not None:
            yield from wrap(f"= {step.calculator}")
        for show in step.show:
            yield from self.show(show)

    def ways(self, step: Step) -> Iterator[str]:
        """Yield where each answer leads; the ways of "I don't know" and "skip" only where they are their own."""
        ways = list(ways_out(step))
        usual = {target for answer, target in ways if answer not in ("dont_know", "skip")}
        for answer, target in ways:
            if answer in ("dont_know", "skip") and len(usual) == 1 and target in usual:
                continue
            label = self.label(step, answer)
            yield from wrap(f"{label} → {target}" if label else f"→ {target}")

    def label(self, step: Step, answer: str) -> str:
        """Return an answer as it stands before its way."""
        choice = step.choices.get(answer)
        if choice is not None and choice.text is not None:
            return f"• {choice.text[self.locale]}{' ⚠' if choice.danger else ''}"
        if answer in ("yes", "no", "dont_know", "skip"):
            return f"• {self.words.shown(answer, self.locale)}"
        if answer.isdigit():
            return f"{int(answer) + 1}) {self.condition(step.ways[int(answer)].when)}"
        return "…)" if answer == "otherwise" else ""

    def outcome(self, outcome: Outcome) -> Iterator[str]:
        """Yield the text of an ending, what it shows and the case."""
        yield from wrap(outcome.text[self.locale])
        for show in outcome.show:
            yield from self.show(show)
        if outcome.case is not None:
            case = outcome.case
            yield from wrap(f"✉ {case.severity}, {case.open}{', ' + ', '.join(case.desk) if case.desk else ''}")
            if case.first is not None:
                yield from wrap(f"✉ {case.first[self.locale]}")

    def show(self, show: Show) -> Iterator[str]:
        """Yield one thing that is shown, each with the condition under which it is."""
        named = show.flow or show.letter or show.calculator
        written = "☑" if show.when is not None else ""
        if show.article is not None:
            written = f"📄 {show.article}{' / ' + show.part if show.part else ''}"
        elif show.organisations is not None:
            written = f"📍 {', '.join((*show.organisations.services, *show.organisations.ids))}"
        elif named:
            written = f"{'➡' if show.flow else '📝' if show.letter else '='} {named}"
        yield from wrap(written + self.only(show.when))
        for item in show.checklist or ():
            yield from wrap(f"☐ {item.text[self.locale]}{_deadline(item.deadline)}{self.only(item.when)}")

    def only(self, condition: Condition | None) -> str:
        """Return a condition as it stands after what it is for."""
        return f" ⟨{self.condition(condition)}⟩" if condition is not None else ""

    def condition(self, condition: Condition) -> str:
        """Write a condition in signs that need no language: `due 🕒 > {court_wages_term}`, `what = «Не платят совсем»`.

        Questions stand by the names that their boxes have, answers as people see them.
        """
        if condition.every is not None:
            return " ∧ ".join(self._inside(each) for each in condition.every)
        if condition.some is not None:
            return " ∨ ".join(self._inside(each) for each in condition.some)
        if condition.negated is not None:
            return f"¬ {self._inside(condition.negated)}"
        name = condition.subject[1] if condition.subject else "?"
        if condition.known is not None:
            return f"{name} ≠ ?" if condition.known else f"{name} = ?"
        for sign, value in (("=", condition.equal), ("≠", condition.unequal), ("∋", condition.has)):
            if value is not None:
                return f"{name} {sign} {self._answer(condition, str(value))}"
        if condition.among is not None:
            return f"{name} ∈ {', '.join(self._answer(condition, each) for each in condition.among)}"
        bounds: tuple[tuple[str, Quantity | None], ...] = (
            ("<", condition.less), (">", condition.more), ("🕒 >", condition.older), ("🕒 ≤", condition.newer),
        )  # fmt: skip
        written = [f"{name} {sign} {_quantity(bound)}" for sign, bound in bounds if bound is not None]
        return written[0] if written else name

    def _inside(self, condition: Condition) -> str:
        text = self.condition(condition)
        return f"({text})" if condition.every is not None or condition.some is not None else text

    def _answer(self, condition: Condition, value: str) -> str:
        step = self.flow.steps.get(condition.answer or "")
        choice = step.choices.get(value) if step is not None else None
        if choice is not None and choice.text is not None:
            return f"«{choice.text[self.locale]}»"
        if value in ("yes", "no"):
            return f"«{self.words.shown(value, self.locale)}»"
        if condition.profile == "citizenship" or (step is not None and step.kind == "citizenship"):
            return cldr.country_name(value, self.locale)
        return value


def _deadline(deadline: Deadline | None) -> str:
    if deadline is None:
        return ""
    return f" 🕒 {deadline.after} + {f'{{{deadline.fact}}}' if deadline.fact is not None else deadline.days}"


def _quantity(bound: Quantity) -> str:
    return f"{{{bound.fact}}}" if isinstance(bound, FactRef) else str(bound)


def wrap(text: str) -> Iterator[str]:
    """Break a text into lines that fit a box; a word longer than a line is cut."""
    most = WIDTH - 2 * PADDING
    for paragraph in _MARKUP.sub(lambda match: match[1] or "", text).strip().split("\n"):
        line = ""
        for whole in paragraph.split():
            for word in _cut(whole, most):
                if line and width_of(f"{line} {word}") > most:
                    yield line
                    line = word
                else:
                    line = f"{line} {word}" if line else word
        if line:
            yield line


def width_of(text: str) -> float:
    """Return about how wide a text is, in points, rather more than less; the letters are those of a wide font."""
    return sum(FONT * _letter(letter) for letter in text)


def _letter(letter: str) -> float:
    if letter in _NARROW:
        return 0.4
    if letter in _WIDE:
        return 0.96
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.3
    return 0.78 if letter.isupper() else 0.65


def _cut(word: str, most: float) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and width_of(piece + letter) > most:
            yield piece
            piece = ""
        piece += letter
    yield piece


# --- How it is drawn ---------------------------------------------------------------------------------------------


def _drawn(box: Box) -> Iterator[str]:
    fill, stroke = _COLOURS[box.kind]
    yield (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{WIDTH}" height="{box.height:.0f}" rx="8" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
    )
    yield (
        f'<text x="{box.x + PADDING:.0f}" y="{box.y + PADDING + 9:.0f}" font-size="10" fill="{stroke}">'
        f"{_safe(box.name)}</text>"
    )
    for number, line in enumerate(box.lines, 1):
        y = box.y + PADDING + 11 + number * LINE
        yield f'<text x="{box.x + PADDING:.0f}" y="{y:.0f}">{_safe(line)}</text>'


def _lines(layout: Layout, boxes: dict[str, Box], width: float) -> Iterator[str]:
    for piece in layout.pieces:
        half = (piece.y2 - piece.y1) / 2
        way = (
            f"M{piece.x1:.0f},{piece.y1:.0f} L{piece.x2:.0f},{piece.y2:.0f}"
            if piece.x1 == piece.x2
            else f"M{piece.x1:.0f},{piece.y1:.0f} C{piece.x1:.0f},{piece.y1 + half:.0f} "
            f"{piece.x2:.0f},{piece.y2 - half:.0f} {piece.x2:.0f},{piece.y2:.0f}"
        )
        yield _line(way, boxes[piece.target], piece.last)
    for source, target in layout.back:
        start, end, side = boxes[source], boxes[target], width - MARGIN / 2
        way = (
            f"M{start.x + WIDTH:.0f},{start.y + 20:.0f} C{side:.0f},{start.y:.0f} {side:.0f},{end.y:.0f} "
            f"{end.x + WIDTH:.0f},{end.y + 20:.0f}"
        )
        yield _line(way, end, last=True)


def _line(way: str, target: Box, last: bool) -> str:
    alarming = target.kind == "danger"
    end = f' marker-end="url(#{"alarm" if alarming else "end"})"' if last else ""
    return f'<path d="{way}" fill="none" stroke="{_ALARM if alarming else _GREY}"{end}/>'


def _arrowhead(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0,0 L8,4 L0,8 z" fill="{colour}"/></marker>'
    )


def _safe(text: str) -> str:
    return escape("".join(letter for letter in text if letter.isprintable()))
