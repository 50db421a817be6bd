"""After EFFACER, through the whole assistant with Rasa: no byte of the person's words or number in any file of `var/` but the keys."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.store import schema
from tests.running import RunningBot, RunningSms
from tests.telegram_servers import TestApi, poll
from tests.traces import METADATA, encodings_of, files_with, pieces_of

WORDS = ("hydrangéologie", "Xylophène")
NAME = "Ondine Vraisemblable"
PHONE, SMS_PHONE, CHAT = "06 39 98 00 77", "+33639980078", 990_077_123
QUESTION = f"Bonjour, pour {WORDS[0]} et {WORDS[1]}, comment demander l'aide au logement ?"
NEEDLES = encodings_of((*WORDS, NAME, PHONE, PHONE.replace(" ", ""), SMS_PHONE[3:], str(CHAT)))
PATIENCE_SECONDS = 30.0


def call(bot: RunningBot, method: str, path: str, token: str = "", **body: Any) -> Any:
    """Call the API and return its JSON, or None when it gives none."""
    request = urllib.request.Request(
        bot.base_url + path,
        data=json.dumps(body).encode() if body else None,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        content = response.read()
    return json.loads(content) if content else None


def sealed_of(var: Path, conversation_id: str) -> list[bytes]:
    """Return the encrypted values of the rows of a conversation, in every table that names conversations."""
    found = []
    with closing(sqlite3.connect(var / "assistant.db")) as store:
        for table in METADATA.sorted_tables:
            column = "id" if table is schema.conversations else "conversation_id"
            if column in table.c:
                query = f"SELECT * FROM {table.name} WHERE {column} = ?"
                for row in store.execute(query, (conversation_id,)):
                    found += [value for value in row if isinstance(value, bytes)]
    return found


def ids_of(var: Path, channel: str) -> set[str]:
    """Return the conversations of a channel."""
    with closing(sqlite3.connect(var / "assistant.db")) as store:
        return {row[0] for row in store.execute("SELECT id FROM conversations WHERE channel = ?", (channel,))}


def events_of(var: Path, conversation_id: str) -> int:
    """Return how many notes Rasa holds of a conversation."""
    with closing(sqlite3.connect(var / "rasa.db")) as notes:
        query = "SELECT COUNT(*) FROM events WHERE sender_id = ?"
        return int(notes.execute(query, (conversation_id,)).fetchone()[0])


def _dump(var: Path) -> str:
    with closing(sqlite3.connect(var / "assistant.db")) as store:
        return "\n".join(store.iterdump())


def assert_no_byte_left(var: Path, conversation_id: str, sealed: list[bytes]) -> None:
    """Look in every file of `var/`; Rasa may still be writing what it was asked just before."""
    assert sealed
    poll(lambda: events_of(var, conversation_id), lambda count: count == 0, PATIENCE_SECONDS)
    poll(lambda: conversation_id in _dump(var), lambda is_held: not is_held, PATIENCE_SECONDS)
    poll(lambda: files_with(var, pieces_of(sealed)), lambda found: not found, PATIENCE_SECONDS)
    assert files_with(var, NEEDLES) == {}


def test_by_the_api(running_bot: RunningBot) -> None:
    opened = call(running_bot, "POST", "/api/v1/conversations", channel="api")
    path, token = f"/api/v1/conversations/{opened['id']}", opened["token"]

    def say(**body: str) -> dict[str, Any]:
        said: dict[str, Any] = call(running_bot, "POST", f"{path}/messages", token, **body)
        return said

    assert say(text=QUESTION)["messages"][-1]["type"] == "fiche"
    say(choice="personne:rappel")
    for words in ("passer", PHONE, "le matin", NAME, f"mon dossier {WORDS[1]} est bloqué", "envoyer"):
        said = say(text=words)
    assert said["messages"][-1]["reference"]
    assert events_of(running_bot.var, opened["id"])
    sealed = sealed_of(running_bot.var, opened["id"])
    call(running_bot, "DELETE", path, token)
    assert_no_byte_left(running_bot.var, opened["id"], sealed)


def test_by_sms(running_sms: RunningSms) -> None:
    var, kannel = running_sms.bot.var, running_sms.kannel
    before = ids_of(var, "sms")
    kannel.write(SMS_PHONE, QUESTION)
    (conversation_id,) = poll(lambda: ids_of(var, "sms") - before, bool, PATIENCE_SECONDS)
    poll(lambda: events_of(var, conversation_id), bool, PATIENCE_SECONDS)
    sealed = sealed_of(var, conversation_id)
    kannel.write(SMS_PHONE, "EFFACER")
    poll(lambda: len(sealed_of(var, conversation_id)) > len(sealed), bool, PATIENCE_SECONDS)
    kannel.write(SMS_PHONE, "OUI")
    poll(lambda: ids_of(var, "sms") - before, lambda ids: not ids, PATIENCE_SECONDS)
    assert_no_byte_left(var, conversation_id, sealed)


async def test_on_telegram(running_bot: RunningBot, telegram_api: TestApi) -> None:
    var = running_bot.var
    before = ids_of(var, "telegram")
    user = telegram_api.user(CHAT, first_name=NAME)
    await asyncio.to_thread(user.say, QUESTION)
    await asyncio.to_thread(user.hear)
    (conversation_id,) = ids_of(var, "telegram") - before
    sealed = sealed_of(var, conversation_id)
    await asyncio.to_thread(user.command, "/effacer")
    (asked,) = await asyncio.to_thread(user.hear)
    await asyncio.to_thread(user.tap, asked.buttons["Oui, tout effacer"], asked.message_id)
    await asyncio.to_thread(user.hear)
    await asyncio.to_thread(assert_no_byte_left, var, conversation_id, sealed)
