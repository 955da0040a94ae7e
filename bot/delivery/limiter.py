"""Telegram's limits, kept on our side so that it never has to say 429. Pure: every moment comes in as a parameter.

Telegram's own ceilings: about 30 messages a second in all, 1 a second into a private chat with short bursts,
20 a minute into a group (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from bot.storage.outbox import is_group
from bot.storage.ports import Priority

NEVER: Final = float("-inf")
_MANY_CHATS: Final = 5_000


@dataclass(frozen=True)
class Limits:
    """How much may be sent. `group_reserve` of the calls a minute into a group are kept for urgent ones.

    `group_at_once` calls may be under way into one group; None means as many as its limit lets through in a tenth of a
    second, at least one. Each of them may be repeated if the program dies just then, so there should be no more of them
    than needed.
    """

    overall_per_second: float = 30.0
    private_per_second: float = 1.0
    private_burst: int = 3
    group_per_minute: int = 20
    group_reserve: int = 2
    group_at_once: int | None = None

    @classmethod
    def none(cls) -> Limits:
        """Return limits that never make anybody wait, for measuring."""
        return cls(1e9, 1e9, 1_000_000, 1_000_000, 0)


class Bucket:
    """A token bucket: `burst` at once, then `rate` a second. Moments are in seconds."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = NEVER

    def ready_at(self, now: float) -> float:
        """Return from when on the next call may be made: `now` or later."""
        self._fill(now)
        return now if self._tokens >= 1 - 1e-9 else now + (1 - self._tokens) / self._rate

    def take(self, now: float) -> None:
        """Note a call."""
        self._fill(now)
        self._tokens -= 1

    def idle(self, now: float) -> bool:
        """Return whether a new bucket would do the same."""
        self._fill(now)
        return self._tokens >= self._burst

    def _fill(self, now: float) -> None:
        if now > self._at != NEVER:  # a clock that was put back gives nothing and takes nothing
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now


class Window:
    """At most `count` calls within any `seconds`, of which `reserve` are for urgent ones."""

    __slots__ = ("_count", "_made", "_reserve", "_seconds")

    def __init__(self, count: int, seconds: float, reserve: int = 0) -> None:
        self._count = count
        self._seconds = seconds
        self._reserve = min(reserve, count - 1)
        self._made: deque[float] = deque()

    def ready_at(self, now: float, *, urgent: bool) -> float:
        """Return from when on the next call may be made: `now` or later."""
        self._forget(now)
        allowed = self._count if urgent else self._count - self._reserve
        if len(self._made) < allowed:
            return now
        return max(now, self._made[len(self._made) - allowed] + self._seconds)

    def take(self, now: float) -> None:
        """Note a call."""
        self._made.append(now)

    def idle(self, now: float) -> bool:
        """Return whether a new window would do the same."""
        self._forget(now)
        return not self._made

    def _forget(self, now: float) -> None:
        made = self._made
        while made and made[-1] > now:  # the clock was put back
            made.pop()
        while made and made[0] <= now - self._seconds:
            made.popleft()


class Limiter:
    """All limits of one bot. Keys of chats are those of `bot.storage.outbox.chat_key`; moments are in seconds."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._overall = Bucket(limits.overall_per_second, max(1.0, limits.overall_per_second / 3))
        self._private: dict[bytes, Bucket] = {}
        self._groups: dict[bytes, Window] = {}
        self._paused: dict[bytes, float] = {}
        self._overall_paused = NEVER

    def at_once(self, chat: bytes) -> int:
        """Return how many calls may be under way into a chat."""
        if not is_group(chat):
            return _MANY_CHATS
        return self._limits.group_at_once or max(1, self._limits.group_per_minute // 600)

    def overall_ready_at(self, now: float) -> float:
        """Return from when on a call into any chat may be made."""
        return max(self._overall.ready_at(now), self._overall_paused)

    def chat_ready_at(self, chat: bytes, priority: int, now: float) -> float:
        """Return from when on a call into this chat may be made."""
        if is_group(chat):
            window = self._groups.get(chat)
            ready = window.ready_at(now, urgent=priority == Priority.URGENT) if window else now
        else:
            bucket = self._private.get(chat)
            ready = bucket.ready_at(now) if bucket else now
        paused = self._paused.get(chat)
        if paused is not None:
            if paused <= now:
                del self._paused[chat]
            else:
                ready = max(ready, paused)
        return ready

    def take(self, chat: bytes, now: float) -> None:
        """Note a call into a chat."""
        self._overall.take(now)
        if is_group(chat):
            window = self._groups.get(chat)
            if window is None:
                window = self._groups[chat] = Window(self._limits.group_per_minute, 60.0, self._limits.group_reserve)
            window.take(now)
            return
        bucket = self._private.get(chat)
        if bucket is None:
            if len(self._private) >= _MANY_CHATS:
                self._private = {key: each for key, each in self._private.items() if not each.idle(now)}
            bucket = self._private[chat] = Bucket(self._limits.private_per_second, self._limits.private_burst)
        bucket.take(now)

    def refused(self, chat: bytes, retry_after: float, now: float) -> None:
        """Telegram said 429 for a chat: it is left alone for `retry_after`.

        Telegram does not say whether the chat or the whole bot was too fast. Two chats refused at the same time mean
        the bot, so everything waits.
        """
        others = [chat_ for chat_, until in self._paused.items() if until > now and chat_ != chat]
        self._paused[chat] = max(self._paused.get(chat, NEVER), now + retry_after)
        if others:
            self.pause(now + retry_after)

    def pause(self, until: float) -> None:
        """Make no call at all until a moment."""
        self._overall_paused = max(self._overall_paused, until)
