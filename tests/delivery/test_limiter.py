"""Telegram's limits are kept whatever comes, and never longer than needed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limiter import Bucket, Limiter, Limits, Window

GAPS = st.lists(st.floats(0, 90, allow_nan=False), min_size=1, max_size=120)
GROUP, OTHER_GROUP, PRIVATE, OTHER_PRIVATE = b"g1", b"g2", b"p1", b"p2"


def most_within(moments: list[float], seconds: float) -> int:
    """Return the largest number of moments in any half-open stretch of time."""
    return max(sum(1 for each in moments if start <= each < start + seconds - 1e-6) for start in moments)


@given(GAPS, st.integers(1, 20), st.integers(0, 5))
def test_a_window_is_never_overfull_and_never_late(gaps: list[float], count: int, reserve: int) -> None:
    window, now, made = Window(count, 60.0, reserve), 1000.0, list[float]()
    for gap in gaps:
        now += gap
        ready = window.ready_at(now, urgent=True)
        if ready > now:  # then it was full indeed
            assert sum(1 for each in made if each > now - 60.0) >= count
        now = max(now, ready)
        window.take(now)
        made.append(now)
    assert most_within(made, 60.0) <= count


@given(GAPS, st.floats(0.1, 50), st.integers(1, 10))
def test_a_bucket_gives_its_burst_and_then_its_rate(gaps: list[float], rate: float, burst: int) -> None:
    bucket, now, made = Bucket(rate, burst), 1000.0, list[float]()
    for gap in gaps:
        now = max(now + gap, bucket.ready_at(now + gap))
        bucket.take(now)
        made.append(now)
    for index, start in enumerate(made):
        for later, end in enumerate(made[index:], 1):
            assert later <= burst + rate * (end - start) + 1e-3


def test_the_last_places_of_a_group_are_kept_for_what_is_urgent() -> None:
    window = Window(20, 60.0, 2)
    for _ in range(18):
        assert window.ready_at(0.0, urgent=False) == 0.0
        window.take(0.0)
    assert window.ready_at(0.0, urgent=False) == 60.0
    assert window.ready_at(0.0, urgent=True) == 0.0


def test_a_clock_that_is_put_back_stops_nobody() -> None:
    limiter = Limiter(Limits())
    for _ in range(5):
        limiter.take(GROUP, 10_000.0)
        limiter.take(PRIVATE, 10_000.0)
    assert limiter.chat_ready_at(GROUP, 1, 5_000.0) == 5_000.0
    assert limiter.chat_ready_at(PRIVATE, 1, 5_000.0) < 5_010.0
    assert limiter.overall_ready_at(5_000.0) < 5_001.0


def test_a_429_pauses_its_chat_and_two_chats_at_once_pause_all() -> None:
    limiter = Limiter(Limits())
    limiter.refused(GROUP, 30.0, 0.0)
    assert limiter.chat_ready_at(GROUP, 0, 0.0) == 30.0
    assert limiter.chat_ready_at(PRIVATE, 0, 0.0) == 0.0
    assert limiter.overall_ready_at(0.0) == 0.0
    limiter.refused(PRIVATE, 5.0, 1.0)
    assert limiter.overall_ready_at(1.0) == 6.0
    assert limiter.chat_ready_at(GROUP, 0, 31.0) == 31.0


def test_chats_do_not_share_a_limit_but_all_share_the_overall_one() -> None:
    limiter = Limiter(Limits(overall_per_second=30, private_burst=1))
    limiter.take(PRIVATE, 0.0)
    assert limiter.chat_ready_at(PRIVATE, 1, 0.0) == 1.0
    assert limiter.chat_ready_at(OTHER_PRIVATE, 1, 0.0) == 0.0
    assert limiter.chat_ready_at(OTHER_GROUP, 1, 0.0) == 0.0
    sent, now = 0, 0.0
    while now < 10.0:
        now = max(now, limiter.overall_ready_at(now))
        limiter.take(b"p%d" % sent, now)
        sent += 1
    assert 290 <= sent <= 320
