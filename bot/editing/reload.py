"""The running bot picks up a changed knowledge folder: all or nothing, without a restart."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import structlog

from bot.clock import Clock, moscow_date
from bot.editing.folder import FolderNotFound, read_folder
from bot.editing.whole import WholeInspection, inspect_whole
from bot.editing.writing import being_written
from bot.errors import HotlineError
from bot.knowledge.base import Knowledge
from bot.knowledge.findings import Finding, errors
from bot.knowledge.loader import Memory, version_of

POLL_SECONDS: Final = 2.0
_log: Final = structlog.get_logger(__name__)

Signature = tuple[tuple[str, int, int], ...]
"""Path, time of change in nanoseconds and size of every file: differs when anything was touched."""

Prepare = Callable[[WholeInspection], tuple[Finding, ...]]
"""Makes what is served beside the knowledge (search index, flows) of the very files that were read; runs in a thread.
Returns errors that keep the version from being served; its own result it keeps until `OnServed`."""
OnServed = Callable[[Knowledge], Awaitable[None]]
OnBroken = Callable[[tuple[Finding, ...]], Awaitable[None]]


class KnowledgeBroken(HotlineError):
    """The knowledge folder has errors at the start, so there is nothing to serve; the text lists the first ones."""


class KnowledgeHolder:
    """What is served now. One assignment swaps it, so whoever took `current` keeps one whole version."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._current = knowledge

    @property
    def current(self) -> Knowledge:
        """The knowledge to answer with; take it once per message."""
        return self._current

    def swap(self, knowledge: Knowledge) -> None:
        """Serve another version from now on."""
        self._current = knowledge


def first_load(folder: Path, clock: Clock, memory: Memory | None = None) -> KnowledgeHolder:
    """Load the folder at the start; raise `KnowledgeBroken` with the first errors, or `FolderNotFound`."""
    inspection = inspect_whole(read_folder(folder), moscow_date(clock.now()), memory)
    if inspection.knowledge is None:
        wrong = errors(inspection.findings)
        lines = "\n".join(finding.line_of_text() for finding in wrong[:20])
        raise KnowledgeBroken(f"The knowledge has {len(wrong)} errors; run `hotline kb check`.\n{lines}")
    return KnowledgeHolder(inspection.knowledge)


class Watcher:
    """Looks at the folder and swaps the holder's knowledge when a whole, right version stands there.

    A version that changes while it is being read is read again; a broken one, or one that cannot be prepared, keeps
    the old one serving and is reported once.
    """

    def __init__(
        self,
        folder: Path,
        holder: KnowledgeHolder,
        clock: Clock,
        on_served: OnServed,
        on_broken: OnBroken,
        *,
        prepare: Prepare | None = None,
        memory: Memory | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._folder, self._holder, self._clock = folder, holder, clock
        self._on_served, self._on_broken = on_served, on_broken
        self._prepare = prepare
        self._memory = memory or Memory()
        self._poll_seconds = poll_seconds
        self._handled: Signature | None = None
        self._seen: Signature | None = None
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Watch until cancelled; what goes wrong with one look does not end it."""
        while True:
            try:
                await self.look()
            except Exception as error:  # telling the editors failed, or the disk: the next look may be luckier
                _log.error("look at the knowledge failed", error=type(error).__name__)
            await asyncio.sleep(self._poll_seconds)

    async def look(self) -> bool:
        """Look once; return whether another version is served now.

        A change is taken when two looks in a row see the same files, so that a copy under way is not. One look waits
        for another, so that two never prepare versions at the same time.
        """
        async with self._looking:
            signature = await asyncio.to_thread(signature_of, self._folder)
            if signature is None or signature == self._handled:
                self._seen = signature
                return False
            settled, self._seen = signature == self._seen, signature
            return await self._take(signature) if settled else False

    async def look_now(self) -> bool:
        """Look without waiting for the files to settle; for right after a publication of our own."""
        async with self._looking:
            signature = await asyncio.to_thread(signature_of, self._folder)
            return await self._take(signature) if signature is not None else False

    async def _take(self, signature: Signature) -> bool:
        try:
            found = await asyncio.to_thread(self._inspect)
        except (FolderNotFound, OSError):
            return False
        if await asyncio.to_thread(signature_of, self._folder) != signature:
            return False
        self._handled = self._seen = signature
        if found is None:
            return False
        inspection, wrong = found
        if inspection is None or inspection.knowledge is None or wrong:
            await self._on_broken(wrong)
            return False
        self._holder.swap(inspection.knowledge)
        await self._on_served(inspection.knowledge)
        return True

    def _inspect(self) -> tuple[WholeInspection | None, tuple[Finding, ...]] | None:
        """Read, check and prepare what stands in the folder; None where that is served already.

        A hotline that nobody edits keeps no second copy of its knowledge in memory.
        """
        files = read_folder(self._folder)
        if version_of(files) == self._holder.current.version:
            return None
        inspection: WholeInspection | None = None
        try:
            inspection = inspect_whole(files, moscow_date(self._clock.now()), memory=self._memory)
            wrong = errors(inspection.findings)
            if not wrong and self._prepare is not None:
                wrong = errors(self._prepare(inspection))
        except Exception as error:  # whatever it is, the version that works must go on serving
            _log.error("the knowledge cannot be used", error=type(error).__name__)
            wrong = (Finding("cannot-be-used", ".", values={"problem": f"{type(error).__name__}: {error}"}),)
        return inspection, wrong


def signature_of(folder: Path) -> Signature | None:
    """Return the state of the folder's files; None while a publication writes them, or where there is no folder."""
    if being_written(folder) or not folder.is_dir():
        return None
    found: list[tuple[str, int, int]] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.startswith(".") or not name.endswith((".yaml", ".yml")):
                continue
            try:
                state = os.stat(os.path.join(place, name))
            except FileNotFoundError:
                return None
            found.append((os.path.join(place, name), state.st_mtime_ns, state.st_size))
    return tuple(sorted(found))
