"""Load the whole knowledge. One broken fiche never takes the others away: it is reported and left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from bot.knowledge.accessibility import Declaration, check_declaration, load_declaration
from bot.knowledge.accueil import Accueil, check_accueil, load_accueil
from bot.knowledge.baremes import Bareme
from bot.knowledge.canned import CannedReply, load_canned
from bot.knowledge.checks import check_fiche, check_lieux, check_responses
from bot.knowledge.checks_orientation import check_lexicon, check_situations
from bot.knowledge.communes import FILE, Communes, check_communes, departement_of, normalize_place
from bot.knowledge.emergency import Emergencies, load_emergencies
from bot.knowledge.fiche import Fiche
from bot.knowledge.lexicon import Lexicon, load_lexicon
from bot.knowledge.lieu import Lieu, load_lieux
from bot.knowledge.public_contacts import public_contacts
from bot.knowledge.responses import Response, load_responses
from bot.knowledge.situation import Situation, load_situations
from bot.knowledge.taxonomy import Taxonomy, load_taxonomy
from bot.knowledge.territoire import Territoire, load_territoire
from bot.knowledge.yaml_files import KnowledgeError, Problem, problems_of, read_model, read_yaml


@dataclass(frozen=True)
class Knowledge:
    """Everything the assistant may say, and `problems`: the files that could not be used."""

    taxonomy: Taxonomy
    fiches: dict[str, Fiche]
    baremes: dict[str, Bareme]
    responses: dict[str, Response]
    emergencies: Emergencies
    lieux: tuple[Lieu, ...]
    territoire: Territoire
    declaration: Declaration
    situations: dict[str, Situation] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=Lexicon)
    canned: dict[str, CannedReply] = field(default_factory=dict)
    communes: Communes = field(default_factory=Communes)
    accueil: Accueil | None = None
    problems: tuple[Problem, ...] = ()

    @cached_property
    def place_names(self) -> frozenset[str]:
        """Return the names of communes of here, old ones too, and of where a place stands, as people may type them."""
        known = self.territoire.communes
        names = {commune.nom for commune in known} | {
            old for commune in known for old in commune.anciens_noms
        }
        return frozenset(normalize_place(name) for name in names | {lieu.commune for lieu in self.lieux})

    @cached_property
    def departements(self) -> frozenset[str]:
        """Return the départements of the territory and of its places."""
        near = {departement_of(lieu.code_insee) for lieu in self.lieux if lieu.code_insee}
        return frozenset(near | {self.territoire.departement})

    @cached_property
    def public_contacts(self) -> frozenset[str]:
        """Return the phone numbers and addresses given to residents: in what they write, these are not masked."""
        return public_contacts(self)


def load_knowledge(data: Path, territoire: str) -> Knowledge:
    """Read data/. Raises KnowledgeError when what every answer needs is broken (texts, emergencies)."""
    problems: list[Problem] = []
    return Knowledge(
        taxonomy=load_taxonomy(data / "taxonomie.yml"),
        fiches=_load_fiches(data / "fiches", problems),
        baremes=_load_baremes(data / "baremes.yml", problems),
        responses=load_responses(data / "responses"),
        emergencies=load_emergencies(data / "urgences.yml"),
        lieux=load_lieux(data / "lieux"),
        territoire=load_territoire(data / "territoires" / territoire),
        declaration=_load_declaration(data / "accessibilite.yml", problems),
        situations=load_situations(data / "situations", problems),
        lexicon=load_lexicon(data / "lexique.yml", problems),
        canned=load_canned(data / "reponses_types.yml", problems),
        communes=Communes(data / FILE),
        accueil=load_accueil(data / "accueil.yml", problems),
        problems=tuple(problems),
    )


def _load_declaration(path: Path, problems: list[Problem]) -> Declaration:
    """Return the accessibility statement; a broken one claims nothing, and keeps no resident from an answer."""
    try:
        return load_declaration(path)
    except KnowledgeError as error:
        problems.extend(error.problems)
        return Declaration()


def _load_fiches(folder: Path, problems: list[Problem]) -> dict[str, Fiche]:
    fiches = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            fiche = read_model(path, Fiche)
        except KnowledgeError as error:
            problems.extend(error.problems)
            continue
        if fiche.id != path.stem:
            message = f"l'id « {fiche.id} » doit être le nom du fichier, « {path.stem} »"
            problems.append(Problem(str(path), 1, message))
            continue
        fiches[fiche.id] = fiche
    return fiches


def _load_baremes(path: Path, problems: list[Problem]) -> dict[str, Bareme]:
    baremes = {}
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise KnowledgeError([Problem(str(path), 1, "il faut des montants, un par clé : « rsa-socle: … »")])
    for key, value in content.items():
        try:
            baremes[key] = Bareme.parse_obj(value)
        except ValueError as error:
            problems.extend(problems_of(path, error, (key,)))  # type: ignore[arg-type]
    return baremes


def check_knowledge(knowledge: Knowledge, data: Path, today: date) -> list[Problem]:
    """Return everything to mend in the knowledge: files left out, then what the checks find."""
    found = list(knowledge.problems)
    known = knowledge.taxonomy.subjects.keys()
    for fiche in knowledge.fiches.values():
        path = data / "fiches" / f"{fiche.id}.yml"
        found.extend(check_fiche(path, fiche, knowledge.taxonomy, knowledge.baremes, today))
    found.extend(check_situations(data / "situations", knowledge.situations, knowledge.fiches, known))
    found.extend(check_lexicon(data / "lexique.yml", knowledge.lexicon, known))
    found.extend(check_communes(data / FILE))
    found.extend(check_accueil(data / "accueil.yml", knowledge.accueil, known))
    found.extend(check_lieux(data, knowledge.territoire, knowledge.lieux))
    found.extend(check_responses(data / "responses", knowledge.responses))
    found.extend(check_declaration(data / "accessibilite.yml", knowledge.declaration, today))
    return sorted(found)
