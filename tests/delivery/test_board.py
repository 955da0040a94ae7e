"""Whatever is put on the board comes off in the right order."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.delivery.board import Board
from bot.delivery.limiter import Limiter, Limits
from bot.storage.outbox import Slot
from bot.storage.ports import OnUnknown, Priority

NOW = 1_000_000.0


def slot(
    number: int,
    lane: int = 0,
    priority: int = Priority.MENU,
    chat: int | None = None,
    attempts: int = 0,
    after: float = 0.0,
    position: int | None = None,
) -> Slot:
    due = int((NOW + after) * 1e6)
    place = number * 1000 if position is None else position
    name = b"p%d" % (lane if chat is None else chat)
    return Slot(number, place, b"l%d" % lane, name, priority, OnUnknown.REPEAT, False, attempts, due)


def board(limits: Limits | None = None) -> Board:
    return Board(Limiter(limits or Limits.none()))


def picked(on: Board, now: float = NOW, release: bool = True) -> list[int]:
    found = []
    while (each := on.pick(now)) is not None:
        found.append(each.id)
        if release:
            on.remove(each.id, now)
            on.release(each.lane, now)
    return found


def test_the_more_pressing_lane_goes_first() -> None:
    calls = board()
    for number, priority in enumerate((4, 3, 2, 1, 0), 1):
        calls.put(slot(number, lane=number, priority=priority), NOW)
    assert picked(calls) == [5, 4, 3, 2, 1]


def test_an_urgent_call_pulls_the_calls_before_it_along() -> None:
    calls = board()
    calls.put(slot(1, lane=1, priority=Priority.CONVERSATION), NOW)
    calls.put(slot(2, lane=2, priority=Priority.BROADCAST), NOW)
    calls.put(slot(3, lane=2, priority=Priority.URGENT), NOW)
    assert picked(calls) == [2, 3, 1]


def test_a_lane_waits_for_its_call_under_way() -> None:
    calls = board()
    for number in (1, 2, 3):
        calls.put(slot(number, lane=1), NOW)
    assert picked(calls, release=False) == [1]
    calls.remove(1, NOW)
    calls.release(b"l1", NOW)
    assert picked(calls) == [2, 3]


def test_a_retry_holds_its_lane_and_a_plan_for_later_does_not() -> None:
    calls = board()
    calls.put(slot(1, lane=1, attempts=1, after=10), NOW)
    calls.put(slot(2, lane=1), NOW)
    calls.put(slot(3, lane=2, after=10), NOW)
    calls.put(slot(4, lane=2), NOW)
    assert picked(calls) == [4]
    assert calls.next_time(NOW) == NOW + 10
    assert picked(calls, NOW + 10) == [1, 2, 3]


def test_a_full_chat_lets_others_by_and_comes_back_in_time() -> None:
    calls = board(Limits(private_burst=1))
    for number in (1, 2):
        calls.put(slot(number, lane=number, chat=7, priority=Priority.CONVERSATION), NOW)
    calls.put(slot(3, lane=3, chat=8, priority=Priority.BROADCAST), NOW)
    assert picked(calls) == [1, 3]
    assert calls.next_time(NOW) == NOW + 1
    assert picked(calls, NOW + 1) == [2]


def test_into_a_group_goes_one_call_at_a_time() -> None:
    calls = board(Limits())
    for number in (1, 2):
        each = slot(number, lane=number)
        each.chat = b"g1"
        calls.put(each, NOW)
    calls.put(slot(3, lane=3, priority=Priority.BROADCAST), NOW)
    assert picked(calls, release=False) == [1, 3]
    calls.remove(1, NOW)
    calls.release(b"l1", NOW)
    assert picked(calls) == [2]


def test_a_call_put_before_another_goes_before_it() -> None:
    calls = board()
    calls.put(slot(1, lane=1), NOW)
    calls.put(slot(9, lane=1), NOW)
    calls.put(slot(10, lane=1, position=8_999), NOW)
    assert picked(calls) == [1, 10, 9]


def test_a_changed_call_is_known_by_its_new_shape() -> None:
    calls = board()
    calls.put(slot(1, lane=1, priority=Priority.BROADCAST), NOW)
    calls.put(slot(1, lane=1, priority=Priority.BROADCAST, attempts=1, after=5), NOW)
    assert len(calls) == 1
    assert picked(calls) == []
    assert picked(calls, NOW + 5) == [1]
    assert len(calls) == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=60))
def test_all_calls_come_off_in_order_of_their_lanes(plan: list[tuple[int, int]]) -> None:
    calls = board()
    wanted = defaultdict(list)
    for number, (lane, priority) in enumerate(plan, 1):
        calls.put(slot(number, lane=lane, priority=priority), NOW)
        wanted[lane].append(number)
    lanes = {number: lane for lane, numbers in wanted.items() for number in numbers}
    came = defaultdict(list)
    for number in picked(calls):
        came[lanes[number]].append(number)
    assert came == wanted


class BoardMachine(RuleBasedStateMachine):
    """Anything may happen at any time; a plain model says what must come next."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.board = board(Limits(overall_per_second=20, private_per_second=1, private_burst=2, group_per_minute=5))
        self.model: dict[int, Slot] = {}
        self.flying: dict[bytes, Slot] = {}
        self.number = 0

    @rule(lane=st.integers(0, 4), priority=st.integers(0, 4), chat=st.integers(0, 2), after=st.sampled_from([0, 0, 3]))
    def put(self, lane: int, priority: int, chat: int, after: float) -> None:
        self.number += 1
        each = slot(self.number, lane, priority, chat, after=after + self.now - NOW)
        self.model[each.id] = each
        each.chat = (b"g" if chat == 0 else b"p") + each.chat[1:]
        self.board.put(each, self.now)

    @rule(seconds=st.sampled_from([0.05, 1.0, 5.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def pick(self) -> None:
        found = self.board.pick(self.now)
        if found is None:
            return
        assert found.lane not in self.flying
        if found.chat[:1] == b"g":
            assert found.chat not in {each.chat for each in self.flying.values()}
        before = [
            each
            for each in self.model.values()
            if each.lane == found.lane
            and (each.position, each.id) < (found.position, found.id)
            and (each.not_before <= self.now * 1e6 or each.attempts)
        ]
        assert before == []
        assert found.not_before <= self.now * 1e6
        self.flying[found.lane] = found

    @precondition(lambda self: self.flying)
    @rule(fate=st.sampled_from(["sent", "again"]), which=st.randoms())
    def land(self, fate: str, which: object) -> None:
        lane = sorted(self.flying)[0]
        flown = self.flying.pop(lane)
        if fate == "sent":
            del self.model[flown.id]
            self.board.remove(flown.id, self.now)
        else:
            after = self.now - NOW + 2.0
            due = int((NOW + after) * 1e6)
            again = Slot(flown.id, flown.position, lane, flown.chat, flown.priority, flown.on_unknown, False, 1, due)
            self.model[flown.id] = again
            self.board.put(again, self.now)
        self.board.release(lane, self.now)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        idle = sorted(set(self.model) - {each.id for each in self.flying.values()})
        if idle:
            number = data.draw(st.sampled_from(idle))
            del self.model[number]
            self.board.remove(number, self.now)

    @invariant()
    def it_holds_what_was_put(self) -> None:
        assert len(self.board) == len(self.model)

    def teardown(self) -> None:
        """Given time, everything comes off: nothing is forgotten."""
        for lane in sorted(self.flying):
            flown = self.flying.pop(lane)
            del self.model[flown.id]
            self.board.remove(flown.id, self.now)
            self.board.release(lane, self.now)
        steps = 0
        while self.model:
            steps += 1
            assert steps < 2_000
            found = self.board.pick(self.now)
            if found is None:
                moment = self.board.next_time(self.now)
                assert moment is not None, "calls wait, but nobody would look again"
                self.now = max(self.now + 1e-6, moment)
                continue
            del self.model[found.id]
            self.board.remove(found.id, self.now)
            self.board.release(found.lane, self.now)


TestBoard = BoardMachine.TestCase
