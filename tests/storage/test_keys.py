"""Keys: made once, kept safe, changed when needed, and never silently replaced."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FixedClock
from bot.storage.check import check
from bot.storage.crypto import Cipher, Keys, KeySource, new_key
from bot.storage.errors import KeyUnusable, WrongKey
from bot.storage.ports import NewOutbox
from bot.storage.rotation import rotate
from bot.storage.store import open_store
from tests.conftest import MORNING

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(_JSON)
def test_whatever_is_sealed_opens_again(value: object) -> None:
    cipher = Cipher(Keys([new_key()]), os.urandom(32))
    sealed = cipher.seal(b"a.b", value)
    assert cipher.open(b"a.b", sealed) == value
    assert sealed != cipher.seal(b"a.b", value)


def test_a_value_opens_only_where_it_belongs_and_only_unchanged() -> None:
    cipher = Cipher(Keys([new_key()]), os.urandom(32))
    sealed = cipher.seal(b"people.data", {"chat": 1})
    with pytest.raises(WrongKey):
        cipher.open(b"cases.data", sealed)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(WrongKey):
            cipher.open(b"people.data", bytes(changed))


def test_a_hash_depends_on_the_key_the_kind_and_each_part() -> None:
    keys = Keys([new_key()])
    one, other = Cipher(keys, b"1" * 32), Cipher(keys, b"2" * 32)
    hashes = {one.hash("a", 1, 23), one.hash("a", 12, 3), one.hash("b", 1, 23), other.hash("a", 1, 23)}
    assert len(hashes) == 4
    assert one.hash("a", 1, 23) == one.hash("a", 1, 23)


def test_a_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret.key"
    sealed = KeySource(None, path).load(may_create=True).seal(b"x", b"c")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeySource(None, path).load(may_create=False).open(sealed, b"c") == b"x"


@pytest.mark.parametrize(
    ("content", "mode", "complaint"),
    [
        ("", 0o600, "empty"),
        ("not base64!", 0o600, "not readable"),
        ("c2hvcnQ=", 0o600, "5 bytes"),
        ("\xff\xfe", 0o600, "damaged"),
        pytest.param(new_key(), 0o644, "chmod 600", id="readable-by-others"),
    ],
)
def test_an_unusable_key_file_is_explained(tmp_path: Path, content: str, mode: int, complaint: str) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(content.encode("latin-1"))
    path.chmod(mode)
    with pytest.raises(KeyUnusable, match=complaint):
        KeySource(None, path).load(may_create=True)


async def test_a_lost_key_file_is_never_replaced_while_there_is_data(
    database_url: str, tmp_path: Path, clock: FixedClock
) -> None:
    path = tmp_path / "secret.key"
    store = await open_store(database_url, KeySource(None, path), clock)
    await store.close()
    path.unlink()
    with pytest.raises(KeyUnusable, match="Bring the file back"):
        await open_store(database_url, KeySource(None, path), clock)
    assert not path.exists()


async def test_a_wrong_key_stops_the_start(database_url: str, keys: Keys, clock: FixedClock) -> None:
    store = await open_store(database_url, keys, clock)
    await store.close()
    with pytest.raises(WrongKey, match="does not open this database"):
        await open_store(database_url, Keys([new_key()]), clock)


async def test_keys_are_rotated_while_everything_stays_readable(database_url: str, clock: FixedClock) -> None:
    old, new = new_key(), new_key()
    store = await open_store(database_url, Keys([old]), clock)
    async with store.transaction() as tx:
        for number in range(250):  # more than one step
            await tx.people.get_or_create(number, MORNING)
        await tx.settings.put("greeting", "salam")
        call = await tx.outbox.add(NewOutbox("l", "private:1", "sendMessage", {"text": "hello"}, about={"a": 1}))
        await tx.desks.move("main", -1)
    await store.close()

    both = await open_store(database_url, Keys([new, old]), clock)
    assert (await check(both)).old_key_values == 254
    assert await rotate(both) == 255  # the lookup key too
    assert await rotate(both) == 0
    await both.close()

    store = await open_store(database_url, Keys([new]), clock)
    health = await check(store)
    assert (health.problems, health.old_key_values, health.sealed_values) == ((), 0, 254)
    async with store.reading() as tx:
        found = await tx.people.find(17)
        assert found is not None
        assert found.chat_id == 17
        row = await tx.outbox.get(call)
        assert row is not None
        assert row.params == {"text": "hello"}
    await store.close()
    with pytest.raises(WrongKey):
        await open_store(database_url, Keys([old]), clock)
