"""A new model is taken while people write: every message is answered once, in order; the wait is printed."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
import uuid
from datetime import datetime

import aiohttp
import pytest

from tests.e2e.test_kill import (
    MESSAGES_EACH,
    QUESTIONS,
    Talk,
    _answers,
    _count,
    _open,
    _send,
    _settled_transcript,
)
from tests.engines import Postgres, Redis
from tests.running import ROOT, RunningBot, run_bot

pytestmark = pytest.mark.lent
PEOPLE = 4
PAUSE_SECONDS = 1.0
"""Between two messages of a person: the wait that is printed is that of people who read."""
ENDED = "Relance terminée."


@pytest.mark.parametrize("engine", ["sqlite, one Rasa", "postgresql and redis, two of each"])
async def test_every_message_written_during_a_restart_is_answered_once_and_in_order(
    engine: str, request: pytest.FixtureRequest
) -> None:
    with run_bot(**_settings(engine, request)) as bot:
        before = {part: bot.pid_of(part) for part in ("rasa", "channels")}
        over = asyncio.Event()
        async with aiohttp.ClientSession() as session:
            people = [asyncio.create_task(_person(session, bot, over)) for _ in range(PEOPLE)]
            asked = time.monotonic()
            await asyncio.to_thread(_relancer, bot)
            await _hear(bot, ENDED)
            print(f"\n{engine}: restarted in {time.monotonic() - asked:.1f} s")
            over.set()
            talks = [talk for each in await asyncio.gather(*people) for talk in each]
            transcripts = [await _settled_transcript(session, bot, talk) for talk in talks]
        assert bot.pid_of("rasa") != before["rasa"]
        assert (bot.pid_of("channels") != before["channels"]) == ("two" in engine)
    figures = _count(talks, transcripts)
    print(f"{engine}: {dict(figures)}, longest answer {max(map(_longest, transcripts)):.1f} s")
    assert figures["acknowledged"] == len(talks) * MESSAGES_EACH
    assert figures["unanswered"] == figures["answered twice"] == figures["out of order"] == 0
    assert figures["stored twice"] == 0


def _settings(engine: str, request: pytest.FixtureRequest) -> dict[str, str]:
    if "one" in engine:
        return {}
    postgres: Postgres = request.getfixturevalue("postgres")
    redis: Redis = request.getfixturevalue("redis_server")
    return {
        "database_url": postgres.url(postgres.new_database()),
        "redis_url": redis.url,
        "rasa_port": str(_two_free_ports()),
        "rasa_workers": "2",
        "channel_workers": "2",
    }


def _two_free_ports() -> int:
    """Return a port nobody listens on, nor on the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


async def _person(session: aiohttp.ClientSession, bot: RunningBot, over: asyncio.Event) -> list[Talk]:
    """Hold one conversation after the other until the restart is over."""
    talks: list[Talk] = []
    while not over.is_set():
        try:
            talk = await _open(session, bot)
        except (aiohttp.ClientError, OSError):
            await asyncio.sleep(0.1)
            continue
        for question in QUESTIONS:
            body = {"text": question, "client_id": uuid.uuid4().hex}
            while not await _send(session, bot, talk, body):
                await asyncio.sleep(0.1)
            talk.acknowledged.append(question)
            await asyncio.sleep(PAUSE_SECONDS)
        talks.append(talk)
    return talks


def _relancer(bot: RunningBot) -> None:
    command = [sys.executable, "-m", "bot", "relancer"]
    subprocess.run(command, cwd=ROOT, env=bot.environment, check=True, stdout=subprocess.DEVNULL)


async def _hear(bot: RunningBot, words: str) -> None:
    async with asyncio.timeout(300):
        while words not in bot.log.read_text(encoding="utf-8"):
            await asyncio.sleep(0.1)


def _longest(messages: list[dict[str, str]]) -> float:
    """Return the longest time between a message and its answer, in seconds. Urgencies are answered at once."""
    asked = [message for message in messages if message["from"] == "user" and message["text"] != QUESTIONS[8]]
    answers = [message for message in _answers(messages) if message["type"] != "urgence"]
    pairs = zip(asked, answers, strict=True)
    return max((_seconds(answer["at"]) - _seconds(one["at"]) for one, answer in pairs), default=0.0)


def _seconds(written: str) -> float:
    return datetime.fromisoformat(written).timestamp()
