"""Talk with a running assistant in the terminal, through its public API."""

from __future__ import annotations

import asyncio
import sys
import uuid
from typing import Any

import aiohttp

from bot.settings import Settings


async def talk(settings: Settings) -> bool:
    """Hold a conversation until an empty line or the end of the input. Returns False when nobody answers."""
    async with aiohttp.ClientSession(settings.local_url) as session:
        try:
            opened = await _post(session, "/api/v1/conversations", {"channel": "api"}, None)
        except aiohttp.ClientError:
            print("L'assistant n'est pas démarré. Lancez d'abord : make run", file=sys.stderr)
            return False
        if "messages" not in opened:
            print(opened.get("title", "L'assistant ne répond pas comme prévu."), file=sys.stderr)
            return False
        print("Écrivez votre question, ou le numéro d'un choix. Une ligne vide pour finir.")
        choices = _show(opened["messages"])
        path = f"/api/v1/conversations/{opened['id']}/messages"
        while line := await asyncio.to_thread(_read_line):
            body: dict[str, Any] = {"client_id": uuid.uuid4().hex}
            if line.isdigit() and 1 <= int(line) <= len(choices):
                body["choice"] = choices[int(line) - 1]["value"]
            else:
                body["text"] = line
            answer = await _post(session, path, body, opened["token"])
            choices = _show(answer["messages"]) if "messages" in answer else _show_error(answer)
    return True


def _read_line() -> str:
    try:
        return input("\n> ").strip()
    except EOFError:
        return ""


async def _post(
    session: aiohttp.ClientSession, path: str, body: dict[str, Any], token: str | None
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with session.post(path, json=body, headers=headers) as response:
        answer: dict[str, Any] = await response.json(content_type=None)
        return answer


def _show(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    for message in messages:
        print(f"\n{message['text']}")
    choices: list[dict[str, str]] = messages[-1].get("choices", []) if messages else []
    for rank, choice in enumerate(choices, start=1):
        print(f"  {rank}. {choice['label']}")
    return choices


def _show_error(problem: dict[str, Any]) -> list[dict[str, str]]:
    print(f"\n{problem.get('title', 'Erreur')}")
    return []


async def print_health(settings: Settings) -> bool:
    """Print the state of each part. Returns whether all work."""
    async with aiohttp.ClientSession(settings.local_url) as session:
        try:
            async with session.get("/health") as response:
                report = await response.json(content_type=None)
                print("\n".join(f"{part} : {state}" for part, state in report["parts"].items()))
                return response.status == 200
        except aiohttp.ClientError:
            print("L'assistant n'est pas démarré.", file=sys.stderr)
            return False
