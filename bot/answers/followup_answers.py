"""What is asked after an answer: was there one, and later, with the person's yes, was the right received."""

from __future__ import annotations

from bot.answers import labels
from bot.answers.choices import fiche_value
from bot.answers.texts import Texts
from bot.model.answer import Answer, AnswerType, Choice

LATER_DAYS = 21
"""Days before "avez-vous reçu ce droit ?": most organismes answer a file within a month."""
MARGIN_DAYS = 2
"""Days left to answer before the conversation is erased, where messages are kept for less than that."""


class FollowupAnswers(Texts):
    """Questions asked later, and what is said of the answers. `subject` is the id of a fiche."""

    def ask_answered(self, subject: str | None) -> Answer:
        """Ask whether the person had their answer."""
        picks = (labels.ANSWERED_YES, labels.ANSWERED_NO, labels.ANSWERED_NOT_YET)
        return self._followup("suivi.reponse", subject, picks)

    def ask_received(self, subject: str | None) -> Answer:
        """Ask whether the right was received, as the person agreed to be asked."""
        picks = (labels.RECEIVED_YES, labels.RECEIVED_NO, labels.RECEIVED_NOT_YET)
        return self._followup("suivi.droit", subject, picks)

    def followup_days(self) -> int | None:
        """Return in how many days the right is asked about; None when the conversation is erased before."""
        kept = self._settings.retention_days
        days = LATER_DAYS if kept > LATER_DAYS else kept - MARGIN_DAYS
        return days if days > 0 else None

    def answered_yes(self) -> Answer:
        """Say thank you."""
        return self._followup("suivi.reponse_oui", None, (labels.HELP, labels.PERSON))

    def ask_to_ask_later(self, days: int) -> Answer:
        """Ask, apart from all else, whether one more question may be asked in so many days."""
        picks = (labels.ASK_LATER_YES, labels.ASK_LATER_NO)
        return self._say(AnswerType.ACCUEIL, "suivi.accord", picks, {"delai": _days_in_french(days)})

    def answered_no(self, subject: str | None, *, not_yet: bool = False) -> Answer:
        """Say what can be done when there was no answer, or none yet."""
        key = "suivi.reponse_pas_encore" if not_yet else "suivi.reponse_non"
        return self._followup(key, subject, (labels.PERSON, *self._help_with(subject), labels.STATE))

    def ask_later_answered(self, days: int | None) -> Answer:
        """Say that the question will come in so many days, or (None) that nothing more is asked."""
        if days is None:
            return self._followup("suivi.refus", None, (labels.HELP, labels.PERSON))
        values = {"delai": _days_in_french(days)}
        return self._say(AnswerType.ACCUEIL, "suivi.note", (labels.HELP, labels.PERSON), values)

    def received_yes(self) -> Answer:
        """Say that this is good news, and that nothing more is asked."""
        return self._followup("suivi.droit_oui", None, (labels.HELP, labels.PERSON))

    def received_no(self, subject: str | None, *, not_yet: bool = False) -> Answer:
        """Offer help when the right was not received, or not yet."""
        key = "suivi.droit_pas_encore" if not_yet else "suivi.droit_non"
        return self._followup(key, subject, (labels.PERSON, *self._help_with(subject)))

    def _followup(self, key: str, subject: str | None, picks: tuple[Choice, ...]) -> Answer:
        about = f" sur « {self._title(subject)} »" if subject else ""
        right = f" ({self._title(subject)})" if subject else ""
        return self._say(AnswerType.ACCUEIL, key, picks, {"sujet": about, "droit": right})

    def _help_with(self, subject: str | None) -> tuple[Choice, ...]:
        """Return the parts of the fiche that help when something is wrong."""
        fiche = self.knowledge.fiches.get(subject or "")
        if fiche is None:
            return ()
        useful = [name for name in ("probleme", "recours") if not fiche.rubriques[name].sans_objet]
        return tuple(Choice(labels.RUBRIQUE_LABELS[name], fiche_value(fiche.id, name)) for name in useful)


def _days_in_french(days: int) -> str:
    """Return `3 semaines`, `5 jours`, `1 jour`."""
    weeks, rest = divmod(days, 7)
    if not rest:
        return f"{weeks} semaine{'s' if weeks > 1 else ''}"
    return f"{days} jour{'s' if days > 1 else ''}"
