"""A person's own data: all that is held about them, as a copy to keep (GDPR, article 15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.compose import Composer
from bot.answers.own_data_answers import STATE_WORDS, local_day
from bot.model.answer import Answer
from bot.model.french import format_date
from bot.render.text import render_text
from bot.service.desk import hide_codes
from bot.settings import Settings
from bot.store import conversations as store
from bot.store import desk
from bot.store.cipher import Cipher
from bot.store.conversations import ASSISTANT, OPERATOR, USER, StoredMessage
from bot.store.database import Database, now
from bot.store.demandes import Demande
from bot.store.followups import Followup
from bot.store.own_data import Held, read_held

SEEN_BY_THE_PERSON = {
    desk.CLAIMED: "prise par une personne du service",
    desk.RELEASED: "remise dans la file",
    desk.REPLIED: "réponse écrite",
    desk.HANDED: "confiée à une autre personne du service",
    desk.ASKED: "accord demandé pour la passer à un autre organisme",
    desk.AGREED: "vous avez accepté",
    desk.REFUSED: "vous avez refusé",
    desk.LATE: "retard annoncé",
    desk.SILENT: "remise dans la file, faute de réponse",
    desk.CLOSED_EVENT: "terminée",
    desk.REOPENED: "rouverte",
}
"""What is said of a request's follow-up; the notes of the team are only counted."""
KEPT_BESIDE = (
    "Le sujet compris de chaque question, dans la mémoire de Rasa : sans vos mots, effacé avec la conversation.",
    "Des événements techniques, dans les journaux : un numéro de conversation tiré au hasard, sans vos mots.",
    "Par SMS ou par messagerie, pendant deux jours au plus : le nombre de messages du jour et des empreintes.",
    "Les notes de travail de l'équipe sur une demande ne sont pas dans cette copie : demandez-les à une personne.",
)
_SPEAKERS = {USER: "Vous", ASSISTANT: "L'assistant", OPERATOR: "Une personne du service"}


class OwnData:
    """Reads what is held about the person of a conversation, who was already known by their token."""

    def __init__(self, database: Database, cipher: Cipher, composer: Composer, settings: Settings) -> None:
        self._database = database
        self._cipher = cipher
        self._composer = composer
        self._settings = settings

    async def summary(self, conversation_id: str) -> Answer | None:
        """Return what is held, counted and in plain words; None when the conversation is gone."""
        async with self._database.read() as connection:
            held = await read_held(connection, self._cipher, conversation_id)
        return self._composer.own_data(held) if held else None

    async def export(self, conversation_id: str) -> dict[str, Any] | None:
        """Return everything held, ready for JSON; None when the conversation is gone. No code, no token."""
        async with self._database.read() as connection:
            held = await read_held(connection, self._cipher, conversation_id)
            if held is None:
                return None
            said = await store.list_messages(connection, self._cipher, conversation_id)
            requests = [await self._request(connection, request) for request in held.requests]
        return {
            "made_at": _stamp(now()),
            "publisher": self._settings.editeur or "non renseigné",
            "retention_days": self._settings.retention_days,
            "conversation": self._conversation(conversation_id, held),
            "messages": [_message(message) for message in said],
            "requests": requests,
            "questions_later": [_followup(asked) for asked in held.followups],
            "kept_beside": list(KEPT_BESIDE),
        }

    def _conversation(self, conversation_id: str, held: Held) -> dict[str, Any]:
        return _known(
            {
                "id": conversation_id,
                "channel": held.channel,
                "address": held.address,
                "started_at": _stamp(held.created_at),
                "last_at": _stamp(held.last_at),
                "erased_at": _stamp(self._composer.own_data_ends(held)),
                "form_in_progress": held.form and _known(held.form["details"]),
            }
        )

    async def _request(self, connection: AsyncConnection, request: Demande) -> dict[str, Any]:
        events = await desk.list_events(connection, self._cipher, request.reference)
        ends = request.created_at + timedelta(days=self._settings.retention_days)
        return _known(
            {
                "reference": request.reference,
                "state": request.status,
                "made_at": _stamp(request.created_at),
                "taken_at": _stamp(request.taken_at),
                "closed_at": _stamp(request.closed_at),
                "erased_at": _stamp(ends),
                "subject": request.subject,
                "given": _known(vars(request.details)),
                "followed": [_event(event) for event in events if event.kind in SEEN_BY_THE_PERSON],
                "team_notes": sum(event.kind == desk.NOTED for event in events),
            }
        )


def as_text(export: dict[str, Any]) -> str:
    """Return an export as plain French text, to read and to print."""
    return "\n".join(_lines(export)) + "\n"


def _lines(export: dict[str, Any]) -> Iterator[str]:
    conversation = export["conversation"]
    yield f"Vos données, copie du {_day(export['made_at'])}"
    yield f"Qui répond du service : {export['publisher']}"
    yield f"Conversation commencée le {_day(conversation['started_at'])}, sur : {conversation['channel']}"
    if "address" in conversation:
        yield f"Adresse d'où vous écrivez : {conversation['address']}"
    yield f"Effacement prévu, sans nouveau message : le {_day(conversation['erased_at'])}"
    if "form_in_progress" in conversation:
        yield f"Demande en cours d'écriture : {_given(conversation['form_in_progress'])}"
    yield from ("", f"Messages : {len(export['messages'])}", "")
    for message in export["messages"]:
        yield f"{message['at']} · {_SPEAKERS[message['from']]}"
        yield from (message["text"], "")
    yield from ("", f"Demandes à une personne : {len(export['requests'])}", "")
    for request in export["requests"]:
        yield from _request_lines(request)
    for asked in export["questions_later"]:
        yield f"Question posée plus tard, prévue le {_day(asked['due_at'])} ; réponse : {asked.get('answer', 'aucune')}"
    yield from ("", "Gardé à part :", *(f"- {words}" for words in export["kept_beside"]))


def _request_lines(request: dict[str, Any]) -> Iterator[str]:
    yield f"{request['reference']}, {STATE_WORDS[request['state']]}, faite le {_day(request['made_at'])}"
    yield f"Effacement au plus tard le {_day(request['erased_at'])}"
    yield f"Ce que vous avez donné : {_given(request['given'])}"
    for event in request["followed"]:
        words = " : ".join(part for part in (event.get("by"), event.get("text")) if part)
        yield f"{event['at']} · {event['what']}{f' ({words})' if words else ''}"
    yield from (f"Notes de l'équipe : {request['team_notes']}", "")


def _given(details: dict[str, Any]) -> str:
    return " ; ".join(f"{name} : {'oui' if value is True else value}" for name, value in details.items())


def _message(message: StoredMessage) -> dict[str, Any]:
    answer = message.answer
    fields = {
        "id": message.id,
        "at": _stamp(message.at),
        "from": message.sender,
        "text": hide_codes(render_text(answer) if answer else message.text or ""),
        "type": answer.type.value if answer else None,
        "fiche": answer.fiche if answer else None,
        "rubrique": answer.rubrique if answer else None,
        "by": answer.author if answer else None,
    }
    return _known(fields)


def _event(event: desk.Event) -> dict[str, Any]:
    body = event.body
    fields = {
        "at": _stamp(event.at),
        "what": SEEN_BY_THE_PERSON[event.kind],
        "by": body.get("nom"),
        "text": body.get("texte") or body.get("organisme"),
    }
    return _known(fields)


def _followup(asked: Followup) -> dict[str, Any]:
    fields = {
        "kind": asked.kind,
        "subject": asked.subject,
        "due_at": _stamp(asked.due_at),
        "asked_at": _stamp(asked.asked_at),
        "answer": asked.answer,
    }
    return _known(fields)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in fields.items()
        if value is not None and value is not False and value != ""
    }


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds") + "Z"


def _day(stamp: str) -> str:
    return format_date(local_day(datetime.fromisoformat(stamp.removesuffix("Z"))))
