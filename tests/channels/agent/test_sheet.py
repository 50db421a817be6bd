"""The sheet of a fiche at a desk: all of it on one page, in order, and nothing of the person kept."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.territoire import ContactLocal
from tests.channels.console.markup import faults_of
from tests.channels.console.visiting import Visitor, words_of
from tests.channels.talking import knowledge

SHEET = "/agent/fiches/rsa"
FICHES = sorted(knowledge().fiches)


def titles_of(text: str) -> list[str]:
    """Return the ids of the headings of second level, in order."""
    return re.findall(r'<h2 id="([^"]+)"', text)


async def test_nobody_reads_it_without_signing_in(agent: Visitor) -> None:
    agent.session.cookie_jar.clear()
    response = await agent.get(SHEET)
    assert response.status == 303
    assert response.headers["Location"].startswith("/console/connexion?suite=/agent/fiches/rsa")


async def test_an_unknown_fiche_is_an_error_of_the_desk(agent: Visitor) -> None:
    assert "/agent" in await agent.read("/agent/fiches/inconnue", 404)


async def test_the_twelve_rubriques_stand_in_their_order_then_what_blocks_and_what_is_handed(
    agent: Visitor,
) -> None:
    text = await agent.read(SHEET)
    assert titles_of(text) == [*RUBRIQUES, "bloque", "professionnels", "remettre", "sources"]
    contents = re.findall(r'<li><a href="#([^"]+)"', text.split('class="sommaire"')[1].split("</nav>")[0])
    assert contents == titles_of(text)


async def test_every_fiche_makes_a_page_without_fault(agent: Visitor) -> None:
    found = {fiche: faults_of(await agent.read(f"/agent/fiches/{fiche}?bloque=temps")) for fiche in FICHES}
    assert {fiche: faults for fiche, faults in found.items() if faults} == {}


async def test_the_rubrique_asked_for_has_the_focus_and_is_marked_in_the_contents(agent: Visitor) -> None:
    text = await agent.read(f"{SHEET}?rubrique=pieces")
    assert re.findall(r'<h2 id="([^"]+)" tabindex="-1" autofocus', text) == ["pieces"]
    assert '<a href="#pieces" aria-current="true">' in text
    assert "autofocus" not in await agent.read(f"{SHEET}?rubrique=inconnue")


async def test_conditions_and_papers_are_to_tick_under_the_ids_that_paper_knows(agent: Visitor) -> None:
    text = await agent.read(SHEET)
    ticks = re.findall(r'type="checkbox" id="coche-([^"]+)" name="coche" value="([^"]+)" form="pdf"', text)
    papers = next(bloc.documents for bloc in knowledge().fiches["rsa"].rubriques["pieces"].web)
    assert papers
    assert [tick for tick, _ in ticks if tick.startswith("p")] == [f"p{n}" for n in range(len(papers))]
    assert all(name == value for name, value in ticks)
    assert any(tick == "c0" for tick, _ in ticks)
    assert "disparaissent quand vous la quittez" in words_of(text)


async def test_amounts_have_their_date_of_effect_and_their_legal_reference(agent: Visitor) -> None:
    amount = knowledge().baremes["rsa-personne-seule"]
    text = await agent.read(SHEET)
    said = words_of(text)
    assert f"{amount.nom} : {amount.text()}".replace("\u202f", " ") in said
    assert f'<a href="{amount.lien}" rel="noopener noreferrer">' in text


async def test_an_amount_past_its_review_is_not_said(agent: Visitor) -> None:
    old = knowledge().baremes["rsa-personne-seule"].copy(update={"a_revoir_le": date(2020, 1, 1)})
    agent.assistant.use_knowledge(
        replace(knowledge(), baremes={**knowledge().baremes, "rsa-personne-seule": old})
    )
    said = words_of(await agent.read(SHEET))
    assert f"{old.nom} : montant à vérifier {old.ou_verifier}" in said
    assert old.text() not in said


async def test_a_fiche_past_its_review_says_so_first(agent: Visitor) -> None:
    rsa = knowledge().fiches["rsa"].copy(update={"a_revoir_le": date(2020, 1, 2)})
    agent.assistant.use_knowledge(replace(knowledge(), fiches={**knowledge().fiches, "rsa": rsa}))
    text = await agent.read(SHEET)
    copied = text.split('<textarea id="texte" readonly')[1].split("</textarea>")[0]
    for part in (words_of(text.split("</main>")[0].split('id="apercu"')[0]), copied):
        assert "devait être revue avant le 2 janvier 2020" in part


async def test_what_each_digital_step_demands_is_there(agent: Visitor) -> None:
    said = words_of(await agent.read(SHEET))
    for words in ("Demander en ligne", "Une adresse mail :", "Un document à scanner", "On peut s'arrêter"):
        assert words in said


async def test_contacts_to_complete_are_never_shown_and_professional_ones_stand_apart(agent: Visitor) -> None:
    said = words_of(await agent.read(SHEET))
    assert "Aucun contact réservé aux professionnels n'est connu" in said
    assert "Mission locale (16 à 25 ans)" not in said
    partner = ContactLocal(
        nom="Ligne des partenaires", telephone="06 39 98 00 01", sources=("x",), professionnel=True
    )
    here = knowledge().territoire.copy(update={"contacts": (*knowledge().territoire.contacts, partner)})
    agent.assistant.use_knowledge(replace(knowledge(), territoire=here))
    text = await agent.read(SHEET)
    apart = text.split('id="professionnels"')[1].split("</section>")[0]
    assert "Ligne des partenaires" in apart
    assert text.count("Ligne des partenaires") == 1
    public = await (await agent.session.get("/fiches/rsa")).text()
    assert "Ligne des partenaires" not in public


async def test_a_sensitive_fiche_does_not_name_itself_in_the_tab(agent: Visitor) -> None:
    text = await agent.read("/agent/fiches/violences-conjugales")
    assert "<title>Une fiche" in text


async def test_an_error_is_reported_from_the_rubrique_to_whoever_answers_for_the_fiche(
    agent: Visitor,
) -> None:
    page = f"{SHEET}/signaler?rubrique=delai"
    assert f'href="{page}"' in await agent.read(SHEET)
    text = await agent.read(page)
    assert faults_of(text) == []
    assert '<option value="delai" selected>' in text
    assert knowledge().fiches["rsa"].responsable in words_of(text)
    sent = await agent.send(page, f"{SHEET}/signaler", rubrique="delai", mots="Le délai a changé.")
    assert sent.headers["Location"] == f"{SHEET}?fait=signale"
    (report,) = await agent.assistant.list_reports()
    assert (report.fiche, report.rubrique, report.words) == ("rsa", "delai", "Le délai a changé.")


@pytest.mark.parametrize("words", ["", "?!", "a" * 1001])
async def test_a_report_without_words_or_too_long_is_given_back(agent: Visitor, words: str) -> None:
    page = f"{SHEET}/signaler"
    response = await agent.send(page, page, rubrique="delai", mots=words)
    text = await response.text()
    assert response.status == 422
    assert faults_of(text) == []
    assert f"{words}</textarea>" in text
    assert await agent.assistant.list_reports() == []


async def test_a_form_sent_twice_is_one_report(agent: Visitor) -> None:
    page = f"{SHEET}/signaler"
    token = re.findall(r'name="jeton" value="([^"]+)"', await agent.read(page))[0]
    for _ in range(2):
        await agent.post(page, jeton=token, rubrique="", mots="Une adresse est fausse.")
    assert len(await agent.assistant.list_reports()) == 1


def test_labels_name_every_rubrique() -> None:
    assert set(RUBRIQUE_LABELS) == set(RUBRIQUES)
