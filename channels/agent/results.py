"""What a search shows: fiches with the rubrique that opens, and the places of a commune."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.answers.labels import RUBRIQUE_LABELS
from bot.answers.place_words import PlaceRequest
from bot.answers.places import places_near
from bot.knowledge.desk_search import APERCU, DeskFound
from bot.knowledge.fiche import Fiche
from bot.knowledge.loader import Knowledge
from bot.knowledge.voisinage import Endroit
from bot.store.database import now
from channels.agent.searching import Ready

SURE = 6.0
"""Score from which a fiche is no chance likeness: "saint méen" is near "médecin", and asks for no doctor."""


@dataclass(frozen=True)
class Line:
    """One result: where it leads, its title, which part opens, who is in charge, and what it brings."""

    address: str
    title: str
    opens: str
    organisme: str
    brings: str
    why: str = ""


def lines_of(ready: Ready, query: str) -> list[Line]:
    """Return the results of a search, best first; a place that is all the search is about stands before them."""
    found = ready.fiches.find(query)
    endroit = ready.places.find(query)
    if endroit is None:
        return [_line(ready, one) for one in found]
    places = list(_places(ready.knowledge, endroit))
    is_form = bool(found) and found[0].why.startswith("Cerfa")
    if is_form or not ready.places.is_alone(query, endroit):
        return [*(_line(ready, one) for one in found), *places]
    return [*places, *(_line(ready, one) for one in found if one.score >= SURE)]


def _line(ready: Ready, found: DeskFound) -> Line:
    return line_of(ready.knowledge.fiches[found.fiche], found.rubrique, found.why)


def line_of(fiche: Fiche, rubrique: str = APERCU, why: str = "") -> Line:
    """Return how a fiche is shown, and the address of that rubrique in it."""
    address = f"/agent/fiches/{fiche.id}"
    if rubrique != APERCU:
        address += f"?rubrique={rubrique}#{rubrique}"
    return Line(address, fiche.titre, RUBRIQUE_LABELS[rubrique], fiche.organisme, fiche.apporte, why)


def _places(knowledge: Knowledge, endroit: Endroit) -> Iterator[Line]:
    codes = [commune.code_insee for commune in endroit.communes]
    if endroit.is_ambiguous:
        yield Line(
            "/agent/professionnel",
            f"Lieux : {endroit.nom}",
            "Lieux",
            "Plusieurs communes portent ce nom",
            "Ajoutez le code postal.",
        )
        return
    near = places_near(knowledge, PlaceRequest(endroit), now()).places
    names = " ; ".join(f"{p.name}{f', {p.phone}' if p.phone else ''}" for p in near)
    yield Line(
        f"/agent/professionnel?commune={codes[0] if codes else ''}",
        f"Lieux près de {endroit.nom}",
        "Lieux",
        f"{len(near)} lieux" if len(near) > 1 else "1 lieu" if near else "Aucun lieu connu",
        names or "Aucun lieu connu à moins de 60 km.",
    )
