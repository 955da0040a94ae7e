"""Ids that are known only at the moment of sending: of an earlier call, of a case's topic, of a desk's group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.cases.model import CaseNotFound, RelayState
from bot.delivery.ports import Refusal, Refused
from bot.errors import HotlineError
from bot.storage.ports import OutboxState, RelayNotFound
from bot.storage.transaction import SqlTransaction

_SENT: Final = "$sent"
_RELAY: Final = "$relay"
_THREAD: Final = "$thread"
_DESK: Final = "$desk"
_TOPIC: Final = "message_thread_id"
_REPLY: Final = "reply_parameters"
_ON_ITS_WAY: Final = (OutboxState.QUEUED, OutboxState.SENDING)


class ReferenceNotYetKnown(HotlineError):
    """A call refers to another one that is still to be made."""


async def fill(tx: SqlTransaction, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return `params` with all references replaced by ids.

    A reply to a message that never came to be loses only its reply. Raise `ReferenceNotYetKnown`, or `Refused` as
    Telegram would, where there is nothing to refer to.
    """
    filled = {}
    for name, value in params.items():
        if name == _TOPIC and value.__class__ is dict:
            filled[name] = await _thread(tx, int(value[_THREAD]), params.get("chat_id"))
        elif name == _REPLY:
            try:
                filled[name] = await _fill(tx, value)
            except Refused:
                continue
        else:
            filled[name] = await _fill(tx, value)
    return filled


async def _fill(tx: SqlTransaction, value: Any) -> Any:
    if value.__class__ is dict:
        if len(value) == 1:
            key, about = next(iter(value.items()))
            if key == _SENT:
                return await _sent(tx, int(about))
            if key == _RELAY:
                return await _relay(tx, int(about))
            if key == _DESK:
                return await _desk(tx, str(about))
        return {name: await _fill(tx, each) for name, each in value.items()}
    if value.__class__ is list:
        return [await _fill(tx, each) for each in value]
    return value


async def _sent(tx: SqlTransaction, row_id: int) -> int:
    found = await tx.outbox.result_of(row_id)
    if found is not None:
        state, result = found
        if state in _ON_ITS_WAY:
            raise ReferenceNotYetKnown("The message that this one refers to is still on its way.")
        if result is not None:
            return result
    raise Refused(Refusal.MESSAGE_GONE, "The message that this one refers to was never sent.")


async def _relay(tx: SqlTransaction, relay_id: int) -> int:
    try:
        relay = await tx.relays.get(relay_id)
    except RelayNotFound as error:
        raise Refused(Refusal.MESSAGE_GONE, "The message that this one refers to was purged.") from error
    if relay.target_message is not None:
        return relay.target_message
    if relay.state is RelayState.QUEUED and relay.outbox_id is not None:
        found = await tx.outbox.result_of(relay.outbox_id)
        if found is not None and found[0] in _ON_ITS_WAY:
            raise ReferenceNotYetKnown("The message that this one refers to is still on its way.")
    raise Refused(Refusal.MESSAGE_GONE, "The message that this one refers to was never sent.")


async def _thread(tx: SqlTransaction, case_id: int, chat: Any) -> int:
    try:
        case = await tx.cases.look(case_id)
    except CaseNotFound as error:
        raise Refused(Refusal.THREAD_LOST, "The case was purged, its topic is not known any more.") from error
    if case.thread_id is None:
        raise Refused(Refusal.THREAD_LOST, "The case has no topic.")
    desk = chat.get(_DESK) if isinstance(chat, dict) else None
    if desk != case.desk and await tx.desks.chat_id(str(desk)) != await tx.desks.chat_id(case.desk):
        raise Refused(Refusal.THREAD_LOST, "The case has moved to another desk.")
    return case.thread_id


async def _desk(tx: SqlTransaction, desk: str) -> int:
    chat_id = await tx.desks.chat_id(desk)
    if chat_id is None:
        raise Refused(Refusal.CHAT_NOT_FOUND, f"The group of the desk {desk} is not known.")
    return chat_id
