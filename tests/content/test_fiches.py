"""The fiches under test: complete, within the rules of writing, each fact with its source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.knowledge.checks import check_fiche
from bot.knowledge.fiche import RUBRIQUES, Constat, Fiche
from bot.knowledge.language import MAX_AVERAGE_WORDS, average_words, fiche_texts, long_phones, placeholders
from bot.knowledge.loader import Knowledge, check_knowledge
from bot.knowledge.yaml_files import read_model
from bot.model.french import today_in_france

FILES = sorted((Path(__file__).parents[2] / "data" / "fiches").glob("*.yml"))
FIRST_TWELVE = {
    "rsa", "prime-activite", "css", "carte-vitale", "apl", "allocations-familiales", "are", "carte-identite",
    "papiers-perdus", "aide-numerique", "hebergement-urgence", "violences-conjugales",
}  # fmt: skip
WEB_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\b[\w-]+(?:\.[\w-]+)+/\S*")
MAX_ADDRESS_IN_SMS = 30
"""Characters: beyond, an address cannot be typed from a small phone."""


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture
def fiche(file: Path) -> Fiche:
    return read_model(file, Fiche)


def every_text(fiche: Fiche) -> list[str]:
    """Return what residents read in a fiche, SMS texts included."""
    simple = [fiche.simple.sms] if fiche.simple else []
    return (
        [text for _where, text in fiche_texts(fiche)]
        + [r.sms for r in fiche.rubriques.values() if r.sms]
        + simple
    )


def test_nothing_is_to_mend_in_the_knowledge(knowledge: Knowledge, data: Path) -> None:
    assert [str(problem) for problem in check_knowledge(knowledge, data, today_in_france())] == []


def test_the_first_twelve_fiches_are_there(knowledge: Knowledge) -> None:
    assert set(knowledge.fiches) >= FIRST_TWELVE


def test_every_file_is_a_fiche_of_the_same_name(knowledge: Knowledge) -> None:
    assert sorted(knowledge.fiches) == [path.stem for path in FILES]


def test_a_fiche_passes_every_check(file: Path, fiche: Fiche, knowledge: Knowledge) -> None:
    found = check_fiche(file, fiche, knowledge.taxonomy, knowledge.baremes, today_in_france())
    assert [str(problem) for problem in found] == []


def test_every_rubrique_says_something_or_why_not(fiche: Fiche) -> None:
    assert set(fiche.rubriques) == set(RUBRIQUES)
    assert not fiche.rubriques["apercu"].sans_objet


def test_every_phone_comes_from_the_contacts(fiche: Fiche) -> None:
    known = {phone for contact in fiche.contacts for phone in long_phones(contact.telephone or "")}
    assert {phone for text in every_text(fiche) for phone in long_phones(text)} <= known


def test_every_contact_has_a_source_read(fiche: Fiche) -> None:
    for contact in fiche.contacts:
        assert [fiche.source(key) for key in contact.sources]


def test_every_source_is_cited(fiche: Fiche) -> None:
    cited = {key for rubrique in fiche.rubriques.values() for key in rubrique.sources}
    cited |= {key for _name, step in fiche.etapes_numeriques for key in step.sources}
    cited |= {key for way in fiche.sans_internet.voies for key in way.sources}
    cited |= {key for form in fiche.formulaires for key in form.sources}
    cited |= set(fiche.simple.sources if fiche.simple else ())
    cited |= {key for contact in fiche.contacts for key in contact.sources} | set(fiche.apres_envoi.sources)
    assert {source.id for source in fiche.sources} - cited == set()


def test_every_source_was_written_and_read_in_the_past(fiche: Fiche) -> None:
    for source in fiche.sources:
        assert source.texte_du <= source.lu_le <= today_in_france()


def test_every_amount_named_exists(fiche: Fiche, knowledge: Knowledge) -> None:
    assert {key for text in every_text(fiche) for key in placeholders(text)} <= set(knowledge.baremes)


def test_an_sms_holds_no_long_web_address(fiche: Fiche) -> None:
    for name, rubrique in fiche.rubriques.items():
        addresses = WEB_ADDRESS.findall(rubrique.sms or "")
        assert [address for address in addresses if len(address) > MAX_ADDRESS_IN_SMS] == [], name
        assert "http" not in (rubrique.sms or ""), name


def test_every_sms_stands_alone_and_names_someone_who_helps(fiche: Fiche) -> None:
    help_words = re.compile(
        r"france services|mairie|\b\d\d\b|\b3\d{3}\b|ccas|115|3919|caf|gendarmerie|police|agent|organisme"
        r"|0[ \d]{3,4}( \d{2,3}){2,4}|116 006|assistante sociale|spip|secrétariat|centre des impôts|préfecture",
        re.IGNORECASE,
    )
    lonely = [
        name
        for name, rubrique in fiche.rubriques.items()
        if rubrique.sms and not help_words.search(rubrique.sms)
    ]
    assert lonely == []


def test_sentences_are_short_on_average(fiche: Fiche) -> None:
    assert average_words([text for _where, text in fiche_texts(fiche)]) <= MAX_AVERAGE_WORDS


def test_nobody_is_asked_for_a_password(fiche: Fiche) -> None:
    asks = re.compile(r"(?:donnez|envoyez|dites|confiez)[^.]{0,30} mot de passe", re.IGNORECASE)
    assert [
        text for text in every_text(fiche) if asks.search(text) and "jamais" not in text and "pas" not in text
    ] == []


def test_there_is_a_way_without_internet_or_it_says_so(fiche: Fiche) -> None:
    assert fiche.sans_internet.voies or fiche.sans_internet.aucune_connue
    assert not fiche.rubriques["sans_internet"].sans_objet


def test_what_was_not_found_out_is_said_and_not_guessed(fiche: Fiche) -> None:
    for _name, step in fiche.etapes_numeriques:
        demands = (step.courriel, step.numeriser, step.smartphone_suffit, step.reprise_possible)
        assert step.sans_objet or all(isinstance(found, Constat) for found in demands)


def test_a_right_that_goes_with_it_is_another_one(fiche: Fiche, knowledge: Knowledge) -> None:
    assert fiche.id not in fiche.droits_lies
    assert len(set(fiche.droits_lies)) == len(fiche.droits_lies)
    assert set(fiche.droits_lies) <= set(knowledge.taxonomy.subjects)


def test_the_sensible_fiches_are_marked(knowledge: Knowledge) -> None:
    assert knowledge.fiches["violences-conjugales"].sensible
