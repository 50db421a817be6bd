"""Territories: communes, who is shown to residents, and what a local file adds to a fiche."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.lieu import load_lieux
from bot.knowledge.territoire import Territoire, load_territoire
from bot.knowledge.yaml_files import KnowledgeError

DATA = Path(__file__).parents[3] / "data"
TERRITOIRE = """
id: essai
nom: Essai
departement: "35"
communes:
  - {nom: Gaël, code_insee: "35117", codes_postaux: ["35290"]}
contacts:
  - {nom: CCAS, telephone: 02 99 00 00 00, sources: [site]}
  - {nom: CDAS, a_completer: l'adresse}
sources:
  - {id: site, titre: Site, url: "https://example.org/", texte_du: 2026-01-01, lu_le: 2026-02-01}
"""


@pytest.fixture(scope="module")
def saint_meen() -> Territoire:
    return load_territoire(DATA / "territoires" / "saint-meen-montauban")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A correct territory to break."""
    folder = tmp_path / "essai"
    (folder / "fiches").mkdir(parents=True)
    (folder / "territoire.yml").write_text(TERRITOIRE, encoding="utf-8")
    return folder


def problems_of(folder: Path) -> str:
    with pytest.raises(KnowledgeError) as caught:
        load_territoire(folder)
    return "\n".join(f"{Path(p.path).name}:{p.line}: {p.message}" for p in caught.value.problems)


def test_saint_meen_montauban_has_its_17_communes_of_ille_et_vilaine(saint_meen: Territoire) -> None:
    assert len(saint_meen.communes) == 17
    assert all(commune.code_insee.startswith("35") for commune in saint_meen.communes)
    assert len({commune.code_insee for commune in saint_meen.communes}) == 17


def test_the_places_of_the_territory_exist_in_the_list_of_places(saint_meen: Territoire) -> None:
    places = saint_meen.own_lieux(load_lieux(DATA / "lieux"))
    assert [lieu.commune for lieu in places] == ["Saint-Méen-le-Grand"]


def test_the_phone_of_france_services_is_the_one_of_the_list(saint_meen: Territoire) -> None:
    (lieu,) = saint_meen.own_lieux(load_lieux(DATA / "lieux"))
    assert lieu.telephone in [contact.telephone for contact in saint_meen.shown_contacts()]


@pytest.mark.parametrize(
    ("query", "communes"),
    [
        ("saint uniac", ["Saint-Uniac"]),
        ("j'habite à Montauban", ["Montauban-de-Bretagne"]),
        ("Montauban de Bretagne", ["Montauban-de-Bretagne"]),
        ("st m'hervon", ["Montauban-de-Bretagne"]),
        ("Le Lou-du-Lac", ["La Chapelle du Lou du Lac"]),
        ("35750", ["Bléruais", "Saint-Malon-sur-Mel", "Saint-Maugan"]),
        ("Rennes", []),
        ("35000", []),
    ],
)
def test_a_commune_is_known_by_its_name_its_former_name_or_its_postal_code(
    saint_meen: Territoire, query: str, communes: list[str]
) -> None:
    assert [commune.nom for commune in saint_meen.communes_named(query)] == communes


def test_a_contact_to_complete_is_never_shown(saint_meen: Territoire) -> None:
    shown = [contact for fiche in (None, *saint_meen.fiches) for contact in saint_meen.shown_contacts(fiche)]
    assert shown
    assert not [contact.nom for contact in shown if contact.a_completer or not contact.sources]


def test_what_is_missing_is_listed_for_the_people_of_the_territory(saint_meen: Territoire) -> None:
    names = [name for name, _missing in saint_meen.to_complete()]
    assert "CCAS de Montauban-de-Bretagne" in names
    assert "Mairies du territoire qui font les cartes d'identité" in names


def test_local_help_is_added_to_its_fiche_only(saint_meen: Territoire) -> None:
    assert [aide.nom for aide in saint_meen.local_help("prime-activite")] == [
        "Covoiturage solidaire pour l'emploi (Éhop)"
    ]
    assert saint_meen.local_help("apl") == []


def test_a_correct_territory_loads_without_any_local_fiche(folder: Path) -> None:
    territoire = load_territoire(folder)
    assert [contact.nom for contact in territoire.shown_contacts("rsa")] == ["CCAS"]
    assert territoire.to_complete() == [("CDAS", "l'adresse")]


def test_contacts_of_the_fiche_come_before_those_of_the_territory(folder: Path) -> None:
    (folder / "fiches" / "rsa.yml").write_text(
        "fiche: rsa\ncontacts:\n  - {nom: Accueil RSA, telephone: 02 99 11 11 11, sources: [page]}\n"
        "sources:\n  - {id: page, titre: P, url: 'https://example.org/', texte_du: 2026-01-01, lu_le: 2026-01-02}\n",
        encoding="utf-8",
    )
    assert [c.nom for c in load_territoire(folder).shown_contacts("rsa")] == ["Accueil RSA", "CCAS"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("id: essai", "id: autre", "l'id « autre » doit être le nom du dossier"),
        ("sources: [site]}", "sources: []}", "un contact sans source lue se note « a_completer »"),
        ("sources: [site]}", "sources: [perdue]}", "sources citées mais absentes de « sources » : perdue"),
        ("a_completer: l'adresse", "note: rien", "il faut un téléphone, une adresse ou une page web"),
        (
            "a_completer: l'adresse",
            "a_completer: l'adresse, telephone: 02 99 00 00 01",
            "un contact « a_completer » n'a encore ni téléphone",
        ),
        ('"35290"', '"3529"', "un code postal a cinq chiffres (ici : 3529)"),
        ("nom: Essai", "nom: Essai\ncouleur: bleu", "couleur : clé inconnue"),
    ],
)
def test_a_mistake_is_reported_in_french(folder: Path, before: str, after: str, message: str) -> None:
    path = folder / "territoire.yml"
    path.write_text(TERRITOIRE.replace(before, after, 1), encoding="utf-8")
    assert message in problems_of(folder)


def test_a_local_file_bears_the_name_of_its_fiche(folder: Path) -> None:
    (folder / "fiches" / "rsa.yml").write_text("fiche: apl\n", encoding="utf-8")
    assert problems_of(folder) == "rsa.yml:1: la fiche « apl » doit être le nom du fichier, « rsa »"


def test_local_help_without_source_is_refused(folder: Path) -> None:
    text = "fiche: rsa\naides_locales:\n  - {nom: Aide, texte: Une aide., sources: []}\n"
    (folder / "fiches" / "rsa.yml").write_text(text, encoding="utf-8")
    assert "la liste est vide" in problems_of(folder)


def test_a_professional_contact_is_for_professionals_and_never_among_those_of_residents(folder: Path) -> None:
    path = folder / "territoire.yml"
    line = "{nom: Partenaires, telephone: 06 39 98 00 01, professionnel: true, sources: [site]}"
    path.write_text(TERRITOIRE.replace("  - {nom: CDAS", f"  - {line}\n  - {{nom: CDAS"), encoding="utf-8")
    (folder / "fiches" / "rsa.yml").write_text(
        "fiche: rsa\ncontacts:\n  - {nom: RSA, telephone: 06 39 98 00 02, professionnel: true, sources: [site]}\n"
        "sources:\n  - {id: site, titre: Site, url: 'https://example.org/', texte_du: 2026-01-01, lu_le: 2026-02-01}\n",
        encoding="utf-8",
    )
    territoire = load_territoire(folder)
    assert [contact.nom for contact in territoire.shown_contacts("rsa")] == ["CCAS"]
    assert [contact.nom for contact in territoire.professional_contacts("rsa")] == ["RSA", "Partenaires"]
    assert [contact.nom for contact in territoire.professional_contacts("apl")] == ["Partenaires"]
