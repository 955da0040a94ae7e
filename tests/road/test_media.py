"""A recording of an article can be listened to; text always works without it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.sandbox import LocalTelegram
from tests.road.conftest import KNOWLEDGE, Road

pytestmark = pytest.mark.asyncio


async def test_a_recording_is_uploaded_once_and_then_sent_by_its_id(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    (folder / "media").mkdir()
    (folder / "media" / "wages.ru.ogg").write_bytes(b"OggS sample")
    article = folder / "articles/wages-unpaid/article.yaml"
    text = article.read_text("utf-8")
    kept = "\n".join(line for line in text.split("\n") if not line.startswith("media:"))
    article.write_text(kept + "\nmedia: {audio: {ru: media/wages.ru.ogg}}\n", "utf-8")
    async with LocalTelegram() as telegram:
        road = Road(telegram, tmp_path)
        await road.start(read=True, knowledge=folder)
        try:
            for name in ("First", "Second"):
                person = await road.newcomer(name, language="Русский")
                await person.send("мне не платят зарплату")
                await person.tap("🔊")
                await telegram.until(lambda p=person: any(message.kind == "voice" for message in p.history()))
        finally:
            await road.stop()
        first, second = telegram.requested("sendVoice")
        assert str(first.params["voice"]).startswith("attach://")
        assert second.params["voice"] == first.result["voice"]["file_id"]
