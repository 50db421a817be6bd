"""A new key: what is stored is sealed again, in every table, while others write."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.store import cipher as cipher_module
from bot.store.cipher import Cipher, CipherError, load_cipher, read_keys, remove_next, write_keys
from bot.store.conversations import add_message, create_conversation, list_messages
from bot.store.database import Database
from bot.store.rotation import BATCH, count_by_key, seal_everything_again, sealed_tables
from bot.store.schema import metadata

HASH_KEY = b"0123456789abcdef0123456789abcdef"


def renew(folder: Path) -> Cipher:
    """Put a new key first and return what reads the folder."""
    write_keys(folder, [Fernet.generate_key(), *read_keys(folder)])
    return load_cipher(folder)


async def say(database: Database, cipher: Cipher, *texts: str) -> str:
    """Store a conversation in which somebody says this; return its id."""
    async with database.write() as connection:
        conversation = await create_conversation(connection, cipher, "web", "jeton-d-essai")
        for text in texts:
            await add_message(connection, cipher, conversation.id, "user", {"text": text})
    return conversation.id


async def texts_of(database: Database, cipher: Cipher, conversation_id: str) -> list[str | None]:
    async with database.read() as connection:
        return [message.text for message in await list_messages(connection, cipher, conversation_id)]


def test_every_binary_column_of_the_schema_is_sealed_and_every_sealed_one_is_known() -> None:
    """A column that a new table adds is sealed again without anybody thinking of it."""
    known = {(table.name, name) for table, _key, names in sealed_tables() for name in names}
    binary = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
    }
    assert known == binary
    assert ("messages", "body_enc") in known


async def test_everything_is_sealed_again_and_the_old_key_opens_nothing(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "cles"
    old = load_cipher(folder)
    said = [f"phrase {number}" for number in range(BATCH + 3)]  # more than one batch
    conversation_id = await say(database, old, *said)
    renewed = renew(folder)
    assert await seal_everything_again(database, renewed) == len(said)
    alone = Cipher(read_keys(folder)[:1], HASH_KEY)
    assert await texts_of(database, alone, conversation_id) == said
    async with database.read() as connection:
        sealed = await count_by_key(connection, renewed)
    assert (sealed.by_key, sealed.old, sealed.unreadable) == ({0: len(said)}, 0, {})


async def test_a_second_time_changes_nothing(database: Database, tmp_path: Path) -> None:
    await say(database, load_cipher(tmp_path / "cles"), "bonjour")
    renewed = renew(tmp_path / "cles")
    assert await seal_everything_again(database, renewed) == 1
    assert await seal_everything_again(database, renewed) == 0


async def test_what_no_key_opens_is_left_and_counted_by_table(database: Database, tmp_path: Path) -> None:
    stranger = Cipher([Fernet.generate_key()], HASH_KEY)
    await say(database, stranger, "perdu")
    await say(database, load_cipher(tmp_path / "cles"), "gardé")
    renewed = renew(tmp_path / "cles")
    assert await seal_everything_again(database, renewed) == 1
    async with database.read() as connection:
        sealed = await count_by_key(connection, renewed)
    assert sealed.unreadable == {"messages": 1}


async def test_what_is_written_meanwhile_is_not_overwritten(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cles"
    conversation_id = await say(database, load_cipher(folder), "avant")
    renewed = renew(folder)
    messages = metadata.tables["messages"]
    writes = database.write

    async def change() -> None:
        async with writes() as connection:
            await connection.execute(messages.update().values(body_enc=renewed.seal({"text": "après"})))

    class Late:
        """Let somebody else write between what was read and what is replaced."""

        def __init__(self, *keys: str) -> None:
            self._context = writes(*keys)

        async def __aenter__(self) -> object:
            await change()
            return await self._context.__aenter__()

        async def __aexit__(self, *error: object) -> object:
            return await self._context.__aexit__(*error)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "write", Late)
    assert await seal_everything_again(database, renewed) == 0
    assert await texts_of(database, renewed, conversation_id) == ["après"]


# -- running processes


def test_a_running_process_opens_what_a_new_key_sealed_at_once(tmp_path: Path) -> None:
    running = load_cipher(tmp_path)
    assert running.open(renew(tmp_path).seal("bonjour")) == "bonjour"


def test_a_running_process_seals_with_the_new_key_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = load_cipher(tmp_path)
    renew(tmp_path)
    monkeypatch.setattr(cipher_module, "LOOK_SECONDS", -1.0)
    assert Cipher(read_keys(tmp_path)[:1], HASH_KEY).open(running.seal("bonjour")) == "bonjour"


def test_a_key_made_ready_opens_and_seals_nothing_yet(tmp_path: Path) -> None:
    running = load_cipher(tmp_path)
    following = Fernet.generate_key()
    write_keys(tmp_path, [following], cipher_module.NEXT)
    assert running.open(Cipher([following], HASH_KEY).seal("bonjour")) == "bonjour"
    assert running.key_of(running.seal("rebonjour")) == 0
    assert read_keys(tmp_path)[-1] == following
    remove_next(tmp_path)
    assert following not in read_keys(tmp_path)


def test_keys_spoiled_under_a_running_process_leave_it_those_it_had(tmp_path: Path) -> None:
    running = load_cipher(tmp_path)
    sealed = running.seal("bonjour")
    (tmp_path / cipher_module.ENCRYPTION).write_bytes(b"abime")
    with pytest.raises(CipherError):
        running.open(Cipher([Fernet.generate_key()], HASH_KEY).seal("x"))
    assert running.open(sealed) == "bonjour"


# -- files


def test_keys_are_written_whole_and_for_their_owner_only(tmp_path: Path) -> None:
    load_cipher(tmp_path)
    renew(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {cipher_module.ENCRYPTION, cipher_module.HASHING}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("name", [cipher_module.ENCRYPTION, cipher_module.HASHING])
def test_a_key_that_others_may_read_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    load_cipher(tmp_path)
    (tmp_path / name).chmod(0o644)
    with pytest.raises(CipherError, match="chmod 600"):
        load_cipher(tmp_path)


def test_a_weak_key_is_refused(tmp_path: Path) -> None:
    load_cipher(tmp_path)
    write_keys(tmp_path, [b"A" * 43 + b"="])
    with pytest.raises(CipherError, match="trop simple"):
        load_cipher(tmp_path)


@pytest.mark.parametrize("content", [b"", b"secret", b"a" * 64])
def test_a_weak_hash_key_is_refused(tmp_path: Path, content: bytes) -> None:
    load_cipher(tmp_path)
    (tmp_path / cipher_module.HASHING).write_bytes(content)
    with pytest.raises(CipherError, match="trop simple"):
        load_cipher(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(CipherError, match="impossible de créer"):
        load_cipher(tmp_path / "fichier" / "cles")
