"""Telegram's limits on how fast a bot may send, as 429 answers.

Telegram publishes about 1 message a second into a chat (short bursts allowed), 20 a minute into a group, 30 a second in
all: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.refusals import Refused, too_many

COUNTED = frozenset(
    [
        "sendmessage",
        "sendphoto",
        "senddocument",
        "sendvoice",
        "sendvideo",
        "sendvideonote",
        "sendaudio",
        "sendanimation",
        "sendsticker",
        "sendlocation",
        "sendvenue",
        "sendcontact",
        "sendmediagroup",
        "senddice",
        "sendpoll",
        "forwardmessage",
        "forwardmessages",
        "copymessage",
        "copymessages",
        "editmessagetext",
        "editmessagecaption",
        "editmessagemedia",
        "editmessagereplymarkup",
        "createforumtopic",
        "editforumtopic",
        "closeforumtopic",
        "reopenforumtopic",
        "deleteforumtopic",
        "pinchatmessage",
    ]
)
"""Methods (lower case) that count against the limits."""


@dataclass(slots=True)
class _Bucket:
    rate: float
    size: float
    level: float
    at: float

    def wait(self, now: float, cost: float) -> float:
        """Return the seconds until `cost` fits, 0 when it does now."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(cost, self.size) - self.level) / self.rate)


@dataclass(slots=True)
class Pace:
    """Limits in force. None switches one off; all are off by default."""

    per_chat: float | None = None
    """Messages a second into one private chat."""
    burst: float = 4.0
    """How many may come at once into a private chat."""
    per_group: float | None = None
    """Messages a minute into one group."""
    overall: float | None = None
    """Messages a second in all."""
    timer: Callable[[], float] = time.monotonic
    refused: int = 0
    _buckets: dict[int, _Bucket] = field(default_factory=dict)

    @classmethod
    def telegram(cls) -> Pace:
        """Return the limits that Telegram publishes."""
        return cls(per_chat=1.0, per_group=20.0, overall=30.0)

    def check(self, chat_id: int, cost: float = 1.0) -> Refused | None:
        """Count `cost` messages into a chat; return the 429 when it is too many now."""
        wanted = []
        if self.overall:
            wanted.append(self._bucket(0, self.overall, self.overall))
        if chat_id > 0 and self.per_chat:
            wanted.append(self._bucket(chat_id, self.per_chat, self.burst))
        elif chat_id < 0 and self.per_group:
            wanted.append(self._bucket(chat_id, self.per_group / 60, self.per_group))
        if not wanted:
            return None
        now = self.timer()
        wait = max(bucket.wait(now, cost) for bucket in wanted)
        if wait > 0:
            self.refused += 1
            return too_many(max(1, math.ceil(wait)))
        for bucket in wanted:
            bucket.level -= cost
        return None

    def _bucket(self, key: int, rate: float, size: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.rate != rate:
            bucket = self._buckets[key] = _Bucket(rate, size, size, self.timer())
        return bucket
