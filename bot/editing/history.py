"""The knowledge folder as it was at a revision of git."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bot.errors import HotlineError


class NoSuchRevision(HotlineError):
    """Git does not know the revision, or the folder is not under git."""


def read_revision(folder: Path, revision: str) -> dict[str, str | bytes]:
    """Return the YAML files of the folder at a revision, by paths inside it; raise `NoSuchRevision`."""
    if revision.startswith("-"):
        raise NoSuchRevision(f"{revision} is not a revision.")
    listing = _git(folder, "ls-tree", "-r", "-z", "--name-only", revision, "--", ".")
    paths = [path for path in listing.decode("utf-8").split("\0") if path.endswith((".yaml", ".yml"))]
    if not paths:
        return {}
    request = "".join(f"{revision}:./{path}\n" for path in paths).encode()
    answer = _git(folder, "cat-file", "--batch", given=request)
    return dict(zip(paths, _contents(answer), strict=True))


def _contents(answer: bytes) -> list[bytes]:
    contents, position = [], 0
    while position < len(answer):
        newline = answer.index(b"\n", position)
        head = answer[position:newline].split(b" ")
        size = int(head[-1]) if head[-1].isdigit() else 0
        contents.append(answer[newline + 1 : newline + 1 + size])
        position = newline + 1 + size + 1
    return contents


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], input=given, capture_output=True, check=True)
    except FileNotFoundError as error:
        raise NoSuchRevision("The program git is not installed.") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise NoSuchRevision(f"Git cannot show this revision: {''.join(reason)}") from error
    return done.stdout
