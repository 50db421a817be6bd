"""The answer of a fiche: its texts, dated amounts, sources, and what to ask next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.answers.fiche_answer import MAX_NEXT, STEP_TITLES, fiche_answer, source_ref
from bot.answers.labels import PERSON
from bot.knowledge.amounts import STALE_TEXT
from bot.knowledge.fiche import RUBRIQUES, Fiche, Rubrique
from bot.knowledge.loader import Knowledge
from bot.model.answer import Answer, AnswerType, BlockKind
from bot.render.text import day_text, source_text


def words_of(answer: Answer) -> str:
    """Return every word of an answer's blocks."""
    return "\n".join(item for block in answer.blocks for item in block.items)


def rsa_with(knowledge: Knowledge, **changes: Any) -> Fiche:
    """Return the fiche rsa with other values."""
    return knowledge.fiches["rsa"].copy(update=changes)


def rubrique_with(knowledge: Knowledge, name: str, rubrique: Rubrique) -> Fiche:
    """Return the fiche rsa with another rubrique."""
    return rsa_with(knowledge, rubriques={**knowledge.fiches["rsa"].rubriques, name: rubrique})


@pytest.mark.parametrize("rubrique", RUBRIQUES)
def test_every_fiche_answers_every_rubrique(knowledge: Knowledge, today: date, rubrique: str) -> None:
    for fiche in knowledge.fiches.values():
        answer = fiche_answer(knowledge, fiche, rubrique, today)
        assert (answer.type, answer.fiche, answer.rubrique, answer.fiches) == (
            AnswerType.FICHE, fiche.id, rubrique, (fiche.id,),
        )  # fmt: skip
        assert words_of(answer).strip()
        assert answer.sms.strip()
        assert answer.sources
        assert answer.choices[-1] == PERSON
        assert 1 < len(answer.choices) <= MAX_NEXT + 1
        assert "{" not in words_of(answer) + answer.sms + "".join(answer.notes)


def test_the_amount_is_shown_with_its_date_of_effect(knowledge: Knowledge, today: date) -> None:
    answer = fiche_answer(knowledge, knowledge.fiches["rsa"], "montant", today)
    assert knowledge.baremes["rsa-personne-seule"].text() in words_of(answer)
    assert any(note.startswith("Montant en vigueur depuis le ") for note in answer.notes)


def test_after_its_review_date_no_amount_is_shown_anywhere(knowledge: Knowledge) -> None:
    late = max(bareme.a_revoir_le for bareme in knowledge.baremes.values())
    for fiche in knowledge.fiches.values():
        for rubrique in RUBRIQUES:
            answer = fiche_answer(knowledge, fiche, rubrique, late)
            assert "€" not in words_of(answer) + answer.sms
            assert all(note.startswith("Ce montant a pu changer. Vérifiez-le ") for note in answer.notes)
    old = fiche_answer(knowledge, knowledge.fiches["rsa"], "montant", late)
    assert STALE_TEXT in words_of(old)
    assert STALE_TEXT in old.sms


def test_a_rubrique_without_object_says_why_then_gives_the_overview(
    knowledge: Knowledge, today: date
) -> None:
    fiche = rubrique_with(knowledge, "montant", Rubrique(sans_objet="C'est gratuit."))
    answer = fiche_answer(knowledge, fiche, "montant", today)
    overview = fiche_answer(knowledge, fiche, "apercu", today)
    assert answer.rubrique == "montant"
    assert answer.blocks[0].items == ("C'est gratuit.",)
    assert answer.blocks[1:] == overview.blocks
    assert (answer.sms, answer.sources) == (overview.sms, overview.sources)
    assert all(not choice.value.endswith(":montant") for choice in overview.choices)


def test_the_rubrique_shown_is_not_proposed_again(knowledge: Knowledge, today: date) -> None:
    for rubrique in RUBRIQUES:
        answer = fiche_answer(knowledge, knowledge.fiches["rsa"], rubrique, today)
        assert f"fiche:rsa:{rubrique}" not in {choice.value for choice in answer.choices}


def test_the_online_way_lists_what_each_step_demands_and_where_to_get_help(
    knowledge: Knowledge, today: date
) -> None:
    fiche = knowledge.fiches["rsa"]
    blocks = {block.title: block for block in fiche_answer(knowledge, fiche, "numerique", today).blocks}
    existing = {STEP_TITLES[name] for name, step in fiche.etapes_numeriques if not step.sans_objet}
    assert existing <= set(blocks)
    lines = blocks["Demander en ligne"].items
    step = fiche.etapes_numeriques.demander
    assert lines[:2] == (f"Où : {step.ou}", f"Compte : {step.compte}")
    assert (
        f"Un document à scanner ou à photographier : {step.numeriser.value if step.numeriser else ''}"
        in lines
    )
    assert lines[-1] == f"De l'aide : {step.aide}"


def test_a_digital_step_that_does_not_exist_is_left_out(knowledge: Knowledge, today: date) -> None:
    fiche = knowledge.fiches["rsa"]
    steps = fiche.etapes_numeriques.copy(
        update={"suivre": fiche.etapes_numeriques.suivre.copy(update={"sans_objet": "Rien à suivre."})}
    )
    titles = [
        block.title
        for block in fiche_answer(
            knowledge, rsa_with(knowledge, etapes_numeriques=steps), "numerique", today
        ).blocks
    ]
    assert "Suivre son dossier en ligne" not in titles
    assert "Demander en ligne" in titles


def test_how_to_ask_says_what_happens_afterwards(knowledge: Knowledge, today: date) -> None:
    fiche = knowledge.fiches["rsa"]
    blocks = {block.title: block.items for block in fiche_answer(knowledge, fiche, "demarche", today).blocks}
    assert blocks["Après l'envoi"] == (f"{fiche.apres_envoi.reponse} {fiche.apres_envoi.quand_regarder}",)


def test_local_help_is_added_where_the_territory_has_some(knowledge: Knowledge, today: date) -> None:
    with_help = [fiche for fiche in knowledge.fiches if knowledge.territoire.local_help(fiche)]
    assert with_help
    for fiche_id, fiche in knowledge.fiches.items():
        titles = [block.title for block in fiche_answer(knowledge, fiche, "demarche", today).blocks]
        assert ("Près de chez vous" in titles) == (fiche_id in with_help)


def test_without_internet_says_who_does_it_with_you(knowledge: Knowledge, today: date) -> None:
    fiche = knowledge.fiches["rsa"]
    last = fiche_answer(knowledge, fiche, "sans_internet", today).blocks[-1]
    assert last.items == (fiche.sans_internet.avec_qui,)


def test_whom_to_contact_lists_the_contacts_of_the_fiche_and_of_the_territory(
    knowledge: Knowledge, today: date
) -> None:
    fiche = knowledge.fiches["rsa"]
    contacts = fiche_answer(knowledge, fiche, "contact", today).blocks[-1]
    assert contacts.kind is BlockKind.LIST
    names = [line.split(" : ")[0] for line in contacts.items]
    local = [contact.nom for contact in knowledge.territoire.shown_contacts("rsa")]
    assert names == [*(contact.nom for contact in fiche.contacts), *local]
    assert all(line.split(" : ", 1)[1] for line in contacts.items)


def test_a_contact_still_to_complete_is_never_shown(knowledge: Knowledge, today: date) -> None:
    waiting = [name for name, _missing in knowledge.territoire.to_complete()]
    assert waiting
    for fiche in knowledge.fiches.values():
        shown = words_of(fiche_answer(knowledge, fiche, "contact", today))
        assert not [name for name in waiting if f"{name} : " in shown]


def test_a_source_is_given_with_both_its_dates(knowledge: Knowledge) -> None:
    source = knowledge.fiches["rsa"].sources[0]
    ref = source_ref(source)
    assert (ref.title, ref.url) == (source.titre, str(source.url))
    assert source.date_sure
    assert (ref.text_of, ref.checked_on) == (source.texte_du.isoformat(), source.lu_le.isoformat())


def test_the_guessed_date_of_a_text_that_bears_none_is_never_shown(knowledge: Knowledge) -> None:
    source = knowledge.fiches["rsa"].sources[0].copy(update={"date_sure": False})
    ref = source_ref(source)
    assert ref.text_of is None
    assert source_text(ref) == f"{ref.title} (texte sans date, vérifié le {day_text(ref.checked_on)})"


def test_an_amount_that_could_not_be_read_is_not_shown(knowledge: Knowledge, today: date) -> None:
    without = replace(knowledge, baremes={})
    answer = fiche_answer(without, knowledge.fiches["rsa"], "montant", today)
    assert STALE_TEXT in words_of(answer)
    assert answer.notes == ()
