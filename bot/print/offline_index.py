"""What the search of the offline edition looks in: each page with the words people would know it by."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bot.knowledge.fiche import Fiche
from bot.knowledge.loader import Knowledge
from bot.knowledge.search import EMPTY_WORDS, texts_of, words_of
from bot.knowledge.situation import Situation


def search_index(knowledge: Knowledge) -> dict[str, Any]:
    """Return the index: the words to leave out, and the pages.

    A page has its address, its title, what it brings, and its words: those of its title, those it is also known by
    (short name, organisme, names of data/lexique.yml), and those of its text.
    """
    names = _names_by_fiche(knowledge)
    pages = [_fiche_entry(fiche, names[fiche.id]) for fiche in knowledge.fiches.values()]
    pages += [_situation_entry(situation) for situation in knowledge.situations.values()]
    return {"vides": sorted(EMPTY_WORDS), "pages": pages}


def _names_by_fiche(knowledge: Knowledge) -> dict[str, list[str]]:
    """Return the names of the lexicon that lead to each fiche."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in knowledge.lexicon.names:
        for fiche in name.fiches:
            found[fiche] += [name.nom, *name.autres]
    return found


def _fiche_entry(fiche: Fiche, names: list[str]) -> dict[str, str]:
    known = " ".join([fiche.nom_court, fiche.organisme, *names])
    return _entry(f"fiches/{fiche.id}.html", fiche.titre, fiche.apporte, known, " ".join(texts_of(fiche)))


def _situation_entry(situation: Situation) -> dict[str, str]:
    text = " ".join([*situation.cette_semaine, *(right.cas for right in situation.droits)])
    address = f"situations/{situation.id}.html"
    return _entry(address, situation.titre, situation.accueil, situation.nom_court, text)


def _entry(address: str, title: str, brings: str, known: str, text: str) -> dict[str, str]:
    return {
        "u": address,
        "t": title,
        "a": brings,
        "titre": _unique(title),
        "noms": _unique(known),
        "texte": _unique(text),
    }


def _unique(text: str) -> str:
    return " ".join(dict.fromkeys(words_of(text)))
