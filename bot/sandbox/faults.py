"""Misbehaviour on demand: what a network, a server and people do to a bot, switchable from Python.

    telegram.faults.drop_after("sendMessage", count=3)            delivered, but the answer never comes
    telegram.faults.too_many(retry_after=2, probability=0.2, count=None)
    telegram.faults.shuffle_updates(count=None)

Every fault takes names of methods (none: all), `count` (how often it happens, None without end), `probability`,
and `after` (how many fitting requests pass before it begins). Chance is seeded, so a run can be repeated.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

IN_REQUEST = ("delay", "drop_before", "drop_after", "bad_gateway", "server_error", "too_many")
ON_TARGET = ("block_user", "deactivate_user", "close_topic", "delete_topic", "migrate_group")
ON_UPDATES = ("repeat_update", "shuffle_updates")


@dataclass(slots=True)
class Fault:
    """One switched-on fault; `happened` counts. `seconds` is the delay or the retry_after of its kind."""

    kind: str
    methods: frozenset[str]
    count: int | None = 1
    probability: float = 1.0
    after: int = 0
    seconds: float = 0.0
    happened: int = 0

    @property
    def is_spent(self) -> bool:
        """Tell whether it has happened as often as it was asked to."""
        return self.count is not None and self.happened >= self.count


class Faults:
    """The faults that are switched on. `happened` counts all that ever happened, by kind."""

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.active: list[Fault] = []
        self.happened: Counter[str] = Counter()

    def add(self, kind: str, *methods: str, seconds: float = 0.0, **how: Any) -> Fault:
        """Switch a fault on; `how` holds count, probability, after. Raises ValueError for an unknown kind."""
        if kind not in IN_REQUEST + ON_TARGET + ON_UPDATES:
            raise ValueError(f"there is no fault {kind!r}; there are {', '.join(IN_REQUEST + ON_TARGET + ON_UPDATES)}")
        fault = Fault(kind, frozenset(name.lower() for name in methods), seconds=seconds, **how)
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Switch everything off."""
        self.active.clear()

    def hit(self, kind: str, method: str = "") -> Fault | None:
        """Return the fault of `kind` that happens now to a request of `method`, and count it."""
        if not self.active:
            return None
        name = method.lower()
        for fault in self.active:
            if fault.kind != kind or (fault.methods and name not in fault.methods) or fault.is_spent:
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            if fault.probability < 1.0 and self.random.random() >= fault.probability:
                continue
            fault.happened += 1
            self.happened[kind] += 1
            return fault
        return None

    def drop_before(self, *methods: str, **how: Any) -> Fault:
        """Close the connection before the request has any effect."""
        return self.add("drop_before", *methods, **how)

    def drop_after(self, *methods: str, **how: Any) -> Fault:
        """Carry the request out, then close the connection without an answer."""
        return self.add("drop_after", *methods, **how)

    def bad_gateway(self, *methods: str, **how: Any) -> Fault:
        """Answer 502 with a page of HTML and no effect."""
        return self.add("bad_gateway", *methods, **how)

    def server_error(self, *methods: str, **how: Any) -> Fault:
        """Answer 500 as the Bot API does, with no effect."""
        return self.add("server_error", *methods, **how)

    def delay(self, seconds: float, *methods: str, **how: Any) -> Fault:
        """Let the request wait `seconds` before it is carried out."""
        return self.add("delay", *methods, seconds=seconds, **how)

    def too_many(self, *methods: str, retry_after: int = 1, **how: Any) -> Fault:
        """Answer 429 with `retry_after` seconds."""
        return self.add("too_many", *methods, seconds=retry_after, **how)

    def repeat_update(self, **how: Any) -> Fault:
        """Deliver an update once more after it was confirmed."""
        return self.add("repeat_update", **how)

    def shuffle_updates(self, **how: Any) -> Fault:
        """Deliver a batch of updates out of order."""
        return self.add("shuffle_updates", **how)

    def block_user(self, *methods: str, **how: Any) -> Fault:
        """Let the person block the bot just before the request to their chat."""
        return self.add("block_user", *methods, **how)

    def deactivate_user(self, *methods: str, **how: Any) -> Fault:
        """Let the account disappear just before the request to its chat."""
        return self.add("deactivate_user", *methods, **how)

    def close_topic(self, *methods: str, **how: Any) -> Fault:
        """Let an administrator close the forum topic just before the request into it."""
        return self.add("close_topic", *methods, **how)

    def delete_topic(self, *methods: str, **how: Any) -> Fault:
        """Let an administrator delete the forum topic just before the request into it."""
        return self.add("delete_topic", *methods, **how)

    def migrate_group(self, *methods: str, **how: Any) -> Fault:
        """Let the group become a supergroup with a new id just before the request into it."""
        return self.add("migrate_group", *methods, **how)
