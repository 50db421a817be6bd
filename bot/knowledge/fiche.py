"""Model of a fiche: one right, procedure or situation, as written in data/fiches/<id>.yml.

Field names are French because the people who write fiches read them (docs/guide-redaction.md).
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Extra, Field, HttpUrl, root_validator, validator

RUBRIQUES = (
    "apercu",
    "conditions",
    "montant",
    "pieces",
    "demarche",
    "sans_internet",
    "delai",
    "probleme",
    "recours",
    "contact",
    "changement",
    "numerique",
)


class Strict(BaseModel):
    """Base of every model of the knowledge: an unknown key is an error, never ignored."""

    class Config:
        extra = Extra.forbid
        anystr_strip_whitespace = True
        min_anystr_length = 1
        allow_mutation = False


class Constat(StrEnum):
    """What was found out about a demand of a digital step. Unknown is said, not guessed."""

    OUI = "oui"
    NON = "non"
    PARFOIS = "parfois"
    NON_VERIFIE = "non vérifié"


class Bloc(Strict):
    """One block of a web text: exactly one of the five kinds, with an optional heading."""

    titre: str | None = None
    texte: str | None = None
    liste: list[str] | None = None
    etapes: list[str] | None = None
    documents: list[str] | None = None
    attention: str | None = None

    @root_validator(skip_on_failure=True)
    def _exactly_one_kind(cls, values: dict[str, Any]) -> dict[str, Any]:
        kinds = [k for k in ("texte", "liste", "etapes", "documents", "attention") if values.get(k)]
        if len(kinds) != 1:
            raise ValueError(
                "un bloc contient une seule clé parmi texte, liste, etapes, documents, attention "
                f"(ici : {', '.join(kinds) or 'aucune'})"
            )
        return values


class Rubrique(Strict):
    """What a fiche says about one rubrique: a web text and a short SMS text, or why it has none."""

    web: list[Bloc] = []
    sms: str | None = None
    sources: list[str] = []
    sans_objet: str | None = None

    @root_validator(skip_on_failure=True)
    def _complete_or_explained(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("sans_objet"):
            if values.get("web") or values.get("sms"):
                raise ValueError("une rubrique « sans_objet » n'a ni web ni sms")
            return values
        for key in ("web", "sms", "sources"):
            if not values.get(key):
                raise ValueError(f"il manque « {key} » (ou « sans_objet » avec la raison)")
        return values


class Simple(Strict):
    """The fiche in the fewest words, for « plus simple » asked about its overview. Not FALC: nobody concerned checked it."""

    phrases: list[str] = Field(..., min_items=3, max_items=7, description="short sentences, one idea each")
    sms: str
    sources: list[str] = Field(..., min_items=1)


class EtapeNumerique(Strict):
    """What one digital step demands of the person, or why the step does not exist."""

    sans_objet: str | None = None
    qui_demande: str | None = Field(None, description="the organisme that asks for the step")
    ou: str | None = Field(None, description="site or application, as the person would look for it")
    url: HttpUrl | None = None
    compte: str | None = Field(None, description="which account or FranceConnect; « aucun » when none")
    courriel: Constat | None = None
    numeriser: Constat | None = Field(None, description="must a document be scanned or photographed")
    smartphone_suffit: Constat | None = None
    reprise_possible: Constat | None = Field(None, description="can one stop and come back later")
    clic_a_risque: str | None = Field(None, description="the click that commits, loses or costs")
    aide: str | None = Field(None, description="who helps when one is stuck")
    sources: list[str] = []

    @root_validator(skip_on_failure=True)
    def _complete_or_explained(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("sans_objet"):
            return values
        needed = (
            "qui_demande",
            "ou",
            "compte",
            "courriel",
            "numeriser",
            "smartphone_suffit",
            "reprise_possible",
            "aide",
            "sources",
        )
        missing = [key for key in needed if not values.get(key)]
        if missing:
            raise ValueError(f"il manque {', '.join(missing)} (ou « sans_objet » avec la raison)")
        return values


class EtapesNumeriques(Strict):
    """The five digital steps of a procedure."""

    s_informer: EtapeNumerique
    demander: EtapeNumerique
    suivre: EtapeNumerique
    renouveler: EtapeNumerique
    rendez_vous: EtapeNumerique


class Contact(Strict):
    """Whom to call or write to. Every phone number of a fiche stands here with its source."""

    nom: str
    telephone: str | None = None
    adresse: str | None = None
    url: HttpUrl | None = None
    prix: str | None = None
    horaires: str | None = None
    note: str | None = None
    sources: list[str] = Field(..., min_items=1)

    @root_validator(skip_on_failure=True)
    def _reachable(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not any(values.get(key) for key in ("telephone", "adresse", "url")):
            raise ValueError("un contact a au moins un téléphone, une adresse ou une url")
        return values


class Voie(Strict):
    """One way to do the procedure without a computer."""

    moyen: str = Field(..., regex="^(téléphone|papier|lieu|courrier)$")
    texte: str
    cerfa: str | None = Field(None, regex=r"^\d{5}(\*\d{2})?$")
    sources: list[str] = Field(..., min_items=1)


class Formulaire(Strict):
    """A Cerfa form that a text names and that is no way of its own."""

    cerfa: str = Field(..., regex=r"^\d{5}(\*\d{2})?$")
    nom: str
    sources: list[str] = Field(..., min_items=1)


class SansInternet(Strict):
    """The ways without internet, or the plain statement that none is known, and who does it with you."""

    voies: list[Voie] = []
    aucune_connue: str | None = None
    avec_qui: str

    @root_validator(skip_on_failure=True)
    def _ways_or_none(cls, values: dict[str, Any]) -> dict[str, Any]:
        if bool(values.get("voies")) == bool(values.get("aucune_connue")):
            raise ValueError("il faut soit des « voies », soit « aucune_connue » avec une phrase")
        return values


class ApresEnvoi(Strict):
    """What happens once the request is sent: where the reply comes and when to look."""

    reponse: str
    quand_regarder: str
    sources: list[str] = []


_GUESSED = re.compile(r"\b(?:date|jour) (?:supposée?|inconnue?)\b", re.IGNORECASE)


class Source(Strict):
    """A text consulted: `texte_du` is the date of the text read, `lu_le` the day it was read.

    Without `date_sure` the text bears no date, or not the day: `texte_du` is then a careful guess, for the reviews, and
    is never shown.
    """

    id: str = Field(..., regex="^[a-z0-9-]+$")
    titre: str
    url: HttpUrl
    texte_du: date
    date_sure: bool = True
    lu_le: date
    note: str | None = None

    @validator("lu_le")
    def _read_after_written(cls, lu_le: date, values: dict[str, Any]) -> date:
        if "texte_du" in values and lu_le < values["texte_du"]:
            raise ValueError("lu_le ne peut pas être avant texte_du")
        return lu_le

    @validator("note")
    def _guess_said_as_one(cls, note: str | None, values: dict[str, Any]) -> str | None:
        if note and values.get("date_sure") and _GUESSED.search(note):
            raise ValueError("la note dit que la date est supposée : ajoutez « date_sure: false »")
        return note


class Fiche(Strict):
    """One right, procedure or situation, whole."""

    id: str = Field(..., regex="^[a-z-]+$")
    titre: str
    nom_court: str = Field(..., max_length=40, description="as a button or an SMS would call it")
    organisme: str
    responsable: str = Field(..., description="who answers for the text")
    apporte: str = Field(..., description="what it brings, one sentence, benefit first")
    a_revoir_le: date
    sensible: bool = Field(False, description="nothing is pushed later about it")
    rubriques: dict[str, Rubrique]
    simple: Simple | None = None
    etapes_numeriques: EtapesNumeriques
    sans_internet: SansInternet
    formulaires: list[Formulaire] = []
    apres_envoi: ApresEnvoi
    contacts: list[Contact] = Field(..., min_items=1)
    droits_lies: list[str] = []
    sources: list[Source] = Field(..., min_items=1)

    @validator("rubriques")
    def _all_rubriques(cls, rubriques: dict[str, Rubrique]) -> dict[str, Rubrique]:
        missing = [r for r in RUBRIQUES if r not in rubriques]
        unknown = [r for r in rubriques if r not in RUBRIQUES]
        if missing:
            raise ValueError(f"rubriques manquantes : {', '.join(missing)}")
        if unknown:
            raise ValueError(f"rubriques inconnues : {', '.join(unknown)}")
        return rubriques

    @root_validator(skip_on_failure=True)
    def _sources_exist(cls, values: dict[str, Any]) -> dict[str, Any]:
        known = [source.id for source in values["sources"]]
        doubles = {key for key in known if known.count(key) > 1}
        if doubles:
            raise ValueError(f"sources en double : {', '.join(sorted(doubles))}")
        lost = sorted(_cited_sources(values) - set(known))
        if lost:
            raise ValueError(f"sources citées mais absentes de « sources » : {', '.join(lost)}")
        return values

    def source(self, source_id: str) -> Source:
        """Return the source of that id. Raises KeyError when the fiche does not list it."""
        for source in self.sources:
            if source.id == source_id:
                return source
        raise KeyError(source_id)


def _cited_sources(values: dict[str, Any]) -> set[str]:
    cited: set[str] = set()
    for rubrique in values["rubriques"].values():
        cited.update(rubrique.sources)
    for _name, step in values["etapes_numeriques"]:
        cited.update(step.sources)
    for way in values["sans_internet"].voies:
        cited.update(way.sources)
    for form in values["formulaires"]:
        cited.update(form.sources)
    cited.update(values["apres_envoi"].sources)
    if values["simple"]:
        cited.update(values["simple"].sources)
    for contact in values["contacts"]:
        cited.update(contact.sources)
    return cited
