"""Answers about places to go: near a commune or a position, for a need, and in the way the person wants help."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import choices, labels
from bot.answers.choices import read_place_value
from bot.answers.place_words import (
    BESOIN_WORDS,
    MANIERE_LABELS,
    MANIERE_WORDS,
    PlaceRequest,
    is_only_a_place,
    names_postal_code,
    read_request,
)
from bot.answers.places import Nearby, places_around, places_near, sms_lines, sms_room
from bot.answers.texts import Texts
from bot.knowledge.besoins import Besoin, Maniere
from bot.knowledge.voisinage import Endroit
from bot.model.answer import Answer, AnswerType, Choice, Place
from bot.model.french import join_or

MAX_NAMESAKES = 5
_VALUES = {
    Maniere.FAIRE: choices.PLACE_DO,
    Maniere.AVEC: choices.PLACE_WITH,
    Maniere.APPRENDRE: choices.PLACE_LEARN,
}
_MANIERES = {value: maniere for maniere, value in _VALUES.items()}


class PlaceAnswers(Texts):
    """Compose what is said about places."""

    def places(self, text: str = "") -> Answer:
        """Return places near the commune named in the text, ask for the commune, or say that none is known."""
        request = read_request(self.knowledge, text)
        endroit = request.endroit
        if endroit and endroit.is_ambiguous:
            return self._namesakes(endroit)
        if endroit is None:
            return (
                self._no_place_known()
                if names_postal_code(text)
                else self._say(AnswerType.LIEU, "lieu.demander", (labels.PERSON,))
            )
        near = places_near(self.knowledge, request, self._now())
        return self._nearby(endroit, request, near) if near.places else self._no_place_known()

    def place_choice(self, value: str) -> Answer | None:
        """Return the places for a way to be helped (`lieu:avec:35236`), or None when the choice is not one."""
        return self.places(self.place_label(value)) if read_place_value(value) else None

    def place_label(self, value: str) -> str:
        """Return the words of such a choice: "Faire avec moi, près de Redon (35600)"."""
        way, where = read_place_value(value) or ("", None)
        label = MANIERE_LABELS[_MANIERES[way]]
        commune = self.knowledge.communes.with_code(where) if where else None
        if commune:
            return _label(
                label, f"{commune.nom} ({commune.codes_postaux[0]})" if commune.codes_postaux else commune.nom
            )
        return _label(label, where[1:]) if where else label

    def asks_for_a_place(self, text: str) -> bool:
        """Tell whether a text is the label of a way to be helped."""
        return text.split(",", maxsplit=1)[0] in MANIERE_LABELS.values()

    def places_around(self, latitude: float, longitude: float) -> Answer:
        """Return the places nearest to a shared position, which is kept nowhere."""
        near = places_around(self.knowledge, latitude, longitude, self._now())
        return self._list("lieu.autour", near, {}) if near else self._no_place_known()

    def is_only_a_place(self, text: str) -> bool:
        """Tell whether a message is just a place, or a need and a place: the answer to "où êtes-vous ?"."""
        return is_only_a_place(self.knowledge, text)

    def _nearby(self, endroit: Endroit, request: PlaceRequest, near: Nearby) -> Answer:
        values = {"commune": endroit.nom}
        if request.besoin is None:
            return self._list("lieu.liste", near.places, values)
        values["besoin"] = BESOIN_WORDS[request.besoin]
        if request.maniere:
            values["besoin"] += f", où {MANIERE_WORDS[request.maniere]}"
        key = "lieu.service" if near.is_service_known else "lieu.service_inconnu"
        if request.besoin is Besoin.NUMERIQUE and request.maniere is None:
            answer = self._list(key, near.places, values, self._sms("lieu.manieres"))
            ways = tuple(_way_choice(maniere, endroit) for maniere in Maniere)
            return replace(
                answer,
                blocks=(*answer.blocks, *self._blocks("lieu.manieres")),
                choices=(*ways, *answer.choices),
            )
        return self._list(key, near.places, values)

    def _list(self, key: str, places: tuple[Place, ...], values: dict[str, str], after: str = "") -> Answer:
        """Return a list of places; its SMS has those for which it has room, and the words that come after them."""
        end = f"\n{after}" if after else ""
        bare = self._sms(key, {**values, "lieux_sms": ""}) + end
        lines = sms_lines(places, sms_room(bare))
        answer = self._say(AnswerType.LIEU, key, (labels.PERSON,), {**values, "lieux_sms": lines})
        return replace(answer, sms=answer.sms + end, places=places)

    def _namesakes(self, endroit: Endroit) -> Answer:
        named = [
            f"{commune.nom} ({commune.codes_postaux[0]})"
            for commune in endroit.communes[:MAX_NAMESAKES]
            if commune.codes_postaux
        ]
        return self._say(
            AnswerType.LIEU,
            "lieu.plusieurs",
            (labels.PERSON,),
            {"commune": endroit.nom, "communes": join_or(named)},
        )

    def _no_place_known(self) -> Answer:
        unknown = self._say(AnswerType.LIEU, "lieu.inconnu", (labels.PERSON,))
        return replace(unknown, places=self._own_places())


def _way_choice(maniere: Maniere, endroit: Endroit) -> Choice:
    """Return the choice of a way, which carries where: nothing is kept between two messages."""
    first, *others = endroit.communes
    if others:
        return Choice(_label(MANIERE_LABELS[maniere], endroit.nom), f"{_VALUES[maniere]}:p{endroit.nom}")
    code = f" ({first.codes_postaux[0]})" if first.codes_postaux else ""
    return Choice(
        _label(MANIERE_LABELS[maniere], f"{first.nom}{code}"), f"{_VALUES[maniere]}:{first.code_insee}"
    )


def _label(way: str, where: str) -> str:
    return f"{way}, près de {where}"
