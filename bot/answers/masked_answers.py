"""What is said kindly of what was masked in a message: what it was, that nothing of it is kept, how to be called back."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import labels
from bot.answers.texts import Texts
from bot.intake.masking import CONTACTS
from bot.model.answer import Answer, AnswerType
from bot.model.french import join_and
from bot.render.gsm import sms_room, to_gsm

_WORDS = {
    "iban": "un IBAN (numéro de compte)",
    "nir": "un numéro de sécurité sociale",
    "carte": "un numéro de carte bancaire",
    "telephone": "un numéro de téléphone",
    "courriel": "une adresse e-mail",
}
_SHORT_WORDS = {
    "iban": "IBAN",
    "nir": "numéro de sécu",
    "carte": "carte bancaire",
    "telephone": "téléphone",
    "courriel": "e-mail",
}


class MaskedAnswers(Texts):
    """Words about what was masked. `kinds` are those of `Masked`."""

    def masked(self, kinds: tuple[str, ...], *, in_form: bool = False) -> Answer:
        """Say what was masked; beside a form of a request, nothing that leads out of it."""
        is_contact = bool(CONTACTS & set(kinds)) and not in_form
        key = "confidentialite.masque_contact" if is_contact else "confidentialite.masque"
        picks = () if in_form else (labels.PERSON,)
        return self._say(AnswerType.CONFIDENTIALITE, key, picks, _named(kinds))

    def only_masked(self, kinds: tuple[str, ...]) -> Answer:
        """Answer a message that was nothing but what is masked: a call back for contact details, else the question."""
        if CONTACTS & set(kinds):
            picks = (labels.CALL_ME, labels.PERSON)
            return self._say(AnswerType.CONFIDENTIALITE, "confidentialite.contact_seul", picks, _named(kinds))
        picks = (labels.HELP, labels.PERSON)
        return self._say(AnswerType.CONFIDENTIALITE, "confidentialite.masque_seul", picks, _named(kinds))

    def with_masked(self, answer: Answer, kinds: tuple[str, ...]) -> Answer:
        """Return the answer to a danger with the word about what was masked after it; by SMS only where there is room."""
        said = self.masked(kinds)
        longer = f"{answer.sms} {said.sms}"
        return replace(
            answer,
            blocks=(*answer.blocks, *said.blocks),
            sms=longer if sms_room(to_gsm(longer)) >= 0 else answer.sms,
        )


def _named(kinds: tuple[str, ...]) -> dict[str, str]:
    return {
        "quoi": join_and([_WORDS[kind] for kind in kinds]),
        "quoi_sms": join_and([_SHORT_WORDS[kind] for kind in kinds]),
    }
