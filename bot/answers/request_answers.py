"""The request to a person, on the person's side: what is asked one thing at a time, the reference, what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answers import labels
from bot.answers.places import one_line, short_line
from bot.answers.request_summary import summary_of
from bot.answers.texts import Texts
from bot.model.answer import Answer, AnswerType, Choice, Place
from bot.render.gsm import MAX_SEPTETS, count_septets, shorten, to_gsm
from bot.store.demandes import (
    CALL,
    CLOSED,
    TAKEN,
    TEXT,
    WAITING,
    Demande,
    DemandeDetails,
    Ticket,
)

READ_HERE = ("web", "api", "widget", "borne")
"""Channels where one has to come back to read: an answer by SMS is offered there."""
TITLE_ROOM = 60
"""Septets of the title of a fiche within an SMS."""
NEEDS_PHONE = (CALL, TEXT)
"""Ways that are nothing without a number; for an appointment, the answer may come here."""


@dataclass(frozen=True)
class Reading:
    """When a request is read, in French.

    `when` is as "aujourd'hui avant 16 h 30"; `opening`, set while nobody answers, as "mardi 1er décembre à 9 h".
    """

    when: str | None = None
    opening: str | None = None


class RequestAnswers(Texts):
    """The form of a request, its reference, its state and its withdrawal."""

    can_text: bool = False
    """Whether the service sends SMS: an answer by SMS is offered only then."""

    def ways(self) -> tuple[Choice, ...]:
        """Return the ways to be answered by a person, then the places."""
        by_text = (labels.TEXT_ME,) if self.can_text else ()
        return (labels.WRITE_HERE, labels.CALL_ME, *by_text, labels.MEETING, labels.PLACES)

    def for_channel(self, answer: Answer, channel: str) -> Answer:
        """Return the answer without the choices that mean nothing on a channel: an SMS for who writes elsewhere."""
        if channel in READ_HERE or labels.TEXT_ME not in answer.choices:
            return answer
        return replace(answer, choices=tuple(pick for pick in answer.choices if pick != labels.TEXT_ME))

    # -- the form -----------------------------------------------------------------------------

    def demande_question(
        self,
        question: str,
        details: DemandeDetails,
        *,
        has_phone: bool = False,
        subject: str | None = None,
    ) -> Answer:
        """Ask the next question of the request, saying why it is asked.

        `has_phone` offers the number they write from; `subject` is the fiche that the conversation is about.
        """
        joined = "escalade.avec_conversation" if details.joindre else "escalade.sans_conversation"
        known = {
            "resume": summary_of(details),
            "sujet": f" sur « {self._title(subject)} »" if subject else "",
            "transmis": self._text(joined),
        }
        key = f"escalade.{question}"
        picks = (*self._picks(question, details, has_phone=has_phone), labels.CANCEL)
        answer = self._say(AnswerType.ESCALADE, key, picks, known)
        by_sms = summary_of(details, here="par SMS")
        # Not more of the title than leaves room for the question.
        title = shorten(self._title(subject), TITLE_ROOM) if subject else ""
        known |= {"transmis": self._sms(joined), "sujet": f' sur "{title}"' if title else "", "resume": ""}
        room = MAX_SEPTETS - count_septets(to_gsm(self._sms(key, known)))
        return replace(answer, sms=self._sms(key, {**known, "resume": shorten(by_sms, room)}))

    def _picks(
        self, question: str, details: DemandeDetails, *, has_phone: bool = False
    ) -> tuple[Choice, ...]:
        phone = (labels.THIS_PHONE,) if has_phone else ()
        skip = () if details.moyen in NEEDS_PHONE else (labels.SKIP,)
        return {
            "ou": (labels.AT_PLACE, labels.AT_HOME),
            "joindre": (labels.JOIN, labels.NOT_JOIN),
            "telephone": (*phone, *skip),
            "commune": (labels.SKIP,),
            "quand": (labels.MORNING, labels.AFTERNOON, labels.ANY_TIME),
            "nom": (labels.SKIP,),
            "mots": (labels.SKIP,),
            "confirmer": (labels.SEND,),
        }[question]

    def demande_phone_again(self, details: DemandeDetails, *, has_phone: bool = False) -> Answer:
        """Ask again for a phone number that was not recognised."""
        picks = (*self._picks("telephone", details, has_phone=has_phone), labels.CANCEL)
        return self._say(AnswerType.ESCALADE, "escalade.telephone_encore", picks)

    def demande_cancelled(self) -> Answer:
        """Say that nothing was sent."""
        return self._say(AnswerType.ESCALADE, "escalade.annulee", (labels.HELP, labels.PERSON))

    def no_form(self) -> Answer:
        """Say that no request is being written: a second tap on a button, or one in an old message."""
        return self._say(AnswerType.ESCALADE, "escalade.sans_formulaire", (labels.PERSON, labels.HELP))

    # -- after it -----------------------------------------------------------------------------

    def demande_recorded(
        self, ticket: Ticket, details: DemandeDetails, reading: Reading | None = None
    ) -> Answer:
        """Give the reference and the code of a request that was kept, and say when it is read."""
        values = {
            "reference": ticket.reference,
            "code": ticket.code,
            "telephone": details.telephone or "",
            **self._wait_values(reading or Reading()),
        }
        key = f"escalade.enregistree_{details.moyen}"
        picks = (labels.STATE, labels.PLACES, labels.HELP)
        answer = self._say(AnswerType.ESCALADE, key, picks, values)
        return replace(self._with_who_is_there(answer, values), reference=ticket.reference)

    def _with_who_is_there(self, answer: Answer, values: dict[str, str]) -> Answer:
        """End an answer with where to go now and the numbers of a danger; an SMS has those it has room for."""
        keys = ("escalade.pressee", "escalade.danger")
        sms = answer.sms
        for key in keys:
            longer = f"{sms} {self._sms(key, values)}"
            sms = longer if count_septets(to_gsm(longer)) <= MAX_SEPTETS else sms
        blocks = tuple(block for key in keys for block in self._blocks(key, values))
        return replace(answer, blocks=(*answer.blocks, *blocks), sms=sms)

    def demande_state(
        self, demande: Demande, name: str | None, reading: Reading, *, is_late: bool = False
    ) -> Answer:
        """Say where a request is. `name` is that of the operator who has it, as they chose to be seen."""
        values = {
            "reference": demande.reference,
            "nom": name or self._text("escalade.une_personne"),
            **self._wait_values(reading),
        }
        key, picks = self._state_of(demande, is_late=is_late)
        answer = self._say(AnswerType.ESCALADE, key, picks, values)
        if demande.status == WAITING:
            answer = self._with_who_is_there(answer, values)
        return replace(answer, reference=demande.reference)

    def _state_of(self, demande: Demande, *, is_late: bool) -> tuple[str, tuple[Choice, ...]]:
        waiting = (labels.WITHDRAW, labels.PLACES, labels.HELP)
        if demande.status == CLOSED:
            return "escalade.etat_terminee", (labels.PERSON, labels.HELP)
        if demande.status == TAKEN:
            answered = demande.replied_at is not None
            return ("escalade.etat_repondue" if answered else "escalade.etat_prise"), waiting
        return ("escalade.etat_retard" if is_late else "escalade.etat_attente"), waiting

    def no_demande(self) -> Answer:
        """Say that no request was sent from this conversation, and how to find one sent from elsewhere."""
        return self._say(AnswerType.ESCALADE, "escalade.etat_aucune", (labels.PERSON, labels.HELP))

    def withdraw_question(self, reference: str) -> Answer:
        """Ask once whether the request is to be withdrawn, and say what disappears."""
        picks = (labels.WITHDRAW_YES, labels.WITHDRAW_NO)
        answer = self._say(AnswerType.ESCALADE, "escalade.retirer", picks, {"reference": reference})
        return replace(answer, reference=reference)

    def withdrawn(self) -> Answer:
        """Say that the request is gone."""
        return self._say(AnswerType.ESCALADE, "escalade.retiree", (labels.PERSON, labels.HELP))

    def withdraw_cancelled(self) -> Answer:
        """Say that the request stays."""
        return self._say(AnswerType.ESCALADE, "escalade.gardee", (labels.STATE, labels.HELP))

    def commune_named(self, text: str) -> str:
        """Return the name of the commune of the territory that a text names, else the text itself."""
        named = self.knowledge.territoire.communes_named(text)
        return named[0].nom if len(named) == 1 else text

    # -- texts --------------------------------------------------------------------------------

    def _wait_values(self, reading: Reading) -> dict[str, str]:
        """Return what is known of when: nobody there before a time, the time promised, or that none is known."""
        places = [place for place in self._own_places() if place.open_now]
        known = {"quand": reading.when or "", "ouverture": reading.opening or ""}
        parts = (
            self._text("escalade.ferme", known) if reading.opening else "",
            self._text("escalade.promesse", known) if reading.when else "",
        )
        said = " ".join(part for part in parts if part)
        return {
            "promesse": said or self._text("escalade.promesse_inconnue"),
            **self._place_values(places),
        }

    def _place_values(self, open_now: list[Place]) -> dict[str, str]:
        """Return the place to name: "ouvert maintenant" only where that is known."""
        if not open_now:
            return {"ou": self._values(None)["lieu"], "ou_sms": self._values(None)["lieu_sms"]}
        place = open_now[0]
        return {
            "ou": f"ouvert maintenant, {one_line(place)}",
            "ou_sms": f"ouvert maintenant, {short_line(place)}",
        }

    def _text(self, key: str, values: dict[str, str] | None = None) -> str:
        """Return the one sentence of a text that stands within others."""
        return self._blocks(key, values)[0].items[0]
