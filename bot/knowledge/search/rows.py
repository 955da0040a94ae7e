"""Sparse tables in flat arrays: rows of numbered things, each with how often it stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating[Any]]

MOST: Final = 65_535
"""The highest count that is told apart from higher ones."""
REPEATED: Final = 8
"""Bits of the second of two counts in one value."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows of numbers. offsets: where row n begins (int64, one more than rows); ids: the numbers (int32)."""

    offsets: Numbers
    ids: Numbers

    @property
    def sizes(self) -> Numbers:
        """How many numbers each row has."""
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def sizes_of(self, rows: Numbers) -> Numbers:
        """How many numbers each of the chosen rows has."""
        return self.offsets[rows + 1] - self.offsets[rows]

    def numbers(self) -> Numbers:
        """The number of the row of every entry."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def places(self, rows: Numbers) -> Numbers:
        """Where the entries of the chosen rows stand, in the order of `rows`."""
        return ranges(self.offsets[rows], self.sizes_of(rows))


@dataclass(frozen=True, slots=True)
class Rows(Columns):
    """Rows of pairs: beside every number how often it stands there (uint16)."""

    values: Numbers

    @classmethod
    def of(cls, sizes: Numbers, ids: Numbers, values: Numbers) -> Self:
        """Rows of these sizes, one after the other; values above 65,535 are cut."""
        return cls(
            offsets_of(sizes), ids.astype(np.int32, copy=False), np.minimum(values, MOST).astype(np.uint16, copy=False)
        )

    @classmethod
    def counted(cls, shape: tuple[int, int], rows: Numbers, ids: Numbers, weights: Numbers | None = None) -> Self:
        """Count pairs in any order; shape: how many rows and ids there may be; weights: what each pair counts."""
        width = max(1, shape[1])
        keys = rows.astype(np.int64) * width + ids
        if weights is None:
            keys.sort()
            before: Numbers = np.arange(len(keys) + 1)
        else:
            order = np.argsort(keys)
            keys = keys[order]
            before = offsets_of(weights[order])
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(before[np.append(starts, len(keys))])
        keys = keys[starts]
        return cls.of(np.bincount(keys // width, minlength=shape[0]), keys % width, counts)

    @classmethod
    def join(cls, parts: Sequence[Rows]) -> Self:
        """The rows of all parts, one part after the other."""
        return cls.of(
            np.concatenate([part.sizes for part in parts]),
            np.concatenate([part.ids for part in parts]),
            np.concatenate([part.values for part in parts]),
        )

    def pieces(self) -> Iterator[tuple[Numbers, Numbers]]:
        """The numbers and the counts of one row after the other."""
        for start, end in pairwise(self.offsets.tolist()):
            yield self.ids[start:end], self.values[start:end]

    def select(self, rows: Numbers) -> Rows:
        """The chosen rows, in the order of `rows`."""
        places = self.places(rows)
        return Rows.of(self.sizes_of(rows), self.ids[places], self.values[places])


def offsets_of(sizes: Numbers) -> Numbers:
    """Where each of the stretches of these sizes begins, and where the last one ends."""
    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


def ranges(starts: Numbers, sizes: Numbers) -> Numbers:
    """The numbers start, start + 1, … of every range, one range after the other."""
    result = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    result += np.arange(len(result))
    return result


def by_column(columns: Numbers, rows: Numbers, count: int) -> Columns:
    """For every column, of `count`, the rows that have it, in order."""
    keys = (columns.astype(np.int64) << 32) | rows
    keys.sort()
    return Columns(offsets_of(np.bincount(columns, minlength=count)), (keys & 0xFFFFFFFF).astype(np.int32))


def distinct(numbers: Numbers) -> Numbers:
    """Every number once, in order; quick where the highest is not much more than how many there are."""
    return np.flatnonzero(np.bincount(numbers))


def sums(values: Floats, offsets: Numbers) -> Floats:
    """The sum of every stretch from one offset to the next; nothing is 0."""
    result = np.zeros(len(offsets) - 1)
    filled = np.flatnonzero(offsets[:-1] < offsets[1:])
    if len(filled):
        result[filled] = np.add.reduceat(values, offsets[filled])
    return result
