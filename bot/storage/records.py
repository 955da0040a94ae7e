"""The small aggregates: operators, audit, searches, desks and settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.cases.model import Operator
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.storage import tables
from bot.storage.cases import lock_persons
from bot.storage.moments import from_micros, to_micros
from bot.storage.ports import OperatorNotFound
from bot.storage.repository import Repository
from bot.storage.session import Row
from bot.storage.statements import Statement, upsert

_O: Final = tables.operators
_OPERATOR: Final = b"operators.data"
_FIND_OPERATOR: Final = Statement(sa.select(_O.c.id, _O.c.data).where(_O.c.user_hash == value("user_hash")))
_GET_OPERATOR: Final = Statement(sa.select(_O.c.id, _O.c.data).where(_O.c.id == value("id")))
_ADD_OPERATOR: Final = upsert(_O, ("user_hash", "created_at", "data"), ("user_hash",))
_SAVE_OPERATOR: Final = Statement(sa.update(_O).where(_O.c.id == value("b_id")).values(data=value("b_data")))


class SqlOperators(Repository):
    """Fulfils `bot.cases.ports.Operators`."""

    __slots__ = ()

    async def get_or_create(self, user_id: int, name: str, at: datetime) -> Operator:
        """Return the operator of a Telegram user, made or renamed as needed."""
        user_hash = self._cipher.hash("operators.user", user_id)
        row = await self._one(_FIND_OPERATOR, user_hash=user_hash)
        if row is None:
            sealed = self._seal(user_id, name, SOURCE_LOCALE)
            await self._session.run(_ADD_OPERATOR, user_hash=user_hash, created_at=to_micros(at), data=sealed)
            row = await self._one(_FIND_OPERATOR, user_hash=user_hash)
            assert row is not None
        operator = self._operator(row)
        if operator.name != name:
            operator = Operator(operator.id, operator.user_id, name, operator.locale)
            await self.save(operator)
        return operator

    async def get(self, operator_id: int) -> Operator:
        """Return an operator; raise `OperatorNotFound`."""
        row = await self._one(_GET_OPERATOR, id=operator_id)
        if row is None:
            raise OperatorNotFound("There is no such operator here.")
        return self._operator(row)

    async def save(self, operator: Operator) -> None:
        """Store name and locale."""
        sealed = self._seal(operator.user_id, operator.name, operator.locale)
        await self._session.run(_SAVE_OPERATOR, b_id=operator.id, b_data=sealed)

    def _seal(self, user_id: int, name: str, locale: Locale) -> bytes:
        return self._cipher.seal(_OPERATOR, {"user": user_id, "name": name, "locale": locale})

    def _operator(self, row: Row) -> Operator:
        data = self._cipher.open(_OPERATOR, row[1])
        return Operator(row[0], data["user"], data["name"], Locale(data["locale"]))


_A: Final = tables.audit
_RECORD: Final = Statement(
    sa.insert(_A).values({name: value(name) for name in ("at", "actor", "action", "case_id", "detail")})
)
_AUDIT_ORDER: Final = sa.select(_A.c.at, _A.c.actor, _A.c.action, _A.c.case_id, _A.c.detail).order_by(_A.c.id.desc())
_AUDIT: Final = Statement(_AUDIT_ORDER.limit(value("limit_", type_=sa.Integer)))
_AUDIT_OF_CASE: Final = Statement(
    _AUDIT_ORDER.where(_A.c.case_id == value("case_id")).limit(value("limit_", type_=sa.Integer))
)


class SqlAudit(Repository):
    """Fulfils `bot.cases.ports.Audit`."""

    __slots__ = ()

    async def record(self, at: datetime, actor: str, action: str, case_id: int | None = None, detail: str = "") -> None:
        """Add a row; `actor` is like `operator:7` or `system`, `detail` is a short fixed word."""
        await self._session.run(_RECORD, at=to_micros(at), actor=actor, action=action, case_id=case_id, detail=detail)

    async def rows(self, case_id: int | None = None, limit: int = 100) -> Sequence[dict[str, Any]]:
        """Return the newest rows first: at, actor, action, case_id, detail."""
        if case_id is None:
            rows = await self._session.rows(_AUDIT, limit_=limit)
        else:
            rows = await self._session.rows(_AUDIT_OF_CASE, case_id=case_id, limit_=limit)
        return [
            {"at": from_micros(at), "actor": actor, "action": action, "case_id": case, "detail": detail}
            for at, actor, action, case, detail in rows
        ]


_S: Final = tables.searches
_SEARCH: Final = b"searches.data"
_ADD_SEARCH: Final = Statement(
    sa.insert(_S).values(
        {
            "on": value("day", type_=sa.Text),
            "locale": value("locale"),
            "outcome": value("outcome"),
            "data": value("data"),
        }
    )
)
_SEARCHES_SINCE: Final = Statement(
    sa.select(_S.c.on, _S.c.locale, _S.c.outcome, _S.c.data).where(_S.c.on >= value("day")).order_by(_S.c.id)
)
_PURGE_SEARCHES: Final = Statement(sa.delete(_S).where(_S.c.on < value("day")))


class SqlSearches(Repository):
    """Fulfils `bot.cases.ports.Searches`."""

    __slots__ = ()

    async def add(self, text: str, locale: str, outcome: str, on: date, articles: Sequence[str] = ()) -> None:
        """Keep an anonymised search."""
        sealed = self._cipher.seal(_SEARCH, {"text": text, "articles": list(articles)})
        await self._session.run(_ADD_SEARCH, day=on.isoformat(), locale=locale, outcome=outcome, data=sealed)

    async def since(self, on: date) -> Sequence[dict[str, Any]]:
        """Return searches kept since a day: text, locale, outcome, on, articles."""
        found = []
        for day, locale, outcome, sealed in await self._session.rows(_SEARCHES_SINCE, day=on.isoformat()):
            data = self._cipher.open(_SEARCH, sealed)
            found.append({**data, "locale": locale, "outcome": outcome, "on": date.fromisoformat(day)})
        return found

    async def purge(self, before: date) -> int:
        """Delete searches older than a day; return how many."""
        return await self._session.run(_PURGE_SEARCHES, day=before.isoformat())


_D: Final = tables.desks
_DESK: Final = b"desks.data"
_CHAT_OF_DESK: Final = Statement(sa.select(_D.c.data).where(_D.c.desk == value("desk")))
_DESK_OF_CHAT: Final = Statement(sa.select(_D.c.desk).where(_D.c.chat_hash == value("chat_hash")).order_by(_D.c.desk))
_MOVE: Final = upsert(_D, ("desk", "chat_hash", "data"), ("desk",), ("chat_hash", "data"))
_OF_DESK: Final = tables.cases.c.desk == value("b_desk")
_LOCK_CASES: Final = lock_persons(_OF_DESK)
_LEAVE_TOPICS: Final = Statement(sa.update(tables.cases).where(_OF_DESK).values(thread_hash=None))


class SqlDesks(Repository):
    """Fulfils `bot.storage.ports.Desks`."""

    __slots__ = ()

    async def chat_id(self, desk: str) -> int | None:
        """Return the chat id stored for a desk, or None."""
        row = await self._one(_CHAT_OF_DESK, desk=desk)
        return int(self._cipher.open(_DESK, row[0])["chat"]) if row else None

    async def move(self, desk: str, chat_id: int) -> None:
        """Store the chat id of a desk. In another group the topics and cards of its cases are not there any more.

        Their numbers may belong to other cases there: an answer must never go to another person.
        """
        if await self.chat_id(desk) not in (None, chat_id):
            if self._session.locks:
                await self._session.rows(_LOCK_CASES, b_desk=desk)
            await self._session.run(_LEAVE_TOPICS, b_desk=desk)
        sealed = self._cipher.seal(_DESK, {"chat": chat_id})
        await self._session.run(_MOVE, desk=desk, chat_hash=self._cipher.hash("desks.chat", chat_id), data=sealed)

    async def by_chat(self, chat_id: int) -> str | None:
        """Return the desk that lives in a chat, or None."""
        row = await self._one(_DESK_OF_CHAT, chat_hash=self._cipher.hash("desks.chat", chat_id))
        return str(row[0]) if row else None


_K: Final = tables.settings
_SETTING: Final = b"settings.data"
_GET_SETTING: Final = Statement(sa.select(_K.c.data).where(_K.c.key == value("key")))
_PUT_SETTING: Final = upsert(_K, ("key", "data"), ("key",), ("data",))
_DELETE_SETTING: Final = Statement(sa.delete(_K).where(_K.c.key == value("key")))


class SqlSettings(Repository):
    """Fulfils `bot.storage.ports.Settings`."""

    __slots__ = ()

    async def get(self, key: str) -> Any:
        """Return a value, or None."""
        row = await self._one(_GET_SETTING, key=key)
        return self._cipher.open(_SETTING, row[0])["value"] if row else None

    async def put(self, key: str, value: Any) -> None:
        """Store a value; None deletes it."""
        if value is None:
            await self._session.run(_DELETE_SETTING, key=key)
        else:
            await self._session.run(_PUT_SETTING, key=key, data=self._cipher.seal(_SETTING, {"value": value}))
