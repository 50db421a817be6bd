"""Say that an answer or a fiche is wrong, from the pages."""

import asyncio
import re

import pytest

from bot.store.signalements import Signalement
from channels.keys import ASSISTANT
from tests.channels.talking import DANGER, Client, OpenClient, app_of, form_id_of, send

WRONG = "Le montant de 2019 est encore écrit"


async def reports(client: Client) -> list[Signalement]:
    """Return what is stored."""
    return await app_of(client)[ASSISTANT].list_reports()


async def test_a_fiche_leads_to_the_form_which_names_it(client: Client) -> None:
    fiche = await (await client.get("/fiches/apl")).text()
    assert fiche.index("D'où vient cette information") < fiche.index('href="/signaler?fiche=apl"')
    html = await (await client.get("/signaler?fiche=apl&rubrique=montant")).text()
    assert "Aides au logement (APL, ALS, ALF)</strong>, partie «\u00a0Combien\u00a0?" in html.replace(
        "&nbsp;", "\u00a0"
    )
    assert '<input type="hidden" name="fiche" value="apl">' in html
    assert '<input type="hidden" name="rubrique" value="montant">' in html


async def test_the_list_of_fiches_leads_to_the_form(client: Client) -> None:
    assert 'href="/signaler"' in await (await client.get("/fiches")).text()


async def test_what_is_wrong_is_kept_with_its_fiche_and_thanked(client: Client) -> None:
    response = await client.post("/signaler", data={"mots": WRONG, "fiche": "apl", "rubrique": "montant"})
    html = await response.text()
    assert response.status == 200
    assert "Merci, l'erreur est signalée" in html
    assert 'href="/fiches/apl"' in html
    (found,) = await reports(client)
    assert (found.words, found.fiche, found.rubrique) == (WRONG, "apl", "montant")


async def test_a_fiche_not_yet_written_can_be_reported_too(open_client: OpenClient) -> None:
    client = await open_client(unwritten=("retraite",))
    html = await (await client.post("/signaler", data={"mots": WRONG, "fiche": "retraite"})).text()
    assert "/fiches/retraite" not in html
    assert [report.fiche for report in await reports(client)] == ["retraite"]


@pytest.mark.parametrize("unknown", ["nulle", "", "APL", "../apl", "<b>", "\x00", "a" * 500])
async def test_a_fiche_or_rubrique_that_we_do_not_know_is_ignored(client: Client, unknown: str) -> None:
    fields = {"fiche": unknown, "rubrique": unknown}
    page = await client.get("/signaler", params=fields)
    html = await page.text()
    assert page.status == 200
    assert "Fiche&nbsp;:" not in html
    assert "Partie&nbsp;:" not in html
    assert 'name="fiche"' not in html
    await client.post("/signaler", data={"mots": WRONG, **fields})
    assert [(report.fiche, report.rubrique) for report in await reports(client)] == [(None, None)]


async def test_nothing_tells_who_wrote_a_report(client: Client) -> None:
    await send(client, text=DANGER)
    response = await client.post("/signaler", data={"mots": WRONG, "nom": "Awa"})
    assert "Set-Cookie" not in response.headers
    assert 'href="/conversation#derniere"' in await response.text()
    (found,) = await reports(client)
    assert set(vars(found)) == {"id", "at", "fiche", "rubrique", "words"}


async def test_without_a_conversation_none_is_opened(client: Client) -> None:
    response = await client.post("/signaler", data={"mots": WRONG})
    assert "Set-Cookie" not in response.headers
    assert 'href="/conversation#derniere"' not in await response.text()


async def test_the_same_form_sent_twice_is_one_report(client: Client) -> None:
    form_id = form_id_of(await (await client.get("/signaler")).text())
    data = {"mots": WRONG, "form_id": form_id}
    answers = await asyncio.gather(*(client.post("/signaler", data=data) for _ in range(3)))
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert len(await reports(client)) == 1
    for change in ({"mots": "Autre chose"}, {"fiche": "apl"}, {"rubrique": "montant"}):
        await client.post("/signaler", data=data | change)
    assert len(await reports(client)) == 4


@pytest.mark.parametrize("words", ["", "   ", "\u200b", "?!"])
async def test_a_form_without_words_is_an_error_told_beside_its_field(client: Client, words: str) -> None:
    response = await client.post("/signaler", data={"mots": words, "fiche": "rsa"})
    html = await response.text()
    assert response.status == 422
    assert "<title>Erreur\u00a0: rien n&#39;est envoyé" in html
    assert 'role="alert"' in html
    assert '<a href="#mots">Écrivez en quelques mots ce qui est faux.</a>' in html
    assert 'aria-describedby="aide-mots erreur-mots" aria-invalid="true"' in html
    assert 'name="fiche" value="rsa"' in html
    assert await reports(client) == []


async def test_words_in_any_script_are_taken(client: Client) -> None:
    assert (await client.post("/signaler", data={"mots": "هذا خطأ"})).status == 200


async def test_a_text_too_long_stays_in_the_field(client: Client) -> None:
    words = "Le prix est <faux>. " * 50 + "x"
    response = await client.post("/signaler", data={"mots": words})
    html = await response.text()
    assert response.status == 422
    assert "Écrivez 1000 caractères au plus. Vous en avez écrit 1001." in html
    assert f"\n{words.replace('<', '&lt;').replace('>', '&gt;')}</textarea>" in html
    assert await reports(client) == []
    assert (await client.post("/signaler", data={"mots": "x" * 1000})).status == 200


async def test_identifiers_are_masked_before_they_are_kept(client: Client) -> None:
    await client.post("/signaler", data={"mots": "Mon numéro : 2 69 05 49 588 157 80 est refusé"})
    (found,) = await reports(client)
    assert "588" not in found.words
    assert found.words.endswith("est refusé")


@pytest.mark.parametrize("words", [DANGER, DANGER + " et la fiche est fausse" * 60])
async def test_a_danger_told_in_the_form_gets_the_numbers(client: Client, words: str) -> None:
    html = await (await client.post("/signaler", data={"mots": words})).text()
    assert '<a href="tel:3919">' in html


async def test_reports_are_counted_and_a_refused_one_keeps_its_words(open_client: OpenClient) -> None:
    client = await open_client(conversations_per_hour_address=1)
    await client.post("/signaler", data={"mots": WRONG})
    response = await client.post("/signaler", data={"mots": "Une autre <erreur>", "fiche": "rsa"})
    html = await response.text()
    assert response.status == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert re.search(r'<a href="#envoi">Beaucoup de messages .* Réessayez dans \d+ ', html)
    assert "\nUne autre &lt;erreur&gt;</textarea>" in html
    assert 'name="fiche" value="rsa"' in html
    assert len(await reports(client)) == 1


async def test_a_danger_is_never_refused(open_client: OpenClient) -> None:
    client = await open_client(conversations_per_hour_address=1)
    for _ in range(3):
        response = await client.post("/signaler", data={"mots": DANGER})
        assert response.status == 200
        assert '<a href="tel:3919">' in await response.text()


@pytest.mark.parametrize("days", [30, 7])
async def test_the_page_says_how_long_the_words_are_kept(open_client: OpenClient, days: int) -> None:
    client = await open_client(retention_days=days)
    assert f"gardés {days} jours" in await (await client.get("/signaler")).text()


async def test_the_title_never_tells_the_subject(client: Client) -> None:
    fields = {"fiche": "violences-conjugales", "mots": WRONG}
    for response in (
        await client.get("/signaler", params=fields),
        await client.post("/signaler", data=fields),
        await client.post("/signaler", data=fields | {"mots": ""}),
    ):
        title = (await response.text()).split("<title>")[1].split("</title>")[0]
        assert "violence" not in title.lower()
        assert response.headers["X-Robots-Tag"] == "noindex"
