"""Each process killed with SIGKILL in the middle of 200 messages: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from tests.running import RunningBot, run_bot

CONVERSATIONS = 20
MESSAGES_EACH = 10
QUESTIONS = (
    "c'est quoi le rsa", "et c'est combien ?", "comment demander l'aide au logement", "bonjour",
    "j'ai perdu ma carte vitale", "quels papiers il faut ?", "je veux parler à quelqu'un", "merci",
    "mon mari me frappe", "comment avoir une carte d'identité",
)  # fmt: skip


@dataclass
class Talk:
    """One conversation of the burst, and what its owner saw acknowledged."""

    id: str
    token: str
    acknowledged: list[str] = field(default_factory=list)
    retries: int = 0


@pytest.mark.lent
@pytest.mark.parametrize("part", ["channels", "rasa", "actions", "supervisor"])
async def test_everything_acknowledged_is_answered_once_and_in_order(part: str) -> None:
    with run_bot() as bot:
        async with aiohttp.ClientSession() as session:
            talks = [await _open(session, bot) for _ in range(CONVERSATIONS)]
            killer = asyncio.create_task(_kill_in_the_middle(bot, part, talks))
            await asyncio.gather(*(_talk(session, bot, talk) for talk in talks))
            await killer
            transcripts = [await _settled_transcript(session, bot, talk) for talk in talks]
    figures = _count(talks, transcripts)
    print(f"\nkill -9 {part}: {dict(figures)}")
    assert figures["acknowledged"] == CONVERSATIONS * MESSAGES_EACH
    assert figures["unanswered"] == figures["answered twice"] == figures["out of order"] == 0
    assert figures["stored twice"] == 0


async def _open(session: aiohttp.ClientSession, bot: RunningBot) -> Talk:
    async with session.post(f"{bot.base_url}/api/v1/conversations", json={"channel": "api"}) as response:
        opened = await response.json()
    return Talk(opened["id"], opened["token"])


async def _talk(session: aiohttp.ClientSession, bot: RunningBot, talk: Talk) -> None:
    """Send ten messages one after the other; one that is not acknowledged is sent again under its id."""
    for number in range(MESSAGES_EACH):
        body = {"text": QUESTIONS[number], "client_id": uuid.uuid4().hex}
        while not await _send(session, bot, talk, body):
            talk.retries += 1
            await asyncio.sleep(0.3)
        talk.acknowledged.append(body["text"])


async def _send(session: aiohttp.ClientSession, bot: RunningBot, talk: Talk, body: dict[str, str]) -> bool:
    url = f"{bot.base_url}/api/v1/conversations/{talk.id}/messages"
    try:
        async with session.post(url, json=body, headers=_bearer(talk)) as response:
            return response.status == 200 and bool(await response.json())
    except (aiohttp.ClientError, OSError):
        return False


def _bearer(talk: Talk) -> dict[str, str]:
    return {"Authorization": f"Bearer {talk.token}"}


async def _kill_in_the_middle(bot: RunningBot, part: str, talks: list[Talk]) -> None:
    while sum(len(talk.acknowledged) for talk in talks) < CONVERSATIONS * MESSAGES_EACH // 2:
        await asyncio.sleep(0.02)
    bot.kill(part)
    if part == "supervisor":
        await asyncio.to_thread(bot.start)


async def _settled_transcript(
    session: aiohttp.ClientSession, bot: RunningBot, talk: Talk
) -> list[dict[str, Any]]:
    """Return the transcript once every message has its answer, or as it is after two minutes."""
    messages: list[dict[str, Any]] = []
    for _ in range(240):
        url = f"{bot.base_url}/api/v1/conversations/{talk.id}/messages"
        async with session.get(url, headers=_bearer(talk)) as response:
            messages = (await response.json())["messages"]
        if len(_answers(messages)) >= MESSAGES_EACH:
            break
        await asyncio.sleep(0.5)
    return messages


def _answers(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the real answers: neither the welcome nor "your message is kept"."""
    return [m for m in messages[1:] if m["from"] == "assistant" and "est gardé" not in m["text"]]


# What answers each question: enough to see an answer that is missing, doubled or out of its place.
_EXPECTED = (
    "fiche rsa", "fiche rsa", "fiche apl", "accueil", "fiche", "fiche", "escalade", "accueil",
    "urgence", "fiche carte-identite",
)  # fmt: skip


def _count(talks: list[Talk], transcripts: list[list[dict[str, Any]]]) -> Counter[str]:
    figures: Counter[str] = Counter()
    for talk, messages in zip(talks, transcripts, strict=True):
        asked = [m["text"] for m in messages if m["from"] == "user"]
        answers = [f"{m['type']} {m.get('fiche', '')}" for m in _answers(messages) if m["type"] != "urgence"]
        wanted = [e for e in _EXPECTED if e != "urgence"]
        urgent = sum(m.get("type") == "urgence" for m in messages)
        figures["acknowledged"] += len(talk.acknowledged)
        figures["sent again"] += talk.retries
        figures["told of a delay"] += sum("est gardé" in m["text"] for m in messages)
        figures["stored twice"] += len(asked) - len(set(asked))
        figures["unanswered"] += max(0, len(wanted) - len(answers)) + max(0, 1 - urgent)
        figures["answered twice"] += max(0, len(answers) - len(wanted)) + max(0, urgent - 1)
        pairs = zip(answers, wanted, strict=False)
        figures["out of order"] += sum(not answer.startswith(want) for answer, want in pairs)
    return figures
