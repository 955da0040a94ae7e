"""Moments as whole microseconds since 1970 in UTC: the same in every engine, and in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, overload

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@overload
def to_micros(moment: datetime) -> int: ...
@overload
def to_micros(moment: None) -> None: ...
def to_micros(moment: datetime | None) -> int | None:
    """Return an aware moment in microseconds."""
    return None if moment is None else (moment - _START) // _MICROSECOND


@overload
def from_micros(value: int) -> datetime: ...
@overload
def from_micros(value: None) -> None: ...
def from_micros(value: int | None) -> datetime | None:
    """Return the aware moment in UTC."""
    return None if value is None else _START + timedelta(microseconds=value)
