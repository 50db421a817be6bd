"""Search among the subjects: what people type, written fiches and those still to write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.loader import Knowledge
from bot.knowledge.search import MAX_NEAREST, MAX_QUERY, SubjectSearch


@pytest.fixture(scope="module")
def search(knowledge: Knowledge) -> SubjectSearch:
    """The search over the real knowledge."""
    return SubjectSearch(knowledge)


def ids(search: SubjectSearch, query: str) -> list[str]:
    return [subject.id for subject in search.find(query).subjects]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("RSA", "rsa"),
        ("allocation fam", "allocations-familiales"),
        ("ALLOCATIONS FAMILIALES", "allocations-familiales"),
        ("familiale allocation", "allocations-familiales"),
        ("chomage", "are"),
        ("chômage", "are"),
        ("carte d'identité", "carte-identite"),
        ("carte d’identite", "carte-identite"),
        ("mutuelle", "css"),
        ("115", "hebergement-urgence"),
        ("papiers perdus", "papiers-perdus"),
        ("j'ai perdu mes papiers", "papiers-perdus"),
        ("hlm", "logement-social"),
        ("divorce", "separation"),
        ("𝐀𝐏𝐋", "apl"),
    ],
)
def test_the_subject_meant_comes_first(search: SubjectSearch, query: str, best: str) -> None:
    assert search.find(query).has_every_word
    assert ids(search, query)[0] == best


def test_every_subject_is_found_by_its_title(search: SubjectSearch, knowledge: Knowledge) -> None:
    for subject in knowledge.taxonomy.subjects.values():
        fiche = knowledge.fiches.get(subject.id)
        assert subject.id in ids(search, fiche.titre if fiche else subject.titre)


def search_among(knowledge: Knowledge, **fiches: dict[str, str]) -> SubjectSearch:
    """Return a search in which only these fiches are written, each as said and otherwise without words."""
    words = {"titre": "Un sujet", "nom_court": "Sujet", "organisme": "Service", "apporte": "Une chose."}
    template = knowledge.fiches["rsa"]
    written = {key: template.copy(update={"id": key, **words, **own}) for key, own in fiches.items()}
    return SubjectSearch(replace(knowledge, fiches=written))


def search_without(knowledge: Knowledge, *fiches: str) -> SubjectSearch:
    """Return the search before these fiches were written."""
    written = {key: fiche for key, fiche in knowledge.fiches.items() if key not in fiches}
    return SubjectSearch(replace(knowledge, fiches=written))


def test_a_title_counts_more_than_a_short_name_then_who_is_in_charge_then_the_text(
    knowledge: Knowledge,
) -> None:
    search = search_among(
        knowledge,
        asf={"apporte": "Avec une lettre bleue."},
        ass={"organisme": "Bureau de la bleue"},
        asi={"nom_court": "La bleue"},
        aah={"titre": "Une carte bleue"},
    )
    assert ids(search, "bleue") == ["aah", "asi", "ass", "asf"]


def test_a_whole_word_comes_before_the_beginning_of_one(knowledge: Knowledge) -> None:
    search = search_among(knowledge, asf={"titre": "Avenue bleuet"}, ass={"titre": "Zone bleu"})
    assert ids(search, "bleu") == ["ass", "asf"]


def test_two_letters_are_no_beginning(search: SubjectSearch) -> None:
    assert ids(search, "al") == []


def test_the_beginning_of_a_word_is_not_sought_in_whole_texts(search: SubjectSearch) -> None:
    in_texts = ids(search, "justificatif")
    assert in_texts
    assert ids(search, "justific") == []


def test_a_subject_not_written_is_found_and_says_who_is_in_charge(
    knowledge: Knowledge,
) -> None:
    search = search_without(knowledge, "retraite")
    (found,) = [item for item in search.find("retraite").subjects if item.id == "retraite"]
    assert found.apporte is None
    assert found.organisme == knowledge.taxonomy.subjects["retraite"].organisme


def test_what_is_written_comes_before_what_is_not_when_both_fit_alike(knowledge: Knowledge) -> None:
    search = search_without(knowledge, "carte-grise", "carte-vitale")
    found = search.find("carte").subjects
    named = [item for item in found if "Carte" in item.titre or "carte" in item.titre]
    written = [item.apporte is not None for item in named]
    assert len(set(written)) == 2
    assert written == sorted(written, reverse=True)


def test_without_every_word_the_nearest_by_name_are_given_and_said_so(search: SubjectSearch) -> None:
    result = search.find("obtenir une carte grise vite")
    assert [item.id for item in result.subjects] == ["carte-grise"]
    assert not result.has_every_word


def test_the_nearest_are_few(search: SubjectSearch) -> None:
    result = search.find("CAF xylophone")
    assert len(result.subjects) == MAX_NEAREST < len(search.find("CAF").subjects)
    assert not result.has_every_word


@pytest.mark.parametrize(
    "query", ["", "   ", "le la de", "?!", "\x00", "licorne", "é" * 5000, "' OR 1=1 --", "هل"]
)
def test_what_says_nothing_of_a_subject_finds_nothing(search: SubjectSearch, query: str) -> None:
    assert search.find(query).subjects == ()


def test_only_the_start_of_a_long_text_is_read(search: SubjectSearch) -> None:
    assert ids(search, "rsa " + " " * MAX_QUERY + "licorne") == ids(search, "rsa")


def test_empty_words_do_not_hide_what_was_found(search: SubjectSearch) -> None:
    assert ids(search, "je voudrais savoir si je peux avoir le RSA") == ids(search, "RSA")


def test_the_names_of_amounts_in_the_texts_are_not_words(search: SubjectSearch, knowledge: Knowledge) -> None:
    rubriques = knowledge.fiches["allocations-familiales"].rubriques
    assert "{af-2-enfants}" in str([rubriques[name].web for name in RUBRIQUES])
    assert ids(search, "af") == []
