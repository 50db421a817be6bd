"""The commune that a search at a desk names, by its name, the beginning of it, or its postal code."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.knowledge.communes import POSTAL_CODE, normalize_place
from bot.knowledge.loader import Knowledge
from bot.knowledge.voisinage import Endroit, is_also_a_word, locate

_SHORTEST_START = 4
_ABOUT_PLACES = re.compile(
    r"\b(?:france services?|fs|lieux?|mairies?|ccas|cdas|permanences?|point conseil|maison|services?|adresse|horaires?"
    r"|telephone|tel|ou aller|plus proche|proche|pres|autour|cote|numerique|conseiller|mediateur|a|au|aux|de|d|du|des|la|le"
    r"|les|l|sur|vers|chez|commune|ville)\b"
)
"""What stands around the name of a commune, normalised."""


class DeskPlaces:
    """Finds communes for one version of the knowledge; the names of here are read at the first search."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._near: dict[str, str] | None = None
        self.find = lru_cache(512)(self._find)

    def _find(self, query: str) -> Endroit | None:
        """Return the place that the search names: none where its words may be about anything else."""
        known = self._knowledge
        if POSTAL_CODE.search(query):
            return locate(query, known.communes, known.territoire, known.lieux)
        asked = normalize_place(query)
        name = self._name_in(asked)
        return locate(name, known.communes, known.territoire, known.lieux) if name else None

    def is_alone(self, query: str, endroit: Endroit) -> bool:
        """Tell whether the search is about a place and nothing else: "france services Gaël", "35290"."""
        names = [endroit.nom, *(commune.nom for commune in endroit.communes)]
        told = {word for name in names for word in normalize_place(name).split()}
        left = _ABOUT_PLACES.sub(" ", POSTAL_CODE.sub(" ", normalize_place(query))).split()
        return not [word for word in left if not any(name.startswith(word) for name in told)]

    def _name_in(self, asked: str) -> str | None:
        near = self._names()
        whole = [name for name in near if f" {name} " in f" {asked} " and not is_also_a_word(name)]
        if whole:
            return near[max(whole, key=len)]
        left = " ".join(_ABOUT_PLACES.sub(" ", asked).split())
        if is_also_a_word(left):
            return None
        if len(left) >= _SHORTEST_START and (started := sorted(n for n in near if n.startswith(left))):
            return near[min(started, key=len)]
        return left if self._knowledge.communes.named(left) else None

    def _names(self) -> dict[str, str]:
        """Return the names of the département and of where places stand, by their normal form."""
        if self._near is None:
            known = self._knowledge
            names = (
                *known.communes.names_of(known.territoire.departement),
                *(p.commune for p in known.lieux),
            )
            self._near = {normalize_place(name): name for name in dict.fromkeys(names)}
        return self._near
