"""Publications in a file beside the bot's data: one JSON line each, only ever appended."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.editing.publishing import Publication


class PublicationLog:
    """The record of publications where no database is wanted. Fulfils `Publications`."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def add(self, publication: Publication) -> None:
        """Append one."""
        await asyncio.to_thread(self._append, publication)

    async def get(self, publication_id: str) -> Publication | None:
        """Return one by its id, or None."""
        records = await asyncio.to_thread(self._read)
        return next((record for record in records if record.id == publication_id), None)

    async def latest(self, count: int) -> Sequence[Publication]:
        """Return the newest ones, newest first."""
        records = await asyncio.to_thread(self._read)
        return records[::-1][:count]

    def _append(self, publication: Publication) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        data = {**vars(publication), "at": publication.at.isoformat()}
        with open(self._file, "a", encoding="utf-8") as file:
            file.write(json.dumps(data, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _read(self) -> list[Publication]:
        if not self._file.exists():
            return []
        lines = self._file.read_text("utf-8").splitlines()
        return [_record(json.loads(line)) for line in lines if line.strip()]


def _record(data: dict[str, Any]) -> Publication:
    return Publication(**{**data, "at": datetime.fromisoformat(data["at"])})
