"""Everybody who ever wrote: the chat is found by a keyed hash, all else is sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam as value

from bot.cases.model import Person
from bot.languages.locales import Locale
from bot.storage import tables
from bot.storage.moments import from_micros, to_micros
from bot.storage.outbox import chat_key
from bot.storage.ports import PersonNotFound, private_chat
from bot.storage.repository import Repository
from bot.storage.session import Row
from bot.storage.statements import Statement, upsert

_T: Final = tables.people
_DATA: Final = b"people.data"
_COLUMNS: Final = (_T.c.id, _T.c.created_at, _T.c.blocked_at, _T.c.data)

# A person is read to be changed: on PostgreSQL the row is locked, so that an operator's turn and the person's own one
# do not overwrite each other. SQLite has one writer anyway.
_FIND: Final = Statement(sa.select(*_COLUMNS).where(_T.c.chat_hash == value("chat_hash")).with_for_update())
_GET: Final = Statement(sa.select(*_COLUMNS).where(_T.c.id == value("id")).with_for_update())
_ADD: Final = upsert(_T, ("chat_hash", "created_at", "data"), ("chat_hash",), returning="id")
_SAVE: Final = Statement(
    sa.update(_T).where(_T.c.id == value("b_id")).values(blocked_at=value("b_blocked_at"), data=value("b_data"))
)
_DELETE: Final = Statement(sa.delete(_T).where(_T.c.id == value("id")))
_CASES_OF: Final = sa.select(tables.cases.c.id).where(tables.cases.c.person_id == value("person_id"))
_RELAYED: Final = sa.select(tables.relays.c.outbox_id).where(tables.relays.c.case_id.in_(_CASES_OF))
_DELETE_OUTBOX: Final = Statement(
    sa.delete(tables.outbox)
    .where(
        sa.or_(
            tables.outbox.c.person_id == value("person_id"),
            tables.outbox.c.chat == value("chat"),
            tables.outbox.c.id.in_(_RELAYED),
        )
    )
    .returning(tables.outbox.c.id)
)
_DELETE_JOBS: Final = Statement(sa.delete(tables.jobs).where(tables.jobs.c.person_id == value("person_id")))
_WIPE_INBOX: Final = Statement(
    sa.update(tables.inbox)
    .where(tables.inbox.c.lane == value("b_lane"))
    .values(data=None, lane=None, state=tables.INBOX_DONE, error=None)
)


class SqlPeople(Repository):
    """Fulfils `bot.cases.ports.People`."""

    __slots__ = ()

    async def get_or_create(self, chat_id: int, at: datetime) -> Person:
        """Return the person of a private chat, made at `at` if unknown."""
        found = await self.find(chat_id)
        if found is None:
            data = self._cipher.seal(_DATA, {"chat": chat_id})
            added = await self._one(_ADD, chat_hash=self._hash(chat_id), created_at=to_micros(at), data=data)
            found = Person(added[0], chat_id, at) if added else await self.find(chat_id)
            assert found is not None
        return found

    async def find(self, chat_id: int) -> Person | None:
        """Return the person of a private chat, or None."""
        row = await self._one(_FIND, chat_hash=self._hash(chat_id))
        return self._person(row) if row else None

    async def get(self, person_id: int) -> Person:
        """Return a person; raise `PersonNotFound`."""
        row = await self._one(_GET, id=person_id)
        if row is None:
            raise PersonNotFound("There is no such person here; perhaps the data was erased.")
        return self._person(row)

    async def save(self, person: Person) -> None:
        """Store all fields of a person that may change."""
        data: dict[str, Any] = {
            "chat": person.chat_id,
            "locale": person.locale,
            "citizenship": person.citizenship,
            "region": person.region,
            "session": person.session,
        }
        await self._session.run(
            _SAVE, b_id=person.id, b_blocked_at=to_micros(person.blocked_at), b_data=self._cipher.seal(_DATA, data)
        )

    async def erase(self, person_id: int) -> None:
        """Delete the person with all cases, relays, queued messages, jobs and inbox contents of that person."""
        person = await self.get(person_id)
        chat = private_chat(person.chat_id)
        removed = await self._session.rows(_DELETE_OUTBOX, person_id=person_id, chat=chat_key(self._cipher, chat))
        self._session.changes.outbox.update(row[0] for row in removed)
        await self._session.run(_DELETE_JOBS, person_id=person_id)
        await self._session.run(_WIPE_INBOX, b_lane=self._cipher.hash("inbox.lane", chat))
        await self._session.run(_DELETE, id=person_id)  # cases and relays go with it

    def _hash(self, chat_id: int) -> bytes:
        return self._cipher.hash("people.chat", chat_id)

    def _person(self, row: Row) -> Person:
        id_, created_at, blocked_at, sealed = row
        data = self._cipher.open(_DATA, sealed)
        locale = data.get("locale")
        return Person(
            id=id_,
            chat_id=data["chat"],
            created_at=from_micros(created_at),
            locale=Locale(locale) if locale else None,
            citizenship=data.get("citizenship"),
            region=data.get("region"),
            blocked_at=from_micros(blocked_at),
            session=data.get("session") or {},
        )
