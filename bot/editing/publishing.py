"""How an editor's change reaches people: propose, look at it, have a second editor approve, publish, take back.

Knows no channel: a bot, a page or the command line gives it files and shows what comes back.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol

from bot.clock import Clock, moscow_date
from bot.editing.compare import Change, compare
from bot.editing.folder import read_folder
from bot.editing.translations import Conflict, merge
from bot.editing.whole import WholeInspection, inspect_whole
from bot.editing.writing import write_files
from bot.errors import HotlineError
from bot.knowledge import limits
from bot.knowledge.findings import Finding, errors
from bot.knowledge.loader import Memory, version_of

_TEXT_LOCALES: Final = re.compile(r"(?:ru|ky|tg|uz|uz_Cyrl|ro|article)\.yaml$")


class UnclearPlace(HotlineError):
    """It is not clear which file of the knowledge was sent; the text says how to name it."""


class SecondEditorNeeded(HotlineError):
    """Who proposed a change cannot approve it; another editor has to read it."""


class ProposalHasErrors(HotlineError):
    """The change has errors and cannot be published; mend them and send the file again."""


class KnowledgeMovedOn(HotlineError):
    """The same files were changed by somebody else meanwhile; send the change again, made on the present version."""


@dataclass(frozen=True)
class Proposal:
    """A change that waits for approval.

    id: eight hexadecimal digits of its content; files: new content by path, None for a file that goes away;
    base: the digests of these files when the change was made; version: that of the whole folder then;
    findings: all findings in the changed files, and errors that the change causes elsewhere;
    changes: what people will read differently.
    """

    id: str
    editor: str
    at: datetime
    files: Mapping[str, str | bytes | None]
    base: Mapping[str, str]
    version: str
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def publishable(self) -> bool:
        """Whether it changes anything and has no errors."""
        return bool(self.files) and not errors(self.findings)


@dataclass(frozen=True)
class Publication:
    """The record of one publication: who proposed, who approved, when, what.

    before, after: the content of every touched file, None where it did not exist; `undoes` names the publication
    that this one took back.
    """

    id: str
    editor: str
    approved_by: str
    at: datetime
    version_before: str
    version_after: str
    before: Mapping[str, str | None] = field(default_factory=dict)
    after: Mapping[str, str | None] = field(default_factory=dict)
    undoes: str | None = None


class Publications(Protocol):
    """The lasting record of publications."""

    async def add(self, publication: Publication) -> None:
        """Store one."""
        ...

    async def get(self, publication_id: str) -> Publication | None:
        """Return one by its id, or None."""
        ...

    async def latest(self, count: int) -> Sequence[Publication]:
        """Return the newest ones, newest first."""
        ...


class Publisher:
    """Publishes into one knowledge folder. Changes are serialised: one at a time."""

    def __init__(self, folder: Path, publications: Publications, clock: Clock) -> None:
        self._folder, self._publications, self._clock = folder, publications, clock
        self._lock = asyncio.Lock()

    async def propose_file(self, name: str, content: bytes, editor: str, place: str | None = None) -> Proposal:
        """Return a proposal made of one sent file: a YAML file of the knowledge, or a filled workbook.

        place: path inside the folder, from the words sent along; without it the name and the content decide.
        Raises `UnclearPlace`, and `NotOurSpreadsheet` for a wrong workbook.
        """
        return await asyncio.to_thread(self._propose_file, name, content, editor, place)

    async def publish(self, proposal: Proposal, approved_by: str) -> Publication:
        """Write an approved proposal; raise `SecondEditorNeeded`, `ProposalHasErrors` or `KnowledgeMovedOn`."""
        if approved_by == proposal.editor:
            raise SecondEditorNeeded("Another editor has to read and approve this change.")
        return await self._record_and_write(proposal, approved_by, None)

    async def propose_undo(self, publication_id: str, editor: str) -> Proposal:
        """Return a proposal that takes a publication back; raise `KnowledgeMovedOn` where its files changed since."""
        publication = await self._publications.get(publication_id)
        if publication is None:
            raise UnclearPlace(f"There is no publication {publication_id}.")
        files = await asyncio.to_thread(read_folder, self._folder)
        for path, content in publication.after.items():
            if _as_text(files.get(path)) != content:
                raise KnowledgeMovedOn(f"{path} was changed after this publication; change it by hand.")
        return await asyncio.to_thread(self._proposal, dict(publication.before), editor, files)

    async def undo(self, publication_id: str, editor: str) -> Publication:
        """Take a publication back at once; one editor is enough, because what comes back was approved before."""
        proposal = await self.propose_undo(publication_id, editor)
        return await self._record_and_write(proposal, editor, publication_id)

    async def _record_and_write(self, proposal: Proposal, approved_by: str, undoes: str | None) -> Publication:
        """Record first: after a crash in between, the record names a change that can be seen not to stand."""
        async with self._lock:
            publication = await asyncio.to_thread(self._prepared, proposal, approved_by, undoes)
            await self._publications.add(publication)
            await asyncio.to_thread(write_files, self._folder, proposal.files)
        return publication

    def _propose_file(self, name: str, content: bytes, editor: str, place: str | None) -> Proposal:
        files = read_folder(self._folder)
        if name.lower().endswith(".xlsx"):
            from bot.editing.spreadsheet import read_workbook  # heavy, and a running hotline rarely needs it

            locale, filled = read_workbook(content)
            merged = merge(files, locale, filled, moscow_date(self._clock.now()))
            return self._proposal(dict(merged.changes), editor, files, merged.conflicts, merged.lost)
        if len(content) > limits.FILE_MAX:
            raise UnclearPlace(f"The file is larger than {limits.FILE_MAX // 1024} KB.")
        path = place_of(name, files, place)
        changed: dict[str, str | bytes | None] = {} if files.get(path) == content else {path: content}
        return self._proposal(changed, editor, files)

    def _proposal(
        self,
        changed: Mapping[str, str | bytes | None],
        editor: str,
        files: Mapping[str, str | bytes],
        conflicts: tuple[Conflict, ...] = (),
        lost: tuple[str, ...] = (),
    ) -> Proposal:
        now = self._clock.now()
        today = moscow_date(now)
        after = {path: content for path, content in {**files, **changed}.items() if content is not None}
        before, inspection = _both(files, after, today)
        known = {(finding.code, finding.file, finding.key_path, finding.message) for finding in before.findings}
        findings = tuple(
            finding
            for finding in inspection.findings
            if finding.file in changed
            or (errors([finding]) and (finding.code, finding.file, finding.key_path, finding.message) not in known)
        )
        readable = not errors(inspection.load.findings)
        return Proposal(
            id=_digest("".join(f"{path}\0{_digest(content)}\0" for path, content in sorted(changed.items())))[:8],
            editor=editor,
            at=now,
            files=changed,
            base={path: _digest(files.get(path)) for path in changed},
            version=version_of(files),
            findings=findings,
            changes=compare(before.load.partial, inspection.load.partial, today) if readable else (),
            conflicts=conflicts,
            lost=lost,
        )

    def _prepared(self, proposal: Proposal, approved_by: str, undoes: str | None) -> Publication:
        if not proposal.publishable:
            raise ProposalHasErrors("The change is empty or has errors; mend them and send the file again.")
        now = self._clock.now()
        today = moscow_date(now)
        files = read_folder(self._folder)
        for path, digest in proposal.base.items():
            if _digest(files.get(path)) != digest:
                raise KnowledgeMovedOn(f"{path} was changed meanwhile. Send the change again, made on the new text.")
        after = {path: content for path, content in {**files, **proposal.files}.items() if content is not None}
        version = version_of(files)
        if version != proposal.version or today != moscow_date(proposal.at):
            before_state, after_state = _both(files, after, today)
            if len(errors(after_state.findings)) > len(errors(before_state.findings)):
                raise ProposalHasErrors("Together with other changes this one has errors; send it again to see them.")
        stamp = now.strftime("%Y%m%d-%H%M%S")
        return Publication(
            id=f"{stamp}-{proposal.id}",
            editor=proposal.editor,
            approved_by=approved_by,
            at=now,
            version_before=version,
            version_after=version_of(after),
            before={path: _as_text(files.get(path)) for path in proposal.files},
            after={path: _as_text(content) for path, content in proposal.files.items()},
            undoes=undoes,
        )


def place_of(name: str, files: Mapping[str, str | bytes], place: str | None = None) -> str:
    """Return which file of the folder a sent one replaces or adds; raise `UnclearPlace`.

    Messengers keep only the last part of a path: `wages-unpaid.ky.yaml`, `wages-unpaid__ky.yaml` and a place named
    in words (`articles/wages-unpaid/ky.yaml`) all say where an article's text belongs.
    """
    if place is not None:
        path = place.strip().removeprefix("knowledge/")
        if re.match(r"[\w-]+(/[\w-]+)*\.yaml$", path):
            return path
        raise UnclearPlace(f"{place!r} is not a place in the knowledge. Write it like articles/wages-unpaid/ky.yaml.")
    parts = re.match(r"(?P<id>[a-z][a-z0-9-]*)(?:\.|__|_)(?P<text>ru|ky|tg|uz|uz_Cyrl|ro|article)\.yaml$", name)
    if parts:
        return f"articles/{parts['id']}/{parts['text']}.yaml"
    same = [path for path in files if path.rpartition("/")[2] == name]
    if len(same) == 1:
        return same[0]
    example = "wages-unpaid.ky.yaml" if _TEXT_LOCALES.match(name) else "facts/work.yaml"
    raise UnclearPlace(f"Where does {name} belong? Name the file like {example}, or write its place beside it.")


def _both(
    before: Mapping[str, str | bytes], after: Mapping[str, str | bytes], today: date
) -> tuple[WholeInspection, WholeInspection]:
    """Inspect the folder without and with a change; what did not change is read once."""
    memory = Memory()
    return inspect_whole(before, today, memory), inspect_whole(after, today, memory)


def _digest(content: str | bytes | None) -> str:
    if content is None:
        return "-"
    data = content.encode() if isinstance(content, str) else content
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _as_text(content: str | bytes | None) -> str | None:
    return content.decode("utf-8-sig") if isinstance(content, bytes) else content
