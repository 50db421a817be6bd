"""The search at a desk: names, shorthand, everyday words, typos, half words, forms, rubriques, and its speed."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.knowledge.desk_search import MAX_QUERY, DeskSearch
from bot.knowledge.desk_typos import Typos, distance
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.loader import Knowledge, load_knowledge
from tests.bot.knowledge.desk_queries import QUERIES

SHEETS_FIRST, RUBRIQUES_OPEN = 0.95, 0.90
"""Of the queries written to build the search; those written by somebody else are in tests/evaluation/agent."""
MISTYPED_FIRST = 0.95
KEYSTROKE_MS = 15.0


@pytest.fixture(scope="module")
def search(knowledge: Knowledge, data: Path) -> DeskSearch:
    """The search over the real knowledge."""
    return DeskSearch(knowledge, data)


def first(search: DeskSearch, query: str) -> str:
    found = search.find(query)
    return found[0].fiche if found else ""


def opened(search: DeskSearch, query: str) -> str:
    return search.find(query)[0].rubrique


def test_nearly_all_the_queries_have_their_sheet_first(search: DeskSearch) -> None:
    wrong = [query for query, sheets, _ in QUERIES if first(search, query) not in sheets.split()]
    assert len(wrong) <= (1 - SHEETS_FIRST) * len(QUERIES), wrong


def test_most_queries_that_tell_a_rubrique_open_it(search: DeskSearch) -> None:
    told = [row for row in QUERIES if row[2]]
    wrong = [query for query, _, rubriques in told if opened(search, query) not in rubriques.split()]
    assert len(wrong) <= (1 - RUBRIQUES_OPEN) * len(told), wrong


def with_mistake(query: str, chance: Random) -> str | None:
    """Return the query with letters swapped, left out, doubled or wrong in one long word."""
    words = query.split()
    long = [place for place, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long:
        return None
    place = chance.choice(long)
    word, at = words[place], chance.randrange(1, len(words[place]) - 1)
    words[place] = chance.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("aeiounrst") + word[at + 1 :],
        )
    )
    return " ".join(words)


def test_one_mistake_in_a_word_hides_hardly_anything(search: DeskSearch) -> None:
    chance = Random(3)
    tried = [(with_mistake(query, chance), sheets) for query, sheets, _ in QUERIES for _ in range(4)]
    typed = [(query, sheets) for query, sheets in tried if query]
    right = sum(first(search, query) in sheets.split() for query, sheets in typed)
    assert right >= MISTYPED_FIRST * len(typed), (right, len(typed))


def test_each_fiche_is_first_by_its_title_and_by_its_short_name(
    search: DeskSearch, knowledge: Knowledge
) -> None:
    for fiche in knowledge.fiches.values():
        assert first(search, fiche.titre) == fiche.id, fiche.titre
        assert first(search, fiche.nom_court) == fiche.id, fiche.nom_court


def test_each_name_of_the_lexicon_finds_one_of_its_fiches(search: DeskSearch, knowledge: Knowledge) -> None:
    lost = [
        name.nom
        for name in knowledge.lexicon.names
        if not set(name.fiches) & {found.fiche for found in search.find(name.nom)[:3]}
    ]
    assert len(lost) <= 0.02 * len(knowledge.lexicon.names), lost


@pytest.mark.parametrize(
    ("words", "rubrique"),
    [
        ("pièces", "pieces"),
        ("justif", "pieces"),
        ("combien", "montant"),
        ("délai", "delai"),
        ("combien de temps", "delai"),
        ("recours", "recours"),
        ("contester", "recours"),
        ("suspendu", "probleme"),
        ("renouv", "changement"),
        ("sans internet", "sans_internet"),
        ("en ligne", "numerique"),
        ("tél", "contact"),
        ("comment faire", "demarche"),
        ("conditions", "conditions"),
        ("", "apercu"),
    ],
)
def test_words_open_the_rubrique_they_tell(search: DeskSearch, words: str, rubrique: str) -> None:
    for name in ("rsa", "css", "aah", "carte grise", "pension invalidité"):
        assert opened(search, f"{name} {words}") == rubrique, name


def test_words_of_the_name_itself_tell_no_rubrique(search: DeskSearch) -> None:
    assert opened(search, "papiers perdus") == "apercu"
    assert opened(search, "changement d'adresse") == "apercu"


@pytest.mark.parametrize("written", ["12504", "cerfa 12504", "Cerfa n° 12504*08", "12504-08", "cerfa 1250"])
def test_a_form_is_found_by_its_number(search: DeskSearch, written: str) -> None:
    found = search.find(written)[0]
    assert found.fiche == "css"
    assert found.why == "Cerfa 12504"


def test_who_is_in_charge_does_not_hide_what_is_asked(search: DeskSearch) -> None:
    for organisme in ("carsat", "msa", "caf", "cpam", "mairie"):
        assert first(search, f"réversion {organisme}") == "reversion", organisme


def test_each_letter_typed_brings_the_sheet_nearer(search: DeskSearch) -> None:
    words = "réversion"
    firsts = [first(search, words[:length]) for length in range(1, len(words) + 1)]
    assert firsts[3:] == ["reversion"] * (len(words) - 3)


@pytest.mark.parametrize("query", ["", " ", "?!", "le la les", "zzzzqqqq", "\x00", "🙂"])
def test_nothing_is_found_for_nothing(search: DeskSearch, query: str) -> None:
    assert search.find(query) == ()


def test_a_very_long_text_is_read_at_its_start(search: DeskSearch) -> None:
    assert first(search, "rsa " + "x" * 10_000) == "rsa"
    assert search.find("xq" * MAX_QUERY + " rsa") == ()


def test_each_result_is_of_a_fiche_that_exists_and_says_why(search: DeskSearch, knowledge: Knowledge) -> None:
    for query, _, _ in QUERIES:
        for found in search.find(query):
            assert found.fiche in knowledge.fiches
            assert found.rubrique in RUBRIQUES
        assert search.find(query)[0].why, query


def test_a_fiche_taken_away_is_found_no_more(knowledge: Knowledge, data: Path) -> None:
    without = {key: fiche for key, fiche in knowledge.fiches.items() if key != "rsa"}
    search = DeskSearch(replace(knowledge, fiches=without), data)
    assert "rsa" not in {found.fiche for found in search.find("rsa")}


def test_names_are_enough_where_there_are_no_sentences(small_data: Path) -> None:
    search = DeskSearch(load_knowledge(small_data, "saint-meen-montauban"), small_data)
    assert first(search, "rsa") == "rsa"
    assert first(search, "aide logement") == "apl"


def test_a_keystroke_is_answered_at_once(search: DeskSearch) -> None:
    times = []
    for query, _, _ in QUERIES:
        for length in range(1, len(query) + 1):
            start = time.perf_counter()
            search.find(query[:length])
            times.append(1000 * (time.perf_counter() - start))
    assert sorted(times)[int(0.95 * len(times))] < KEYSTROKE_MS


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [("rsa", "rsa", 0), ("retriate", "retraite", 1), ("pasport", "passeport", 2), ("vitale", "vital", 1)],
)
def test_letters_swapped_missing_or_wrong_are_one_mistake(one: str, other: str, mistakes: int) -> None:
    assert distance(one, other, 2) == mistakes


def test_short_words_are_never_mended() -> None:
    assert Typos(["asf"], [9]).near("ass") == []
    assert Typos(["passeport"], [9]).near("passeprot") == [("passeport", 1)]
    assert Typos([], []).near("passeprot") == []
