"""What the assistant says around an operator: the request is taken, handed on, late, ended."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import labels
from bot.answers.texts import Texts
from bot.model.answer import Answer, AnswerType, Choice, paragraph


class OperatorAnswers(Texts):
    """Words about a request in an operator's hands. `name` is the one the operator chose."""

    def operator_words(self, words: str, name: str, reference: str, *, is_talking: bool) -> Answer:
        """Return what an operator wrote, as an answer: a paragraph for each of theirs."""
        parts = [part.strip() for part in words.split("\n\n") if part.strip()]
        way = labels.BACK_TO_ASSISTANT if is_talking else labels.WRITE_TO_OPERATOR
        return Answer(
            type=AnswerType.ESCALADE,
            blocks=tuple(paragraph(part) for part in parts),
            sms=f"{name} : {' '.join(words.split())}",
            choices=(way,),
            reference=reference,
            author=name,
        )

    def operator_took(self, name: str, reference: str, *, is_here: bool) -> Answer:
        """Say who took the request; `is_here` when they answer in this conversation."""
        key = "operateur.prise_ici" if is_here else "operateur.prise_autrement"
        picks = (labels.BACK_TO_ASSISTANT,) if is_here else (labels.HELP,)
        return self._about(key, reference, picks, nom=name)

    def operator_heard(self, name: str) -> Answer:
        """Say that a message went to the operator."""
        return self._say(
            AnswerType.ESCALADE, "operateur.transmis", (labels.BACK_TO_ASSISTANT,), {"nom": name}
        )

    def back_to_assistant(self, name: str) -> Answer:
        """Say that the assistant answers again, and that the request is still followed."""
        picks = (labels.WRITE_TO_OPERATOR, labels.HELP)
        return self._say(AnswerType.ESCALADE, "operateur.assistant", picks, {"nom": name})

    def back_to_operator(self, name: str) -> Answer:
        """Say that the next messages go to the operator."""
        return self._say(
            AnswerType.ESCALADE, "operateur.repondre", (labels.BACK_TO_ASSISTANT,), {"nom": name}
        )

    def no_operator(self) -> Answer:
        """Say that nobody follows the request at this moment."""
        return self._say(AnswerType.ESCALADE, "operateur.personne_en_ligne", (labels.PERSON, labels.HELP))

    def handed_to_colleague(self, name: str, reference: str) -> Answer:
        """Say who follows the request from now on."""
        return self._about("operateur.confiee", reference, (labels.HELP,), nom=name)

    def back_in_queue(self, reference: str, when: str | None) -> Answer:
        """Say that the request waits again, and until when at most, if it is known."""
        key = "operateur.rendue" if when else "operateur.rendue_sans_date"
        answer = self._about(key, reference, (labels.PLACES, labels.HELP), quand=when or "")
        return replace(answer, places=self._own_places())

    def nobody_took_it(self, reference: str) -> Answer:
        """Say that nobody took the request in time, where to go, and that one may wait."""
        answer = self._about("operateur.tard", reference, (labels.WAIT, labels.PLACES))
        return replace(answer, places=self._own_places())

    def goes_on_waiting(self, reference: str, when: str | None) -> Answer:
        """Say that the request goes on waiting."""
        key = "operateur.attendre" if when else "operateur.attendre_sans_date"
        return self._about(key, reference, (labels.PLACES, labels.HELP), quand=when or "")

    def operator_closed(self, name: str, reference: str) -> Answer:
        """Say that the request is ended."""
        return self._about("operateur.close", reference, (labels.HELP, labels.PERSON), nom=name)

    def operator_reopened(self, name: str, reference: str) -> Answer:
        """Say that the request is taken up again."""
        return self._about("operateur.rouverte", reference, (labels.BACK_TO_ASSISTANT,), nom=name)

    def ask_to_hand_on(self, name: str, reference: str, body: str) -> Answer:
        """Ask whether the request may be given to another body."""
        return self._about(
            "operateur.transmettre", reference, (labels.AGREE, labels.REFUSE), nom=name, organisme=body
        )

    def hand_on_answered(self, name: str, reference: str, body: str, *, agreed: bool) -> Answer:
        """Say what follows from a yes or a no."""
        key = "operateur.transmettre_oui" if agreed else "operateur.transmettre_non"
        return self._about(key, reference, (labels.HELP,), nom=name, organisme=body)

    def _about(self, key: str, reference: str, picks: tuple[Choice, ...], **values: str) -> Answer:
        said = self._say(AnswerType.ESCALADE, key, picks, {"reference": reference, **values})
        return replace(said, reference=reference)
