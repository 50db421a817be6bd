"""Judge an answer of the assistant against what was expected of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.evaluation.sets import Row, one_of

RIGHT, OFFERED, WRONG, MISSED = "juste", "proposée", "fausse", "manquée"
OUTCOMES = (RIGHT, OFFERED, WRONG, MISSED)
DOUBT = "Si j'ai bien compris"
URGENT_SUBJECTS = {"violences-conjugales", "hebergement-urgence"}
"""Their emergency numbers come first: the fiche's own are among them, so an urgent answer is a right one."""

Message = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """One message and what came of it. `rubrique_right` is None where the fiche is not the right one."""

    kind: str
    expected: str
    style: str
    text: str
    outcome: str
    said: str
    seconds: float
    rubrique: str = ""
    rubrique_right: bool | None = None

    @property
    def is_right(self) -> bool:
        """Tell whether the answer was the one expected."""
        return self.outcome == RIGHT


def describe(message: Message) -> str:
    """Return what an answer was, in a few words."""
    offered = ",".join(message.get("fiches", [])[:4]) if message["type"] != "fiche" else ""
    parts = [message["type"], message.get("fiche", ""), message.get("rubrique", ""), offered]
    doubt = " (avec doute)" if message["text"].startswith(DOUBT) else ""
    return " ".join(part for part in parts if part) + doubt


def judge_question(messages: list[Message], row: Row) -> tuple[str, bool | None]:
    """Return the outcome of a question about a fiche, and whether its rubrique was right.

    Stating another fiche is wrong, with a doubt or without; where two fiches are answered, one right is right.
    """
    fiches = one_of(row, "fiche", "aussi")
    rubriques = one_of(row, "rubrique", "rubrique_aussi")
    about = [message for message in messages if message["type"] == "fiche"]
    good = [message for message in about if message["fiche"] in fiches]
    if good:
        return RIGHT, any(message.get("rubrique") in rubriques for message in good)
    last = messages[-1]
    if last["type"] == "urgence" and fiches & URGENT_SUBJECTS:
        return RIGHT, None
    if fiches & set(last.get("fiches", [])):
        return OFFERED, None
    if about or last["type"] in {"orientation", "clarification"}:
        return WRONG if about else MISSED, None
    return MISSED, None


def judge_situation(messages: list[Message], row: Row) -> str:
    """Return the outcome of a life situation: one of the two first rights must be answered or offered."""
    first = set(row["fiches"].split(",")[:2])
    last = messages[-1]
    if last["type"] == "orientation" and first & set(last.get("fiches", [])):
        return RIGHT
    if last["type"] == "fiche" and last.get("fiche") in one_of(row, "fiches"):
        return RIGHT
    if first & set(last.get("fiches", [])):
        return OFFERED
    return WRONG if last["type"] in {"fiche", "orientation"} else MISSED


def judge_act(messages: list[Message], row: Row) -> str:
    """Return the outcome of what is neither a fiche nor a situation."""
    last = messages[-1]
    if row["acte"] == "pour_autrui":
        return judge_question(messages, row)[0]
    if row["acte"] == "hors_sujet":
        if last["type"] in {"hors_sujet", "incompris"}:
            return RIGHT
        return WRONG if last["type"] in {"fiche", "orientation", "estimation"} else MISSED
    if row["acte"] == "personne":
        return RIGHT if last["type"] == "escalade" else MISSED
    return RIGHT if _reassures(last) else MISSED


def _reassures(message: Message) -> bool:
    """Tell whether an answer is one to discouragement: those offer a person, and are of type escalade."""
    return bool(message["type"] == "escalade")


def judge_turn(messages: list[Message], expected: dict[str, Any], before: Message | None) -> bool:
    """Tell whether one turn of a dialogue got what was expected."""
    last = messages[-1]
    if expected.get("memes"):
        return bool(before and last["type"] == before["type"] and last.get("fiche") == before.get("fiche"))
    if "type" in expected:
        return last["type"] in _listed(expected["type"])
    if last["type"] == "urgence" and set(_listed(expected["fiche"])) & URGENT_SUBJECTS:
        return True
    about = [message for message in messages if message["type"] == "fiche"]
    return any(
        message["fiche"] in _listed(expected["fiche"])
        and ("rubrique" not in expected or message.get("rubrique") in _listed(expected["rubrique"]))
        for message in about
    )


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
