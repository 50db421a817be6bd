"""What is said only where people are known by an address: a phone without buttons, a chat."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import labels
from bot.answers.fiche_answer import contact_line, fiche_answer
from bot.answers.place_answers import PlaceAnswers
from bot.knowledge.fiche import Fiche
from bot.knowledge.language import bloc_texts
from bot.model.answer import Answer, AnswerType, paragraph
from bot.render.gsm import MAX_SEPTETS, count_septets, first_sentences, shorten, to_gsm
from bot.render.sms import Wording

PUBLISHER_ROOM = 40
"""Septets of the publisher's name in a first SMS."""


class PhoneAnswers(PlaceAnswers):
    """Words around an answer sent by SMS, answers to the words SUITE, LIEN, NOUVEAU, and to what cannot be read."""

    def sms_wording(self) -> Wording:
        """Return the words that stand around an answer sent by SMS."""
        screen_only = (
            text for bloc in self.knowledge.responses["fiche.suite"].web for text in bloc_texts(bloc)
        )
        return Wording(
            presentation=self._sms("sms.presentation", {"qui": self._who_speaks()}),
            person=to_gsm(self._sms("sms.personne")),
            more=to_gsm(self._sms("sms.plus")),
            screen_only=frozenset(screen_only),
        )

    def fiche_sms(self, fiche: Fiche, rubrique: str) -> str:
        """Return the short text of a rubrique as an agent sends it: who it comes from, then the text, in two segments.

        A number that never wrote gets it: what only an answer may say (the menu, SUITE) is not there.
        """
        who = to_gsm(
            f"{shorten(self._settings.editeur, PUBLISHER_ROOM)} : " if self._settings.editeur else ""
        )
        room = MAX_SEPTETS - count_septets(who)
        text = fiche_answer(self.knowledge, fiche, rubrique, self._today()).sms
        warning = f" {self._sms('fiche.perimee')}" if self._today() >= fiche.a_revoir_le else ""
        return f"{who}{first_sentences(text, room - count_septets(to_gsm(warning)))}{warning}"

    def _who_speaks(self) -> str:
        """Return that this is a machine, after the publisher as short as an SMS needs when one is set."""
        publisher = self._settings.editeur
        return (
            f"{shorten(publisher, PUBLISHER_ROOM)}, assistant automatique"
            if publisher
            else "Assistant automatique"
        )

    def page(self, text: str, before: Answer | None) -> Answer:
        """Return a page of the answer before, asked for by SUITE."""
        same = before or self._say(AnswerType.ACCUEIL, "sms.suite_finie", (labels.PERSON,))
        return Answer(
            type=same.type,
            blocks=(paragraph(text),),
            sms=text,
            fiche=same.fiche,
            rubrique=same.rubrique,
            fiches=same.fiches,
            choices=same.choices,
        )

    def no_more_pages(self) -> Answer:
        """Say that SUITE has nothing more to give."""
        return self._say(AnswerType.ACCUEIL, "sms.suite_finie", (labels.PERSON,))

    def link(self, before: Answer | None) -> Answer:
        """Return whom to call about the fiche in hand, then its site; or ask what it is about."""
        fiche = self.knowledge.fiches.get(before.fiche or "") if before else None
        if fiche is None:
            return self._say(AnswerType.ACCUEIL, "sms.lien_sans_sujet", (labels.PERSON,))
        values = {"titre": fiche.nom_court, "contacts": contact_line(fiche)}
        answer = self._say(AnswerType.FICHE, "sms.lien", (labels.PERSON,), values)
        return replace(answer, fiche=fiche.id, rubrique="contact", fiches=(fiche.id,))

    def fresh_start(self) -> Answer:
        """Say that what was said before is left (NOUVEAU)."""
        return self._say(AnswerType.ACCUEIL, "sms.nouveau", (labels.HELP, labels.PERSON))

    def unreadable(self) -> Answer:
        """Say that a message is not text, or in letters that could not be read."""
        return self._say(AnswerType.INCOMPRIS, "sms.illisible", (labels.PERSON,))

    def over_limit(self) -> Answer:
        """Say, once a day, that answers start again tomorrow, and who can help before."""
        return self._say(AnswerType.ESCALADE, "sms.trop_de_messages", (labels.PERSON,))

    def said_enough(self) -> Answer:
        """Say once that the same message was answered several times."""
        return self._say(AnswerType.INCOMPRIS, "sms.repetition", (labels.PERSON,))

    def refused(self, title: str) -> Answer:
        """Say why a message could not be taken."""
        return Answer(AnswerType.INCOMPRIS, (paragraph(title),), title, choices=(labels.PERSON,))
