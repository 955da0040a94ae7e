"""Editors' work in their chat: status, previews, sent files, approval, publication, taking back, gaps.

Files are fetched and checked in the background after the update is committed; what comes of it is a message of its own.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.clock import Clock, moscow_date
from bot.conversation.screens import Action, Button, Screen
from bot.editing.folder import read_folder
from bot.editing.publishing import Proposal, Publisher
from bot.editing.status import status_of
from bot.editing.whole import inspect_whole
from bot.editing.yamledit import set_list
from bot.errors import HotlineError
from bot.knowledge.checks import inspect
from bot.knowledge.document import Block, Document, Span
from bot.knowledge.search import SearchIndex
from bot.knowledge.search.gaps import Group, group_by_likeness
from bot.languages.locales import SOURCE_LOCALE, Locale
from bot.languages.texts import Texts
from bot.storage.ports import NewOutbox, Transaction, group_chat
from bot.telegram.effects import message_params
from bot.telegram.outgoing import EDITORS

LINES_SHOWN: Final = 25
"""Findings or changed lines in one message."""
GAPS_SHOWN: Final = 8
GAPS_SINCE: Final = timedelta(days=30)
FILE_MOST: Final = 5_000_000
"""Bytes of a sent file that are fetched."""

OpenTransaction = Callable[[], AbstractAsyncContextManager[Transaction]]
_log = structlog.get_logger("editors")


@dataclass
class EditorsDesk:
    """What editors can do; `index` returns the search now in use."""

    bot: Bot
    folder: Path
    publisher: Publisher
    texts: Texts
    clock: Clock
    transaction: OpenTransaction
    index: Callable[[], SearchIndex]

    def __post_init__(self) -> None:
        self._proposals: dict[str, Proposal] = {}
        self._gaps: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def today(self) -> date:
        """The date in Moscow."""
        return moscow_date(self.clock.now())

    def text(self, text_id: str, **values: object) -> str:
        """Return an interface text in the editors' language."""
        return self.texts.get(SOURCE_LOCALE, text_id, **values)

    async def say(self, title: str, lines: Sequence[str] = (), buttons: Sequence[Button] = ()) -> None:
        """Queue a message for the editors' chat in a transaction of its own."""
        blocks = [
            Block("title", (Span(title),)),
            *[Block("paragraph", (Span(line),)) for line in lines if line.strip()],
        ]
        params = {
            "chat_id": {"$desk": EDITORS},
            **message_params(Screen(Document(tuple(blocks), SOURCE_LOCALE), tuple(buttons))),
        }
        async with self.transaction() as tx:
            await tx.outbox.add(NewOutbox("editors", group_chat("editors"), "sendMessage", params))

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something after the update that asked for it is committed; errors are told to the editors."""
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait for what is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except HotlineError as error:
            await self.say(self.text("editors-cannot"), str(error).splitlines()[:LINES_SHOWN])
        except TelegramAPIError as error:
            _log.warning("editors' file not fetched", error=type(error).__name__)
            await self.say(self.text("editors-not-fetched"))

    async def status(self) -> None:
        """Say how the knowledge stands."""
        files = await asyncio.to_thread(read_folder, self.folder)
        found = status_of(await asyncio.to_thread(inspect_whole, files, self.today), self.today)
        lines = [
            self.text(
                "editors-status-line",
                locale=locale.value,
                complete=state.complete,
                stale=len(state.stale),
                missing=len(state.missing),
            )
            for locale, state in found.locales.items()
        ]
        lines.append(self.text("editors-status-due", past=len(found.past_check_by), soon=len(found.due_soon)))
        title = self.text("editors-status", articles=found.articles, errors=found.errors, version=found.version)
        await self.say(title, lines)

    async def propose(self, file_id: str, name: str, size: int, place: str | None, editor: str) -> None:
        """Fetch a sent file and show what it changes, with buttons to publish or drop it."""
        if size > FILE_MOST:
            await self.say(self.text("editors-too-large"))
            return
        content = io.BytesIO()
        await self.bot.download(file_id, destination=content)
        proposal = await self.publisher.propose_file(name, content.getvalue(), editor, place or None)
        await self._show(proposal)

    async def _show(self, proposal: Proposal) -> None:
        findings = [finding.line_of_text("ru") for finding in proposal.findings[:LINES_SHOWN]]
        if not proposal.publishable:
            text_id = "editors-has-errors" if proposal.files else "editors-no-change"
            await self.say(self.text(text_id), findings)
            return
        self._proposals[proposal.id] = proposal
        lines = list(findings)
        for change in proposal.changes:
            lines.append(f"{change.id} · {change.locale} · {change.part} ({change.on:%d.%m.%Y})")
            lines += list(change.lines())
        shown = lines[:LINES_SHOWN]
        if len(lines) > len(shown):
            shown.append(self.text("editors-more", number=len(lines) - len(shown)))
        buttons = [
            Button(self.text("button-publish"), Action.of("e-ok", proposal.id), wide=False),
            Button(self.text("button-drop"), Action.of("e-no", proposal.id), wide=False),
        ]
        await self.say(self.text("editors-proposal", id=proposal.id), shown, buttons)

    async def approve(self, proposal_id: str, editor: str) -> None:
        """Publish what another editor proposed."""
        proposal = self._proposals.get(proposal_id)
        if proposal is None:
            await self.say(self.text("editors-proposal-gone"))
            return
        publication = await self.publisher.publish(proposal, editor)
        self._proposals.pop(proposal_id, None)
        await self.say(self.text("editors-published", id=publication.id), sorted(publication.after))

    async def drop(self, proposal_id: str) -> None:
        """Forget a proposal."""
        if self._proposals.pop(proposal_id, None) is not None:
            await self.say(self.text("editors-dropped", id=proposal_id))

    async def roll_back(self, publication_id: str, editor: str) -> None:
        """Take a publication back; one editor is enough, because what comes back was approved before."""
        publication = await self.publisher.undo(publication_id, editor)
        await self.say(self.text("editors-rolled-back", id=publication.undoes or ""), sorted(publication.after))

    async def gaps(self) -> None:
        """Show searches that found nothing or did not help, grouped, each with articles to add it to."""
        async with self.transaction() as tx:
            rows = await tx.searches.since(self.today - GAPS_SINCE)
        groups = group_by_likeness([str(row["text"]) for row in rows])
        if not groups:
            await self.say(self.text("editors-no-gaps"))
            return
        for number, group in enumerate(groups[:GAPS_SHOWN]):
            await self._show_gap(number, group, str(rows[group.places[0]]["locale"]))

    async def _show_gap(self, number: int, group: Group, locale: str) -> None:
        key = f"{number}{abs(hash(group.example)) % 10_000}"
        self._gaps[key] = f"{locale}\n{group.example}"
        hits = self.index().search(group.example).articles[:3]
        buttons = [
            Button(self.text("button-add-ask", article=hit.id), Action.of("e-ask", key, hit.id))
            for hit in hits
            if len(self.text("button-add-ask", article=hit.id)) <= 64
        ]
        title = self.text("editors-gap", count=len(group.places), locale=locale)
        await self.say(title, [f"«{group.example}»"], buttons)

    async def add_ask(self, key: str, article_id: str, editor: str) -> None:
        """Propose a search as an `ask` of an article, in the language it was asked in; another editor approves it."""
        locale, _, words = self._gaps.get(key, "").partition("\n")
        if not words or locale not in set(Locale):
            await self.say(self.text("editors-proposal-gone"))
            return
        path = f"articles/{article_id}/{locale}.yaml"
        files = await asyncio.to_thread(read_folder, self.folder)
        content = files.get(path)
        if content is None:
            await self.say(self.text("editors-proposal-gone"))
            return
        text = content if isinstance(content, str) else content.decode("utf-8")
        asks = inspect(files, self.today).load.partial.articles[article_id].texts[Locale(locale)].asks
        changed = set_list(text, ("asks",), [*asks, words])
        await self._show(await self.publisher.propose_file(path, changed.encode(), editor, path))
