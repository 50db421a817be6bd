"""Dialogues as dialogues: a YAML file says what the person writes and what they must hear.

- nom: A follow-up keeps the subject
  tours:
    - dit: c'est quoi le rsa          # or `choisit: "Comment faire ?"`
      entend: {type: fiche, fiche: rsa, rubrique: apercu, texte: [revenu], choix: [Combien ?]}
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml


@dataclass(frozen=True)
class Dialogue:
    """One dialogue and where it is written."""

    name: str
    turns: list[dict[str, Any]]

    def __str__(self) -> str:
        return self.name


def load_dialogues(folder: Path) -> list[Dialogue]:
    """Return every dialogue of the folder."""
    return [
        Dialogue(f"{path.stem}: {item['nom']}", item["tours"])
        for path in sorted(folder.glob("*.yml"))
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


async def play(base: str, dialogue: Dialogue) -> None:
    """Hold the dialogue with a running assistant. Raises AssertionError at the first surprise."""
    async with aiohttp.ClientSession(base) as session:
        async with session.post("/api/v1/conversations", json={"channel": "api"}) as response:
            opened = await response.json()
        shown = opened["messages"][-1].get("choices", [])
        for turn in dialogue.turns:
            async with session.post(
                f"/api/v1/conversations/{opened['id']}/messages",
                json=_body(turn, shown),
                headers={"Authorization": f"Bearer {opened['token']}"},
            ) as response:
                answer = await response.json()
                assert response.status == 200, answer
            heard = answer["messages"][-1]
            shown = heard.get("choices", [])
            check(turn.get("entend", {}), answer, heard)


def _body(turn: dict[str, Any], shown: list[dict[str, str]]) -> dict[str, str]:
    if "dit" in turn:
        return {"text": str(turn["dit"])}
    values = {choice["label"]: choice["value"] for choice in shown}
    assert turn["choisit"] in values, f"« {turn['choisit']} » was not offered: {sorted(values)}"
    return {"choice": values[turn["choisit"]]}


def check(expected: dict[str, Any], answer: dict[str, Any], heard: dict[str, Any]) -> None:
    """Compare the last message heard with what the turn expects."""
    for key in ("type", "fiche", "rubrique"):
        if key in expected:
            assert heard.get(key) == expected[key], (key, heard.get(key), heard["text"][:200])
    if "etat" in expected:
        assert answer["state"] == expected["etat"]
    said = " ".join(message["text"] for message in answer["messages"]).lower()
    for words in expected.get("texte", []):
        assert str(words).lower() in said, (words, said[:400])
    for words in expected.get("sans", []):
        assert str(words).lower() not in said, (words, said[:400])
    labels = [choice["label"] for choice in heard.get("choices", [])]
    for label in expected.get("choix", []):
        assert label in labels, (label, labels)
    for fiche in expected.get("fiches", []):
        assert fiche in heard.get("fiches", []), heard.get("fiches")
    if expected.get("lieux"):
        assert heard.get("places"), heard
    if expected.get("reference"):
        assert heard.get("reference"), heard
