"""Ask the running assistant through its public API, as any program would."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.evaluation.judging import (
    MISSED,
    RIGHT,
    Message,
    Result,
    describe,
    judge_act,
    judge_question,
    judge_situation,
    judge_turn,
)
from tests.evaluation.sets import Dialogue, Row


class Conversation:
    """One conversation held through the API."""

    def __init__(self, session: aiohttp.ClientSession, opened: dict[str, Any]) -> None:
        self._session = session
        self._url = f"/api/v1/conversations/{opened['id']}/messages"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    @classmethod
    async def open(cls, session: aiohttp.ClientSession) -> Conversation:
        """Return a new conversation."""
        async with session.post("/api/v1/conversations", json={"channel": "api"}) as response:
            return cls(session, await response.json())

    async def say(self, text: str) -> tuple[list[Message], float]:
        """Return the answers to a text, and the seconds they took."""
        started = time.perf_counter()
        async with self._session.post(self._url, json={"text": text}, headers=self._headers) as response:
            answer = await response.json()
        return answer["messages"], time.perf_counter() - started


async def ask_questions(base: str, rows: list[Row]) -> list[Result]:
    """Ask each question in a conversation of its own, one after the other."""
    results = []
    async with aiohttp.ClientSession(base) as session:
        for row in rows:
            messages, seconds = await (await Conversation.open(session)).say(row["texte"])
            outcome, rubrique_right = judge_question(messages, row)
            results.append(
                Result(
                    "question", row["fiche"], row["style"], row["texte"], outcome,
                    describe(messages[-1]), seconds, row["rubrique"], rubrique_right,
                )
            )  # fmt: skip
    return results


async def ask_situations(base: str, rows: list[Row]) -> list[Result]:
    """Tell each life situation in a conversation of its own."""
    return await _ask_each(base, rows, "situation", judge_situation)


async def ask_acts(base: str, rows: list[Row]) -> list[Result]:
    """Say each act in a conversation of its own."""
    return await _ask_each(base, rows, "acte", judge_act)


async def _ask_each(
    base: str, rows: list[Row], kind: str, judge: Callable[[list[Message], Row], str]
) -> list[Result]:
    """Ask each row; `kind` also names the column that says what it is."""
    results = []
    async with aiohttp.ClientSession(base) as session:
        for row in rows:
            messages, seconds = await (await Conversation.open(session)).say(row["texte"])
            outcome, said = judge(messages, row), describe(messages[-1])
            results.append(Result(kind, row[kind], row["style"], row["texte"], outcome, said, seconds))
    return results


async def hold_dialogues(base: str, dialogues: list[Dialogue]) -> list[Result]:
    """Hold each dialogue to its end, whatever is answered. One result a turn; `rubrique` holds its place."""
    results = []
    async with aiohttp.ClientSession(base) as session:
        for dialogue in dialogues:
            conversation, before = await Conversation.open(session), None
            for place, (text, expected) in enumerate(dialogue.turns):
                messages, seconds = await conversation.say(text)
                right = judge_turn(messages, expected, before)
                before = messages[-1]
                results.append(
                    Result(
                        "premier" if place == 0 else "suite", f"{dialogue.name} {expected}", dialogue.style,
                        text, RIGHT if right else MISSED, describe(before), seconds,
                    )
                )  # fmt: skip
    return results
