"""Where the boxes of a drawn flow stand, and the lines between them.

A layered layout: each box stands one row below the lowest that leads to it. A line that passes other rows has a lane of
its own in each of them, so that it never runs behind a box; lines to the same box share their lanes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.triage.graph import Graph

ROW_MAX: Final = 7
"""Boxes in a row."""
SWEEPS: Final = 8
"""Times the rows are brought in order, down and up."""
LANE: Final = 14.0
"""Width of a lane, in points."""

Slot = tuple[str, int]
"""A box, or the lane to it: the name and the row."""


@dataclass(frozen=True)
class Measures:
    """Points: the width of every box, the spaces between boxes and rows, and where the first row begins."""

    width: float
    gap_x: float
    gap_y: float
    left: float
    top: float


@dataclass(frozen=True)
class Piece:
    """A piece of a line: straight down, or a bend from row to row; the last one has an arrowhead."""

    target: str
    x1: float
    y1: float
    x2: float
    y2: float
    last: bool = False


@dataclass(frozen=True)
class Layout:
    """The top left corners of the boxes, the pieces of lines down, and the ways back up, as source and target."""

    places: Mapping[str, tuple[float, float]]
    pieces: tuple[Piece, ...]
    back: tuple[tuple[str, str], ...]


def lay_out(graph: Graph, heights: Mapping[str, float], measures: Measures) -> Layout:
    """Place the boxes whose heights are given, in points."""
    row_of, rows = _rows(graph, heights)
    ways = [
        way
        for way in dict.fromkeys((edge.source, edge.target) for edge in graph.edges if edge.target is not None)
        if way[0] in row_of and way[1] in row_of
    ]
    down = [(source, target) for source, target in ways if row_of[target] > row_of[source]]
    back = tuple((source, target) for source, target in ways if row_of[target] <= row_of[source])
    steps = {step for source, target in down for step in _steps(source, target, row_of)}
    lanes = sorted({slot for pair in steps for slot in pair if row_of[slot[0]] != slot[1]})
    slots: list[list[Slot]] = [[(name, index) for name in row] for index, row in enumerate(rows)]
    for lane in lanes:
        slots[lane[1]].append(lane)
    centres = _Centres(slots, steps, row_of, measures).settled()
    tops, bottoms = _heights(rows, heights, measures)
    places = {name: (centres[name, row] - measures.width / 2, tops[row]) for name, row in row_of.items()}
    return Layout(places, tuple(_pieces(steps, centres, row_of, heights, tops, bottoms)), back)


def _rows(graph: Graph, names: Mapping[str, float]) -> tuple[dict[str, int], list[list[str]]]:
    """Rows by the longest way without loops; a long row is broken, what leads on stands in its first part."""
    order = [name for name in _order(graph) if name in names]
    position = {name: index for index, name in enumerate(order)}
    depth = dict.fromkeys(order, 0)
    for name in order:
        for target in graph.following.get(name, ()):
            if position.get(target, -1) > position[name]:
                depth[target] = max(depth[target], depth[name] + 1)
    rows: list[list[str]] = []
    for level in range(max(depth.values()) + 1):
        row = sorted(
            (name for name in order if depth[name] == level),
            key=lambda name: (name in graph.flow.outcomes, position[name]),
        )
        rows += [row[at : at + ROW_MAX] for at in range(0, len(row), ROW_MAX)]
    return {name: index for index, row in enumerate(rows) for name in row}, rows


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


def _steps(source: str, target: str, row_of: Mapping[str, int]) -> Iterator[tuple[Slot, Slot]]:
    """Yield a way as steps from row to row, through its lanes."""
    here: Slot = (source, row_of[source])
    for row in range(row_of[source] + 1, row_of[target] + 1):
        there: Slot = (target, row)
        yield here, there
        here = there


class _Centres:
    """The middle of every slot: near the middle of what it is joined to, in the order that makes few crossings."""

    def __init__(
        self,
        slots: list[list[Slot]],
        steps: set[tuple[Slot, Slot]],
        row_of: Mapping[str, int],
        measures: Measures,
    ) -> None:
        self._slots, self._row_of, self._measures = slots, row_of, measures
        self._above: dict[Slot, list[Slot]] = defaultdict(list)
        self._below: dict[Slot, list[Slot]] = defaultdict(list)
        for upper, lower in sorted(steps):
            self._above[lower].append(upper)
            self._below[upper].append(lower)
        self._centres: dict[Slot, float] = {}

    def settled(self) -> dict[Slot, float]:
        """Return the middles, in points from the left."""
        for row in self._slots:
            self._spread(row, [float(index) for index in range(len(row))])
        for sweep in range(SWEEPS):
            downward = sweep % 2 == 0
            joined = self._above if downward else self._below
            for row in self._slots if downward else reversed(self._slots):
                wanted = [self._wanted(slot, joined) for slot in row]
                ordered = sorted(zip(wanted, range(len(row)), row, strict=True))
                row[:] = [slot for _, _, slot in ordered]
                self._spread(row, [middle for middle, _, _ in ordered])
        leftmost = min(centre - self._width(slot) / 2 for slot, centre in self._centres.items())
        return {slot: centre - leftmost + self._measures.left for slot, centre in self._centres.items()}

    def _wanted(self, slot: Slot, joined: Mapping[Slot, Sequence[Slot]]) -> float:
        others = [self._centres[other] for other in joined.get(slot, ())]
        return sum(others) / len(others) if others else self._centres[slot]

    def _spread(self, row: list[Slot], wanted: list[float]) -> None:
        """Give a row its middles: as wanted where there is room, else side by side around them."""
        right = float("-inf")
        placed: list[float] = []
        for slot, middle in zip(row, wanted, strict=True):
            half = self._width(slot) / 2
            centre = max(middle, right + half)
            placed.append(centre)
            right = centre + half + self._measures.gap_x / (1 if self._is_box(slot) else 3)
        shift = sum(want - got for want, got in zip(wanted, placed, strict=True)) / max(len(row), 1)
        self._centres |= {slot: centre + shift for slot, centre in zip(row, placed, strict=True)}

    def _is_box(self, slot: Slot) -> bool:
        return self._row_of[slot[0]] == slot[1]

    def _width(self, slot: Slot) -> float:
        return self._measures.width if self._is_box(slot) else LANE


def _heights(
    rows: Sequence[Sequence[str]], heights: Mapping[str, float], measures: Measures
) -> tuple[list[float], list[float]]:
    tops: list[float] = []
    bottoms: list[float] = []
    y = measures.top
    for row in rows:
        tops.append(y)
        bottoms.append(y + max(heights[name] for name in row))
        y = bottoms[-1] + measures.gap_y
    return tops, bottoms


def _pieces(
    steps: set[tuple[Slot, Slot]],
    centres: Mapping[Slot, float],
    row_of: Mapping[str, int],
    heights: Mapping[str, float],
    tops: Sequence[float],
    bottoms: Sequence[float],
) -> Iterator[Piece]:
    for upper, lower in sorted(steps):
        target = lower[0]
        x1, x2 = centres[upper], centres[lower]
        begin = tops[upper[1]] + (heights[upper[0]] if row_of[upper[0]] == upper[1] else 0)
        if begin < bottoms[upper[1]]:
            yield Piece(target, x1, begin, x1, bottoms[upper[1]])
        last = row_of[target] == lower[1]
        yield Piece(target, x1, bottoms[upper[1]], x2, tops[lower[1]], last)
