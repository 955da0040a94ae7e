"""Wiring: one running hotline."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import structlog
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound, TelegramUnauthorizedError
from aiogram.methods import DeleteWebhook, GetChat, SetWebhook
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.cases.routing import Desk
from bot.clock import Chance, Clock, SystemChance, SystemClock, moscow_date
from bot.conversation.desk.moving import adopt_waiting
from bot.conversation.library import Library
from bot.conversation.retention import Keeping, plan
from bot.conversation.turn import House, Turn
from bot.delivery.limiter import Limits
from bot.delivery.pauses import Growth
from bot.delivery.runner import Delivery, DeliverySettings
from bot.delivery.sender import SenderSettings
from bot.editing.publication_log import PublicationLog
from bot.editing.publishing import Publisher
from bot.editing.reload import KnowledgeHolder, Watcher
from bot.editing.whole import WholeInspection
from bot.errors import BadSettings, HotlineError
from bot.knowledge.base import Knowledge
from bot.knowledge.findings import Finding
from bot.languages.locales import Locale
from bot.languages.texts import DOMAIN, Texts
from bot.library import build_library, make_library
from bot.settings import Settings
from bot.storage.crypto import KeySource
from bot.storage.store import SqlStore, open_store
from bot.telegram.calls import PlainSession
from bot.telegram.editor.desk import EditorsDesk
from bot.telegram.feed import ALLOWED_UPDATES, PollingFeed
from bot.telegram.handler import TelegramHandler
from bot.telegram.outcomes import TelegramOutcomes
from bot.telegram.outgoing import ADMINS, EDITORS
from bot.telegram.profile import introduce
from bot.telegram.transport import NO_ANSWER, TelegramTransport
from bot.web.health import add_webhook, health_app, serve
from bot.web.meters import PrometheusMeter

_ANNOUNCING_PAUSES = Growth(first=1.0, longest=60.0)
FINDINGS_TOLD = 20
"""Findings that fit one message to the editors."""

_log = structlog.get_logger("app")


class TelegramUnusable(HotlineError):
    """Telegram refuses the token or a desk's chat; the text says which setting to mend."""


class FolderUnreadable(HotlineError):
    """A folder named in the settings cannot be read."""


class AddressTaken(HotlineError):
    """An address that the settings name cannot be listened on."""


class Hotline:
    """A hotline with its database, its knowledge and its connection to Telegram. Make it with `open`."""

    def __init__(
        self, settings: Settings, store: SqlStore, texts: Texts, library: Library, clock: Clock, chance: Chance
    ) -> None:
        self.settings = settings
        self.store = store
        self._library = library
        self._clock = clock
        self._chance = chance
        self.bot = make_bot(settings)
        desks = [
            Desk(desk.key, desk.name, desk.locale, desk.languages, desk.topics, desk.regions) for desk in settings.desks
        ]
        self.house = House(texts, lambda: self._library, desks, clock, chance)
        self.handler = TelegramHandler(
            self.bot,
            self.house,
            store,
            desk_chats={desk.key: desk.chat for desk in settings.desks},
            alarm_chat=settings.telegram.admin_chat,
            editors_chat=settings.telegram.editors_chat,
            keeping=Keeping(
                timedelta(days=settings.retention.closed_cases), timedelta(days=settings.retention.searches)
            ),
        )
        if settings.telegram.editors_chat is not None:
            self.handler.editors = self._editors()
        self.registry = CollectorRegistry()
        polling = settings.telegram.mode == "polling"
        self.delivery = Delivery(
            store,
            handler=self.handler,
            transport=TelegramTransport(self.bot, settings.knowledge),
            outcomes=TelegramOutcomes(self.house, self.handler.renderer),
            jobs=self.handler,
            clock=clock,
            chance=chance,
            feed=PollingFeed(self.bot) if polling else None,
            meter=PrometheusMeter(self.registry),
            settings=DeliverySettings(sender=SenderSettings(limits=_limits(settings))),
        )
        holder = KnowledgeHolder(library.knowledge)
        self._prepared = library
        self._watcher = Watcher(
            settings.knowledge,
            holder,
            clock,
            self._knowledge_changed,
            self._knowledge_broken,
            prepare=self._prepare,
        )
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._runners: list[web.AppRunner] = []
        self.web_port = 0

    @classmethod
    async def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        chance: Chance | None = None,
        library: Library | None = None,
    ) -> Self:
        """Read texts and knowledge (or use a `library` read before), open the database.

        Raise a `HotlineError` that says what to mend.
        """
        clock = clock or SystemClock()
        texts = read_texts(settings.locales)
        if library is None:
            library = await asyncio.to_thread(build_library, settings.knowledge, moscow_date(clock.now()))
        secret = settings.secret_key.get_secret_value() if settings.secret_key else None
        store = await open_store(settings.database, KeySource(secret, settings.secret_key_file), clock)
        hotline = cls(settings, store, texts, library, clock, chance or SystemChance())
        await hotline._settle_desks()
        _spare_the_collector()
        return hotline

    def _editors(self) -> EditorsDesk:
        log = PublicationLog(self.settings.publications)
        return EditorsDesk(
            bot=self.bot,
            folder=self.settings.knowledge,
            publisher=Publisher(self.settings.knowledge, log, self._clock),
            texts=self.house.texts,
            clock=self._clock,
            transaction=self.store.transaction,
            index=lambda: self._library.index,
        )

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge now in use."""
        return self._library.knowledge

    async def _settle_desks(self) -> None:
        """Store where desks, administrators and editors are, unless a group moved since the settings were written."""
        places = {desk.key: desk.chat for desk in self.settings.desks}
        offices = {ADMINS: self.settings.telegram.admin_chat, EDITORS: self.settings.telegram.editors_chat}
        places |= {name: chat for name, chat in offices.items() if chat is not None}
        async with self.store.transaction() as tx:
            for key, chat in places.items():
                if await tx.settings.get(f"desk-chat:{key}") != chat:
                    await tx.settings.put(f"desk-chat:{key}", chat)
                    await tx.desks.move(key, chat)
            turn = Turn(self.house, tx, self._clock.now())
            await plan(turn)
            moved = await adopt_waiting(turn)
            await self.handler.renderer(tx).render(turn.effects)
        if moved:
            _log.warning("cases waited at desks that are not in the settings: other desks have them now", cases=moved)

    async def start(self) -> None:
        """Begin to work. Raise `TelegramUnusable` where the token is refused; an unreachable Telegram is waited for."""
        await self._greet_telegram()
        page = self.settings.web
        self.web_port = await self._serve(health_app(self._health, self.registry), page.host, page.port, "web")
        announcing = await self._listen() if self.settings.telegram.mode == "webhook" else None
        self._tasks = [
            asyncio.create_task(self.delivery.run(self._stop), name="delivery"),
            asyncio.create_task(self._watcher.run(), name="knowledge"),
            asyncio.create_task(introduce(self.bot, self.house.texts), name="profile"),
            *([announcing] if announcing else []),
        ]
        _log.info("started", mode=self.settings.telegram.mode, articles=len(self.knowledge.articles))

    async def _serve(self, app: web.Application, host: str, port: int, setting: str) -> int:
        try:
            runner, used = await serve(app, host, port)
        except OSError as error:
            text = f"{setting}: {host} port {port} cannot be listened on ({error.strerror}). Choose another port."
            raise AddressTaken(text) from None
        self._runners.append(runner)
        return used

    async def _greet_telegram(self) -> None:
        try:
            await self.bot.me()
            if self.settings.telegram.mode == "polling":
                await self.bot(DeleteWebhook(drop_pending_updates=False), request_timeout=20)
        except (TelegramUnauthorizedError, TelegramNotFound):
            text = "telegram.token: Telegram refuses it. Set HOTLINE_TELEGRAM__TOKEN to the one from @BotFather."
            raise TelegramUnusable(text) from None
        except NO_ANSWER as error:
            base = self.settings.telegram.api_base
            _log.warning("telegram unreachable, trying again", api_base=base, error=type(error).__name__)
            return
        for desk in self.settings.desks:
            await self._check_desk(desk.key)

    async def _check_desk(self, key: str) -> None:
        async with self.store.reading() as tx:
            chat = await tx.desks.chat_id(key)
        try:
            found = await self.bot(GetChat(chat_id=chat or 0), request_timeout=20)
        except NO_ANSWER as error:
            _log.error(
                "desk not found in Telegram: add the bot to the group as an administrator and compare the chat id",
                setting=f"desks.{key}.chat",
                error=type(error).__name__,
            )
            return
        if not found.is_forum:
            _log.error("the desk's group has no topics: switch them on in the group's settings", desk=key)

    async def _listen(self) -> asyncio.Task[None] | None:
        """Listen for updates and tell Telegram where; where it cannot be reached, return the task that tries again."""
        hook = self.settings.telegram.webhook
        if hook is None:
            raise BadSettings("telegram.webhook: missing, but telegram.mode is webhook.")
        app = web.Application(client_max_size=1 << 20)
        secret = hook.secret.get_secret_value()
        add_webhook(app, hook.path, secret, self.delivery.intake.store_updates)
        port = await self._serve(app, hook.host, hook.port, "telegram.webhook")
        call = SetWebhook(
            url=hook.url.replace(":0/", f":{port}/"),
            secret_token=secret,
            allowed_updates=list(ALLOWED_UPDATES),
            drop_pending_updates=False,
            max_connections=40,
        )
        if await self._announce(call):
            return None
        return asyncio.create_task(self._announce_until_heard(call), name="webhook")

    async def _announce(self, call: SetWebhook) -> bool:
        try:
            await self.bot(call, request_timeout=20)
        except TelegramBadRequest as error:
            raise TelegramUnusable(f"telegram.webhook: Telegram refuses it ({error.message}).") from None
        except NO_ANSWER as error:
            _log.warning("webhook not set, trying again", error=type(error).__name__)
            return False
        return True

    async def _announce_until_heard(self, call: SetWebhook) -> None:
        tries = 1
        while True:
            await asyncio.sleep(_ANNOUNCING_PAUSES.after(tries, self._chance))
            try:
                if await self._announce(call):
                    return
            except TelegramUnusable as error:
                _log.error("webhook refused", advice=str(error))
                return
            tries += 1

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set or the delivery fails for good; raise what made it fail."""
        waiting = asyncio.create_task(stop.wait())
        try:
            await self.start()
            await asyncio.wait([waiting, self._tasks[0]], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            await self.stop()

    async def stop(self) -> None:
        """Finish what is under way within ten seconds and close everything."""
        self._stop.set()
        others = self._tasks[1:]
        for task in others:
            task.cancel()
        for runner in self._runners:
            await runner.cleanup()
        try:
            if self._tasks:
                await self._tasks[0]
        finally:
            await asyncio.gather(*others, return_exceptions=True)
            await self.handler.finish()
            await self.bot.session.close()
            await self.store.close()
            _log.info("stopped")

    async def _health(self) -> Mapping[str, Any]:
        async with self.store.reading() as tx:
            waiting = await tx.outbox.waiting()
            queue = await tx.cases.queue()
        working = bool(self._tasks) and not self._tasks[0].done()
        return {
            "ok": working,
            "outbox": waiting,
            "waiting_cases": len(queue),
            "knowledge": self.knowledge.version,
        }

    def _prepare(self, inspection: WholeInspection) -> tuple[Finding, ...]:
        """Index a changed folder beside the version in use; raise where it cannot be used."""
        self._prepared = make_library(inspection, self._library)
        return ()

    async def _knowledge_changed(self, knowledge: Knowledge) -> None:
        """Swap to what was prepared, all at once."""
        self._library = self._prepared
        _spare_the_collector()
        _log.info("knowledge changed", version=knowledge.version, articles=len(knowledge.articles))

    async def _knowledge_broken(self, findings: tuple[Finding, ...]) -> None:
        """Tell the editors' chat what is wrong with a changed folder; the old version goes on."""
        _log.error("knowledge is broken, the old version goes on", findings=len(findings))
        lines = [finding.line_of_text() for finding in findings[:FINDINGS_TOLD]]
        async with self.store.transaction() as tx:
            await self.handler.tell_editors(tx, "editors-broken", len(findings), lines)


def _spare_the_collector() -> None:
    """Take all that lives as long as the program out of the garbage collector's rounds.

    A round over knowledge and index would hold everybody up for a third of a second, again and again. They have no
    cycles, so a version that is not used any more is freed without the collector.
    """
    gc.freeze()


def make_bot(settings: Settings) -> Bot:
    """Return aiogram's bot for the configured Bot API server."""
    api = TelegramAPIServer.from_base(settings.telegram.api_base)
    return Bot(settings.telegram.token.get_secret_value(), session=PlainSession(api=api))


def read_texts(folder: Path) -> Texts:
    """Read the interface texts; raise `FolderUnreadable` or `BrokenCatalog`."""
    files = {}
    for locale in Locale:
        path = folder / locale / "LC_MESSAGES" / f"{DOMAIN}.po"
        try:
            files[locale] = path.read_bytes()
        except OSError as error:
            raise FolderUnreadable(f"locales: {path} cannot be read ({error.strerror}).") from None
    return Texts.parse(files)


def _limits(settings: Settings) -> Limits:
    limits = settings.limits
    return Limits(
        overall_per_second=limits.overall_per_second,
        private_per_second=limits.private_per_second,
        private_burst=limits.private_burst,
        group_per_minute=int(limits.group_per_minute),
    )


def problems_of(error: BaseException) -> Sequence[str]:
    """Return the lines that a human reads of an error; only errors of the hotline have any."""
    return str(error).splitlines() if isinstance(error, HotlineError) else ()
