"""Files that bots and people sent: kept in memory, named by a file id, served for download."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.refusals import Refused, bad_request
from bot.sandbox.spec import Upload

PHOTO_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024

_PREFIX = {
    "photo": "AgACAgIAAxkBAAI",
    "document": "BQACAgIAAxkBAAI",
    "voice": "AwACAgIAAxkBAAI",
    "video": "BAACAgIAAxkBAAI",
    "video_note": "DQACAgIAAxkBAAI",
    "audio": "CQACAgIAAxkBAAI",
    "animation": "CgACAgIAAxkBAAI",
    "sticker": "CAACAgIAAxkBAAI",
}
_FOLDER = {"photo": "photos", "document": "documents", "voice": "voice", "video": "videos", "video_note": "video_notes",
           "audio": "music", "animation": "animations", "sticker": "stickers"}  # fmt: skip
_NAME = {"photo": "Photo", "document": "Document", "voice": "VoiceNote", "video": "Video", "video_note": "VideoNote",
         "audio": "Audio", "animation": "Animation", "sticker": "Sticker"}  # fmt: skip
_SUFFIX = {"photo": "jpg", "voice": "oga", "video": "mp4", "video_note": "mp4", "audio": "mp3", "animation": "mp4",
           "sticker": "webp"}  # fmt: skip


@dataclass(slots=True)
class File:
    """One stored file. `size` may be larger than the data: a pretended size lets a test send a huge file cheaply."""

    id: str
    unique_id: str
    kind: str
    data: bytes
    size: int
    name: str
    mime: str
    path: str
    details: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the content of a message with this file: the photo sizes for a photo, else one object."""
        base = {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}
        if self.kind == "photo":
            width, height = self.details["width"], self.details["height"]
            small = {**base, "file_id": self.id + "s", "file_unique_id": self.unique_id + "s"}
            scale = 90 / max(width, height, 90)
            small |= {"width": max(1, int(width * scale)), "height": max(1, int(height * scale))}
            return {"photo": [small, {**base, "width": width, "height": height}]}
        return {self.kind: {**base, **self.details}}


class Files:
    """All files of the local Telegram by file id and by path."""

    def __init__(self) -> None:
        self.by_id: dict[str, File] = {}
        self.by_path: dict[str, File] = {}

    def add(self, kind: str, upload: Upload, *, size: int | None = None, **details: Any) -> File:
        """Store an upload as a file of `kind` (a message's field name). Raises Refused for what Telegram refuses."""
        size = len(upload.data) if size is None else size
        if size == 0:
            raise bad_request("file must be non-empty")
        if size > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT * 40):
            raise Refused(413, "Request Entity Too Large")
        number = len(self.by_id) + 1
        unique = hashlib.blake2b(upload.data or str(size).encode(), digest_size=9, key=kind.encode()).hexdigest()
        suffix = _SUFFIX.get(kind) or (upload.name.rpartition(".")[2] if "." in upload.name else "bin")
        file = File(
            id=f"{_PREFIX[kind]}{number:06d}{unique}AQADAgAD",
            unique_id=f"AQAD{unique[:12]}",
            kind=kind,
            data=upload.data,
            size=size,
            name=upload.name,
            mime=upload.mime,
            path=f"{_FOLDER[kind]}/file_{number}.{suffix}",
        )
        file.details = _details(kind, upload) | details
        self.by_id[file.id] = self.by_path[file.path] = file
        if kind == "photo":
            self.by_id[file.id + "s"] = file
        return file

    def resolve(self, kind: str, value: Any, uploads: dict[str, Any], **details: Any) -> File:
        """Return the file that a request names: an upload, `attach://name`, or a file id. Raises Refused."""
        if isinstance(value, str) and value.startswith("attach://"):
            value = uploads.get(value.removeprefix("attach://"))
            if not isinstance(value, Upload):
                raise bad_request("attached file not found")
        if isinstance(value, Upload):
            if len(value.data) > UPLOAD_LIMIT:
                raise Refused(413, "Request Entity Too Large")
            return self.add(kind, value, **details)
        if value.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        file = self.by_id.get(value)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request(f"can't use file of type {_NAME[file.kind]} as {_NAME[kind]}")
        return file

    def find(self, file_id: str) -> File:
        """Return the file for getFile. Raises Refused for an unknown one and above 20 MB."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if file.size > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        return file


def _details(kind: str, upload: Upload) -> dict[str, Any]:
    """Return the fields a file of `kind` has besides its ids, guessed from its content."""
    if kind == "photo":
        width, height = picture_size(upload.data)
        return {"width": width, "height": height}
    if kind == "document":
        return {"file_name": upload.name or "file", "mime_type": upload.mime or "application/octet-stream"}
    if kind == "voice":
        return {"duration": 3, "mime_type": "audio/ogg"}
    if kind == "audio":
        return {"duration": 3, "mime_type": "audio/mpeg", "file_name": upload.name or "audio.mp3"}
    if kind == "video_note":
        return {"duration": 3, "length": 240}
    if kind == "sticker":
        return {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
    return {
        "duration": 3,
        "width": 640,
        "height": 360,
        "mime_type": "video/mp4",
        "file_name": upload.name or "video.mp4",
    }


def picture_size(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels of a PNG, GIF, JPEG, WEBP or BMP. Raises Refused for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data[:4] == b"GIF8" and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    if data[:2] == b"\xff\xd8":
        return _jpeg_size(data)
    if data[:2] == b"BM" or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return 640, 640
    raise bad_request("IMAGE_PROCESS_FAILED")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + length
    return 640, 480
