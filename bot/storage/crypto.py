"""Encryption of everything that could name a person, with keys that are not in the database.

A master key seals values (AES-256-GCM). Lookups go by a keyed hash (BLAKE2b, RFC 7693) under a lookup key that is made
once, kept in the database and sealed by the master key, so that a rotation of master keys leaves hashes as they are.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.storage.errors import KeyUnusable, WrongKey

KEY_BYTES: Final = 32
_VERSION: Final = b"\x01"
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEAD: Final = len(_VERSION) + _ID_BYTES
_BODY: Final = _HEAD + _NONCE_BYTES

_ENV: Final = "HOTLINE_SECRET_KEY"


def new_key() -> str:
    """Return a fresh key as text, ready for `HOTLINE_SECRET_KEY` or a key file."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


class _MasterKey:
    """One master key: its short public id and the cipher."""

    def __init__(self, secret: bytes) -> None:
        self.prefix = _VERSION + hashlib.sha256(b"hotline key id" + secret).digest()[:_ID_BYTES]
        self.cipher = AESGCM(secret)


class Keys:
    """Master keys, the newest first. New values are sealed with the first; all of them open old values."""

    def __init__(self, texts: Sequence[str]) -> None:
        if not texts:
            raise KeyUnusable(f"There is no key. Set {_ENV} or name a key file.")
        self._masters = [_MasterKey(_parse(text)) for text in texts]
        self._by_prefix = {master.prefix: master.cipher for master in self._masters}

    @classmethod
    def parse(cls, text: str) -> Keys:
        """Read keys separated by commas or line ends, the newest first; raise `KeyUnusable`."""
        return cls([part for part in text.replace("\n", ",").replace(" ", "").split(",") if part])

    @property
    def newest(self) -> bytes:
        """The prefix of values that need no rotation."""
        return self._masters[0].prefix

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """Encrypt; `context` says where the value belongs, so that it opens nowhere else."""
        master = self._masters[0]
        nonce = os.urandom(_NONCE_BYTES)
        return master.prefix + nonce + master.cipher.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt; raise `WrongKey` where no key fits or the value was changed."""
        cipher = self._by_prefix.get(sealed[:_HEAD])
        if cipher is None:
            raise WrongKey(
                "A value in the database was encrypted with a key that is not here. "
                f"Put the key that was used before into {_ENV} or the key file (several keys: the newest first)."
            )
        try:
            return cipher.decrypt(sealed[_HEAD:_BODY], sealed[_BODY:], context)
        except InvalidTag as error:
            raise WrongKey("A value in the database is damaged: it does not open with its key.") from error


def _parse(text: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyUnusable(
            f"The key is not readable: {KEY_BYTES} bytes in base64 are expected. "
            "If it was cut or changed, bring it back from where you keep a copy; without it the data cannot be read."
        ) from error
    if len(secret) != KEY_BYTES:
        raise KeyUnusable(
            f"The key has {len(secret)} bytes; {KEY_BYTES} bytes in base64 are expected. "
            "If it was cut or changed, bring it back from where you keep a copy; without it the data cannot be read."
        )
    return secret


class KeySource:
    """Where the keys come from: the text of `HOTLINE_SECRET_KEY`, else a key file."""

    def __init__(self, secret: str | None = None, key_file: Path | None = None) -> None:
        self._secret = secret
        self._file = key_file

    def load(self, *, may_create: bool) -> Keys:
        """Return the keys; make a key file (mode 600) where there is none and `may_create`.

        Raise `KeyUnusable` where the key is missing, damaged or readable by others.
        """
        if self._secret:
            return Keys.parse(self._secret)
        if self._file is None:
            raise KeyUnusable(f"There is no key. Set {_ENV} or name a key file.")
        try:
            text = self._read(self._file)
        except FileNotFoundError:
            if not may_create:
                raise KeyUnusable(
                    f"The key file {self._file} is missing, but the database is not empty. "
                    f"Bring the file back from your copy, or set {_ENV}; a new key could not read the data."
                ) from None
            return Keys.parse(self._create(self._file))
        return Keys.parse(text)

    @staticmethod
    def _read(path: Path) -> str:
        try:
            with path.open(encoding="ascii") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                if mode & 0o077:
                    raise KeyUnusable(f"Others can read the key file {path} (mode {mode:o}). Run: chmod 600 {path}")
                text = file.read()
        except UnicodeDecodeError as error:
            raise KeyUnusable(f"The key file {path} is damaged. Bring it back from your copy.") from error
        except (PermissionError, IsADirectoryError) as error:
            raise KeyUnusable(f"The key file {path} cannot be read: {error.strerror}.") from error
        if not text.strip():
            raise KeyUnusable(f"The key file {path} is empty. Bring it back from your copy.")
        return text

    @staticmethod
    def _create(path: Path) -> str:
        text = new_key()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, f"{text}\n".encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            with contextlib.suppress(OSError):
                path.unlink()
            raise KeyUnusable(f"The key file {path} cannot be written: {error.strerror}.") from error
        return text


class Cipher:
    """Seals JSON values and hashes lookup keys for one database."""

    def __init__(self, keys: Keys, lookup_key: bytes) -> None:
        self.keys = keys
        self._lookup_key = lookup_key
        self._seal = keys.seal
        self._open = keys.open

    def seal(self, context: bytes, value: Any) -> bytes:
        """Encrypt a JSON value; `context` is `table.column`."""
        return self._seal(_encode(value), context)

    def open(self, context: bytes, sealed: bytes) -> Any:
        """Decrypt a JSON value; raise `WrongKey`."""
        return _decode(self._open(sealed, context).decode("utf-8", "surrogatepass"))

    def open_mapping(self, context: bytes, sealed: bytes | None) -> Mapping[str, Any]:
        """Decrypt a JSON object; an empty one where it was wiped."""
        return self.open(context, sealed) if sealed is not None else {}

    def hash(self, kind: str, *parts: object) -> bytes:
        """Return the keyed hash (16 bytes) by which a value is looked up."""
        message = "\x1f".join((kind, *map(str, parts))).encode()
        return hashlib.blake2b(message, key=self._lookup_key, digest_size=16).digest()


_decode: Final = json.JSONDecoder().decode
_encode_text: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _encode(value: Any) -> bytes:
    # Telegram's JSON may carry lone surrogates (a cut emoji); they must survive the store
    return _encode_text(value).encode("utf-8", "surrogatepass")
