"""A flow drawn as one SVG page for a lawyer to read: questions, where each answer leads, endings with what they show.

Own layered layout: each step stands one row below the nearest step that leads to it, rows are ordered so that few
lines cross; ways back run along the side. No program outside of Python is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from bot.languages.locales import Locale
from bot.triage.graph import Graph, ways_out
from bot.triage.models import ASKING, Condition, FactRef, Flow, Outcome, Quantity, Show, Step
from bot.triage.words import Words

WIDTH: Final = 300
"""Points of a box."""
GAP_X: Final = 48
GAP_Y: Final = 56
LINE: Final = 17
PADDING: Final = 10
LETTER: Final = 8.0
"""Width of a letter in the middle; boxes are wide enough for wide ones."""
MARGIN: Final = 40
ROW_MAX: Final = 7

BoxKind = Literal["ask", "information", "branch", "outcome", "danger"]
_COLOURS: Final = {
    "ask": ("#eef4fb", "#3b6ea5"),
    "information": ("#f3f3f3", "#777777"),
    "branch": ("#fff7df", "#a97b00"),
    "outcome": ("#eaf6ea", "#3c7d3c"),
    "danger": ("#fdecec", "#b3261e"),
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
    boxes = _placed(graph, {name: _box(flow, name, words, locale) for name in graph.reachable})
    width = max(box.x for box in boxes.values()) + WIDTH + 2 * MARGIN
    height = max(box.y + box.height for box in boxes.values()) + MARGIN
    title = f"{flow.title[locale]} — {flow.id}, {flow.version} ({locale})"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="DejaVu Sans, Arial, sans-serif" font-size="13" '
        f'xml:lang="{locale.cldr.replace("_", "-")}">',
        '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#555555"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="28" font-size="18" font-weight="bold">{_safe(title)}</text>',
        *_arrows(graph, boxes, width),
        *[part for box in boxes.values() for part in _drawn(box)],
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


# --- What stands in the boxes ------------------------------------------------------------------------------------


def _box(flow: Flow, name: str, words: Words, locale: Locale) -> Box:
    if name in flow.outcomes:
        outcome = flow.outcomes[name]
        urgent = outcome.case is not None and outcome.case.severity == "urgent"
        return Box(name, "danger" if urgent else "outcome", tuple(_outcome(outcome, locale)))
    step = flow.steps[name]
    kind: BoxKind = (
        "ask" if step.kind in ASKING else "branch" if step.kind in ("branch", "calculate") else "information"
    )
    if any(choice.danger for choice in step.choices.values()):
        kind = "danger"
    return Box(name, kind, (*_step(step, words, locale), *_ways(step, words, locale)))


def _step(step: Step, words: Words, locale: Locale) -> Iterator[str]:
    if step.text is not None:
        yield from wrap(step.text[locale])
    if step.kind == "several":
        for choice in step.choices.values():
            yield from wrap(f"☐ {choice.text[locale] if choice.text else ''}")
    if step.calculator is not None:
        yield from wrap(f"= {step.calculator}")
    for show in step.show:
        yield from wrap(_show(show, locale))


def _ways(step: Step, words: Words, locale: Locale) -> Iterator[str]:
    """Where each answer leads; the ways of "I don't know" and "skip" only where they are their own."""
    ways = list(ways_out(step))
    usual = {target for answer, target in ways if answer not in ("dont_know", "skip")}
    for answer, target in ways:
        if answer in ("dont_know", "skip") and len(usual) == 1 and target in usual:
            continue
        label = _label(step, answer, words, locale)
        yield from wrap(f"{label} → {target}" if label else f"→ {target}")


def _label(step: Step, answer: str, words: Words, locale: Locale) -> str:
    choice = step.choices.get(answer)
    if choice is not None and choice.text is not None:
        return f"• {choice.text[locale]}{' ⚠' if choice.danger else ''}"
    if answer in ("yes", "no", "dont_know", "skip"):
        return f"• {words.shown(answer, locale)}"
    if answer.isdigit():
        return f"{int(answer) + 1}) {condition_text(step.ways[int(answer)].when)}"
    return "…)" if answer == "otherwise" else ""


def _outcome(outcome: Outcome, locale: Locale) -> Iterator[str]:
    yield from wrap(outcome.text[locale])
    for show in outcome.show:
        yield from wrap(_show(show, locale))
        for item in show.checklist or ():
            yield from wrap(f"☐ {item.text[locale]}")
    if outcome.case is not None:
        case = outcome.case
        yield from wrap(f"✉ {case.severity}, {case.open}{', ' + ', '.join(case.desk) if case.desk else ''}")
        if case.first is not None:
            yield from wrap(f"✉ {case.first[locale]}")


def _show(show: Show, locale: Locale) -> str:
    if show.article is not None:
        return f"📄 {show.article}{' / ' + show.part if show.part else ''}"
    if show.organisations is not None:
        return f"📍 {', '.join((*show.organisations.services, *show.organisations.ids))}"
    named = show.flow or show.letter or show.calculator
    sign = "➡" if show.flow else "📝" if show.letter else "="
    return f"{sign} {named}" if named else "☑"


def condition_text(condition: Condition) -> str:
    """Write a condition in signs that need no language: `due > {court_wages_term}`, `what ∈ nothing, gone`."""
    if condition.every is not None:
        return " ∧ ".join(_inside(each) for each in condition.every)
    if condition.some is not None:
        return " ∨ ".join(_inside(each) for each in condition.some)
    if condition.negated is not None:
        return f"¬ {_inside(condition.negated)}"
    name = condition.subject[1] if condition.subject else "?"
    if condition.known is not None:
        return f"{name} ≠ ?" if condition.known else f"{name} = ?"
    for sign, value in (("=", condition.equal), ("≠", condition.unequal), ("∋", condition.has)):
        if value is not None:
            return f"{name} {sign} {value}"
    if condition.among is not None:
        return f"{name} ∈ {', '.join(condition.among)}"
    bounds: tuple[tuple[str, Quantity | None], ...] = (
        ("<", condition.less), (">", condition.more), ("🕒 >", condition.older), ("🕒 ≤", condition.newer),
    )  # fmt: skip
    written = [f"{name} {sign} {_quantity(bound)}" for sign, bound in bounds if bound is not None]
    return written[0] if written else name


def _inside(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if condition.every is not None or condition.some is not None else text


def _quantity(bound: Quantity) -> str:
    return f"{{{bound.fact}}}" if isinstance(bound, FactRef) else str(bound)


def wrap(text: str) -> Iterator[str]:
    """Break a text into lines that fit a box; a word longer than a line is cut."""
    most = int((WIDTH - 2 * PADDING) / LETTER)
    for paragraph in _MARKUP.sub(lambda match: match[1] or "", text).strip().split("\n"):
        line = ""
        for whole in paragraph.split():
            for word in [whole[at : at + most] for at in range(0, len(whole), most)]:
                if line and _length(line) + 1 + _length(word) > most:
                    yield line
                    line = word
                else:
                    line = f"{line} {word}" if line else word
        if line:
            yield line


def _length(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


# --- Where the boxes stand ---------------------------------------------------------------------------------------


def _placed(graph: Graph, boxes: dict[str, Box]) -> dict[str, Box]:
    rows = _rows(graph, set(boxes))
    widest = max(len(row) for row in rows)
    placed: dict[str, Box] = {}
    y = float(MARGIN + 24)
    for row in rows:
        for index, name in enumerate(row):
            box = boxes[name]
            x = MARGIN + (index + (widest - len(row)) / 2) * (WIDTH + GAP_X)
            placed[name] = Box(name, box.kind, box.lines, x, y)
        y += max(boxes[name].height for name in row) + GAP_Y
    return placed


def _rows(graph: Graph, names: set[str]) -> list[list[str]]:
    """Rows by the longest way without loops, outcomes below what leads to them; long rows are broken."""
    order = _order(graph)
    depth = dict.fromkeys(order, 0)
    position = {name: index for index, name in enumerate(order)}
    for name in order:
        for target in graph.following.get(name, ()):
            if position.get(target, -1) > position[name]:
                depth[target] = max(depth[target], depth[name] + 1)
    rows: list[list[str]] = []
    for level in range(max(depth.values()) + 1):
        row = [name for name in order if depth[name] == level and name in names]
        before = rows[-1] if rows else []
        row.sort(key=lambda name: (_middle(graph, name, before), position[name]))
        rows += [row[at : at + ROW_MAX] for at in range(0, len(row), ROW_MAX)]
    return rows


def _order(graph: Graph) -> list[str]:
    """Steps and outcomes so that what leads on stands before what it leads to, loops apart."""
    seen: set[str] = set()
    finished: list[str] = []
    todo: list[tuple[str, bool]] = [(graph.flow.start, False)]
    ranks = {name: index for index, name in enumerate((*graph.flow.steps, *graph.flow.outcomes))}
    while todo:
        name, done = todo.pop()
        if done:
            finished.append(name)
        elif name not in seen:
            seen.add(name)
            todo.append((name, True))
            todo += [(each, False) for each in sorted(graph.following.get(name, ()), key=lambda each: ranks[each])]
    return finished[::-1]


def _middle(graph: Graph, name: str, before: list[str]) -> float:
    parents = [index for index, parent in enumerate(before) if name in graph.following.get(parent, ())]
    return sum(parents) / len(parents) if parents else len(before) / 2


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


def _arrows(graph: Graph, boxes: dict[str, Box], width: float) -> Iterator[str]:
    for source, target in dict.fromkeys((edge.source, edge.target) for edge in graph.edges):
        if source not in boxes or target not in boxes:
            continue
        start, end = boxes[source], boxes[target]
        x1, y1 = start.x + WIDTH / 2, start.y + start.height
        x2, y2 = end.x + WIDTH / 2, end.y
        if y2 > y1:
            bend = min((y2 - y1) / 2, GAP_Y)
            path = f"M{x1:.0f},{y1:.0f} C{x1:.0f},{y1 + bend:.0f} {x2:.0f},{y2 - bend:.0f} {x2:.0f},{y2:.0f}"
        else:
            side = width - MARGIN / 2
            path = (
                f"M{start.x + WIDTH:.0f},{start.y + 20:.0f} C{side:.0f},{start.y:.0f} {side:.0f},{end.y:.0f} "
                f"{end.x + WIDTH:.0f},{end.y + 20:.0f}"
            )
        yield f'<path d="{path}" fill="none" stroke="#777777" marker-end="url(#end)"/>'


def _safe(text: str) -> str:
    return escape("".join(letter for letter in text if letter.isprintable()))
