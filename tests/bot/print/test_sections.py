"""A fiche as parts to print."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.answers.compose import Composer
from bot.knowledge.loader import Knowledge
from bot.model.answer import Block, BlockKind
from bot.print.sections import first_place, parts_of, review_warning, sections_of, simple_part, sources_of

BLOCKS = (
    Block(BlockKind.TEXT, ("Une phrase.",)),
    Block(BlockKind.LIST, ("a", "b"), "Il faut"),
    Block(BlockKind.WARNING, ("Attention.",)),
    Block(BlockKind.DOCUMENTS, ("c",)),
)


def test_lines_of_lists_have_boxes_counted_through_the_rubrique() -> None:
    parts = parts_of(BLOCKS, "c", {"c1", "c2"})
    assert [[line.box for line in part.lines] for part in parts] == [[None], [False, True], [None], [True]]


def test_without_a_prefix_nothing_has_a_box() -> None:
    assert all(line.box is None for part in parts_of(BLOCKS) for line in part.lines)


def test_a_tick_of_the_documents_ticks_no_condition(knowledge: Knowledge, today: date) -> None:
    both = sections_of(knowledge, knowledge.fiches["apl"], today, ("conditions", "pieces"), {"p1"})
    ticked = [[line.text for part in s.parts for line in part.lines if line.box] for s in both]
    assert ticked == [[], ["Le bail (contrat de location) signé"]]


def test_a_rubrique_without_object_says_why_and_nothing_else(knowledge: Knowledge, today: date) -> None:
    fiche, name = next(
        (f, n) for f in knowledge.fiches.values() for n, r in f.rubriques.items() if r.sans_objet
    )
    (section,) = sections_of(knowledge, fiche, today, (name,))
    assert [line.text for part in section.parts for line in part.lines] == [fiche.rubriques[name].sans_objet]


def test_an_amount_comes_with_its_date_and_its_reference(knowledge: Knowledge, today: date) -> None:
    (section,) = sections_of(knowledge, knowledge.fiches["rsa"], today, ("montant",))
    assert any("Montant en vigueur depuis le " in note for note in section.notes)
    assert all("{" not in line.text for part in section.parts for line in part.lines)


def test_an_amount_past_its_review_is_not_printed(knowledge: Knowledge, today: date) -> None:
    later = today + timedelta(days=3650)
    (section,) = sections_of(knowledge, knowledge.fiches["rsa"], later, ("montant",))
    words = " ".join(line.text for part in section.parts for line in part.lines)
    assert "un montant à vérifier" in words
    assert any("Ce montant a pu changer" in note for note in section.notes)


def test_the_day_of_review_warns_and_the_day_before_does_not(
    composer: Composer, knowledge: Knowledge
) -> None:
    fiche = knowledge.fiches["apl"]
    assert review_warning(composer, fiche, fiche.a_revoir_le - timedelta(days=1)) == ()
    assert review_warning(composer, fiche, fiche.a_revoir_le)


def test_the_simple_version_is_the_overview_where_there_is_none(knowledge: Knowledge, today: date) -> None:
    simple = knowledge.fiches["apl"]
    assert simple.simple
    assert len(simple_part(knowledge, simple, today).parts) == len(simple.simple.phrases)
    plain = simple.copy(update={"simple": None})
    assert simple_part(knowledge, plain, today) == sections_of(knowledge, plain, today, ("apercu",))[0]


def test_only_the_sources_of_what_is_printed_are_listed(knowledge: Knowledge) -> None:
    fiche = knowledge.fiches["apl"]
    some = {source.title for source in sources_of(fiche, ("delai",))}
    assert fiche.source("sp-apl").titre in some
    assert fiche.source("sp-impayes").titre not in some
    assert len(sources_of(fiche)) == len(fiche.sources)


@pytest.mark.parametrize("hour", [3, 10])
def test_paper_never_says_that_a_place_is_open_now(knowledge: Knowledge, today: date, hour: int) -> None:
    lines = first_place(knowledge, datetime.combine(today, datetime.min.time()).replace(hour=hour))
    assert lines[0] == knowledge.territoire.own_lieux(knowledge.lieux)[0].nom
    assert not any(line.startswith(("Ouvert", "Fermé")) for line in lines)
    assert any("1er décembre 2022" in line for line in lines)
