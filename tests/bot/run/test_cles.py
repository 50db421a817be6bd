"""`bot cles`: a new key while the service runs, killed in the middle, and the end of the old one."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from cryptography.fernet import Fernet

from bot.cli import main
from bot.exit_codes import CANNOT_START, OK, PROBLEMS
from bot.run import cles
from bot.settings import Settings
from bot.store.cipher import ENCRYPTION, NEXT, Cipher, load_cipher, read_keys, write_keys
from bot.store.database import migrate
from tests.running import ROOT

ROWS = 6000
PATIENCE_SECONDS = 60


@pytest.fixture
def stored(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store with one sealed message, as `bot` finds it."""
    settings.var.mkdir()
    monkeypatch.setenv("BOT_VAR", str(settings.var))
    migrate(settings.database)
    add_messages(settings, 1)
    return settings


def add_messages(settings: Settings, count: int) -> None:
    cipher = load_cipher(settings.keys_folder)
    moment = "2026-11-23 10:00:00.000000"
    with closing(sqlite3.connect(settings.var / "assistant.db")) as store, store:
        store.execute(
            "INSERT OR IGNORE INTO conversations (id, channel, token_hash, created_at, last_at) VALUES ('c', 'web', 'x', ?, ?)",
            (moment, moment),
        )
        store.executemany(
            "INSERT INTO messages (id, conversation_id, sender, at, body_enc) VALUES (?, 'c', 'user', ?, ?)",
            [(os.urandom(16).hex(), moment, cipher.seal({"text": "bonjour"})) for _ in range(count)],
        )


def opened_by(settings: Settings, key: bytes) -> list[bool]:
    """Tell of each message whether this key alone opens it."""
    cipher = Cipher([key], b"x")
    with closing(sqlite3.connect(settings.var / "assistant.db")) as store:
        return [
            cipher.key_of(row[0]) == 0 for row in store.execute("SELECT body_enc FROM messages ORDER BY seq")
        ]


def has_begun(settings: Settings) -> bool:
    """Tell whether the first message is under a new key."""
    keys = read_keys(settings.keys_folder)
    with closing(sqlite3.connect(settings.var / "assistant.db")) as store:
        (first,) = store.execute("SELECT body_enc FROM messages ORDER BY seq LIMIT 1").fetchone()
    return len(keys) > 1 and Cipher(keys[:1], b"x").key_of(first) == 0


def grow_old(settings: Settings) -> None:
    """Let the new key be in use for longer than every process needs to see it."""
    then = time.time() - cles.TAKEN_UP_SECONDS - 1
    os.utime(settings.keys_folder / ENCRYPTION, (then, then))


def test_a_new_key_takes_the_place_of_the_old_one(
    stored: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (old,) = read_keys(stored.keys_folder)
    assert main(["cles", "renouveler"]) == OK
    new, kept = read_keys(stored.keys_folder)
    assert kept == old
    assert opened_by(stored, new) == [True]
    grow_old(stored)
    assert main(["cles", "retirer"]) == OK
    assert read_keys(stored.keys_folder) == [new]
    assert main(["cles", "verifier"]) == OK
    assert "Clé en usage : 1 valeur(s). Clés plus anciennes : 0" in capsys.readouterr().out


def test_old_keys_are_not_dropped_too_soon(stored: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cles", "renouveler"]) == OK
    assert main(["cles", "retirer"]) == PROBLEMS
    assert "Trop tôt" in capsys.readouterr().err
    assert len(read_keys(stored.keys_folder)) == 2


def test_old_keys_are_not_dropped_while_something_needs_them(
    stored: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    write_keys(stored.keys_folder, [Fernet.generate_key(), *read_keys(stored.keys_folder)])
    grow_old(stored)
    assert main(["cles", "retirer"]) == PROBLEMS
    assert "1 valeur(s) ont encore besoin" in capsys.readouterr().err
    assert len(read_keys(stored.keys_folder)) == 2


def test_with_one_key_there_is_nothing_to_drop(stored: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cles", "retirer"]) == OK
    assert "rien à retirer" in capsys.readouterr().out


def test_a_key_made_ready_is_the_one_that_comes_into_use(stored: Settings) -> None:
    assert main(["cles", "preparer"]) == OK
    assert main(["cles", "preparer"]) == PROBLEMS  # one at a time
    prepared = (stored.keys_folder / NEXT).read_bytes().strip()
    assert main(["cles", "renouveler"]) == OK
    assert read_keys(stored.keys_folder)[0] == prepared
    assert not (stored.keys_folder / NEXT).exists()
    assert opened_by(stored, prepared) == [True]


def test_until_the_old_key_is_dropped_no_third_one_is_made(stored: Settings) -> None:
    assert main(["cles", "renouveler"]) == OK
    keys = read_keys(stored.keys_folder)
    assert main(["cles", "renouveler"]) == OK
    assert read_keys(stored.keys_folder) == keys


def test_what_no_key_opens_is_told(stored: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    write_keys(stored.keys_folder, [Fernet.generate_key()])
    assert main(["cles", "verifier"]) == PROBLEMS
    assert "Table messages : 1 valeur(s) qu'aucune clé n'ouvre" in capsys.readouterr().out


def test_keys_in_another_folder(stored: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = stored.var.parent / "coffre"
    (stored.var / "cles").rename(elsewhere)
    monkeypatch.setenv("BOT_KEYS", str(elsewhere))
    assert main(["cles", "verifier"]) == OK
    assert not (stored.var / "cles").exists()


def test_a_key_that_others_read_stops_it_with_a_sentence(
    stored: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (stored.keys_folder / ENCRYPTION).chmod(0o644)
    assert main(["cles", "verifier"]) == CANNOT_START
    assert "chmod 600" in capsys.readouterr().err


def test_killed_in_the_middle_it_goes_on_where_it_stopped(stored: Settings) -> None:
    add_messages(stored, ROWS)
    running = load_cipher(stored.keys_folder)  # a process of the service, with the keys of before
    command = [sys.executable, "-m", "bot", "cles", "renouveler"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"}, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not has_begun(stored):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    keys = read_keys(stored.keys_folder)
    done = opened_by(stored, keys[0])
    assert any(done)
    assert not all(done), "it had ended already: more rows are needed"
    with closing(sqlite3.connect(stored.var / "assistant.db")) as store:
        rows = store.execute("SELECT body_enc FROM messages").fetchall()
    assert {running.open(row[0])["text"] for row in rows} == {"bonjour"}  # the service reads on, either key
    assert main(["cles", "renouveler"]) == OK
    assert read_keys(stored.keys_folder) == keys  # no third key
    assert all(opened_by(stored, keys[0]))
