"""What is held about the person, in plain words: only what is true of them is said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.answers import labels
from bot.answers.texts import Texts
from bot.model.answer import Answer, AnswerType, Block, BlockKind
from bot.model.french import PARIS, format_date
from bot.render.gsm import MAX_SEPTETS, count_septets, shorten, to_gsm
from bot.store.conversations import KIOSK
from bot.store.demandes import CLOSED, TAKEN, WAITING, Demande, DemandeDetails
from bot.store.own_data import Held

PAGE = "web"
API = "api"
STATE_WORDS = {WAITING: "en attente", TAKEN: "suivie", CLOSED: "terminée"}
_GIVEN = {
    "telephone": "votre téléphone",
    "nom": "votre nom",
    "mots": "vos mots",
    "commune": "votre commune",
    "quand": "le moment qui vous va",
}
_SHORTEST_PUBLISHER = 12
"""Septets below which a name cut short would say nothing: the word that gives it whole is said instead."""


def local_day(moment: datetime) -> date:
    """Return the day of a stored time (UTC, without a timezone) in France."""
    return moment.replace(tzinfo=UTC).astimezone(PARIS).date()


class OwnDataAnswers(Texts):
    """The answer to "qu'avez-vous sur moi"."""

    def own_data(self, held: Held) -> Answer:
        """Return what is held about the person, until when, how to have it all and how to erase it."""
        return Answer(
            type=AnswerType.CONFIDENTIALITE,
            blocks=self._own_blocks(held),
            sms=self._own_sms(held),
            choices=(labels.ERASE, labels.PERSON),
        )

    def own_data_ends(self, held: Held) -> datetime:
        """Return when everything goes if nothing more is said (UTC, without a timezone)."""
        return held.last_at + timedelta(days=self._settings.retention_days)

    def _own_blocks(self, held: Held) -> tuple[Block, ...]:
        counted = "donnees.compte_adresse" if held.address else "donnees.compte"
        return (
            *self._blocks("donnees.titre"),
            Block(BlockKind.LIST, tuple(self._own_items(held))),
            *self._blocks(*self._end_of(held)),
            *self._blocks(counted),
            *self._blocks("donnees.absent"),
            *self._blocks(_copy_key(held)),
            *self._blocks("donnees.effacer"),
            *self._blocks("donnees.responsable"),
        )

    def _own_items(self, held: Held) -> list[str]:
        keys = [
            _messages_key(held),
            ("donnees.compris", {}),
            *(("donnees.demande", self._request_values(request)) for request in held.requests),
            *([] if held.requests else [("donnees.sans_demande", {})]),
            *([("donnees.formulaire", {})] if held.form else []),
            *([("donnees.questions", {"nombre": str(len(held.followups))})] if held.followups else []),
            (self._address_key(held), {}),
        ]
        return [self._blocks(key, values)[0].items[0] for key, values in keys]

    def _request_values(self, request: Demande) -> dict[str, str]:
        ends = request.created_at + timedelta(days=self._settings.retention_days)
        return {
            "reference": request.reference,
            "etat": STATE_WORDS[request.status],
            "fin": format_date(local_day(ends)),
            "contenu": given_words(request.details),
        }

    def _end_of(self, held: Held) -> tuple[str, dict[str, str]]:
        if held.channel == KIOSK:
            return "donnees.effacement_borne", {}
        return "donnees.effacement", {"effacement": format_date(local_day(self.own_data_ends(held)))}

    def _own_sms(self, held: Held) -> str:
        """Return all of it in two segments: the publisher's name has what room is left."""
        day = local_day(self.own_data_ends(held)).strftime("%d/%m/%Y")
        key, values = _messages_key(held, for_sms=True)
        first = {"messages": self._sms(key, values), "adresse": self._sms(self._address_key(held))}
        parts = [
            self._sms("donnees.titre", first),
            self._requests_sms(held),
            self._sms("donnees.effacement", {"effacement": day}),
            self._sms("donnees.compte"),
            self._sms("donnees.absent"),
            self._sms("donnees.copie_personne"),
            self._sms("donnees.effacer"),
        ]
        said = " ".join(parts)
        room = MAX_SEPTETS - count_septets(
            to_gsm(f"{said} {self._sms('donnees.responsable', {'editeur': ''})}")
        )
        publisher = to_gsm(self._values(None)["editeur"])
        if count_septets(publisher) > room:
            publisher = shorten(publisher, room) if room >= _SHORTEST_PUBLISHER else "CONTACT"
        return f"{said} {self._sms('donnees.responsable', {'editeur': publisher})}"

    def _address_key(self, held: Held) -> str:
        if not held.address:
            return "donnees.sans_adresse"
        own = f"donnees.adresse_{held.channel}"
        return own if own in self.knowledge.responses else "donnees.adresse"

    def _requests_sms(self, held: Held) -> str:
        if not held.requests:
            return self._sms("donnees.sans_demande")
        newest = held.requests[-1]
        if len(held.requests) == 1:
            return self._sms("donnees.demande", self._request_values(newest))
        count = str(len(held.requests))
        return self._sms("donnees.demandes", {"nombre": count, "reference": newest.reference})


def given_words(details: DemandeDetails) -> str:
    """Return what the person put in a request, named and not shown."""
    given = [words for field, words in _GIVEN.items() if getattr(details, field)]
    return ", ".join(["le moyen de vous répondre", *given])


def _messages_key(held: Held, *, for_sms: bool = False) -> tuple[str, dict[str, str]]:
    if held.since is None:
        return "donnees.sans_message", {}
    day = local_day(held.since)
    depuis = day.strftime("%d/%m/%Y") if for_sms else format_date(day)
    return "donnees.messages", {"nombre": str(held.messages), "depuis": depuis}


def _copy_key(held: Held) -> str:
    return {PAGE: "donnees.copie_page", API: "donnees.copie_api"}.get(held.channel, "donnees.copie_personne")
