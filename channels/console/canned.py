"""What an operator may insert in a reply: replies ready to be edited, and the words of a fiche."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge.canned import CannedReply
from bot.language.normalise import clean_text
from bot.service.assistant import Assistant

OVERVIEW = "apercu"
MAX_FOUND = 8
_CANNED, _WORDS, _LINK = "reponse", "fiche", "lien"


@dataclass(frozen=True)
class Insert:
    """A text to add to a reply, and what names it in the form."""

    value: str
    label: str
    text: str


def canned_inserts(replies: Iterable[CannedReply], name: str) -> tuple[Insert, ...]:
    """Return the replies ready to be edited, in the name of an operator."""
    return tuple(
        Insert(f"{_CANNED}:{reply.id}", reply.title, reply.filled(clean_text(name))) for reply in replies
    )


@dataclass(frozen=True)
class FoundFiches:
    """What a search among the fiches gives: the same words as on the public pages, and what to insert."""

    query: str = ""
    inserts: tuple[Insert, ...] = ()


class Inserts:
    """Finds what may be inserted, for one operator."""

    def __init__(self, assistant: Assistant, name: str, public_url: str) -> None:
        self._assistant = assistant
        self._name = name
        self._public_url = public_url.rstrip("/")
        self.canned = canned_inserts(assistant.knowledge.canned.values(), name)

    def search(self, query: str) -> FoundFiches:
        """Return the texts of the fiches that these words find."""
        words = clean_text(query)
        if not words:
            return FoundFiches()
        subjects = self._assistant.subject_search.find(words).subjects
        written = [subject.id for subject in subjects if subject.apporte is not None][:MAX_FOUND]
        return FoundFiches(words, tuple(insert for name in written for insert in self._of_fiche(name)))

    def of_fiches(self, fiches: Iterable[str]) -> tuple[Insert, ...]:
        """Return the texts of these fiches, those not written left out."""
        return tuple(insert for name in fiches for insert in self._of_fiche(name))

    def text_of(self, value: str) -> str | None:
        """Return the text that a button stands for, or None when it stands for nothing."""
        kind, _, name = value.partition(":")
        known = self.canned if kind == _CANNED else self._of_fiche(name)
        return next((insert.text for insert in known if insert.value == value), None)

    def _of_fiche(self, name: str) -> tuple[Insert, ...]:
        fiche = self._assistant.knowledge.fiches.get(name)
        if fiche is None or fiche.rubriques[OVERVIEW].sans_objet:
            return ()
        words = self._assistant.composer.rubrique(fiche, OVERVIEW).sms
        inserts = (Insert(f"{_WORDS}:{name}", f"Texte : {fiche.titre}", words),)
        if not self._public_url:
            return inserts
        link = f"{fiche.titre} : {self._public_url}/fiches/{name}"
        return (*inserts, Insert(f"{_LINK}:{name}", f"Lien : {fiche.titre}", link))


def join_draft(draft: str, added: str) -> str:
    """Return a draft with a text after it."""
    kept = draft.rstrip()
    return f"{kept}\n\n{added}" if kept else added
