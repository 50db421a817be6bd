"""Reach a person from the pages."""

import asyncio
import re

import pytest

from bot.store.demandes import DemandeDetails
from channels.keys import ASSISTANT
from tests.bot.service.operators import hire
from tests.channels.talking import DANGER, Client, app_of, form_id_of, send

CALL = {"moyen": "rappel", "telephone": "06.12.34.56.78", "nom": "Awa", "mots": "Mon dossier APL"}


async def leave(client: Client, **fields: str) -> tuple[str, str, str]:
    """Leave a request; return the page, the reference and the code."""
    html = await (await client.post("/personne", data=fields)).text()
    reference, code = re.findall(r'class="code">([^<]+)<', html)
    return html, reference, code


async def test_the_page_gives_places_and_phones_before_the_form(client: Client) -> None:
    html = await (await client.get("/personne")).text()
    assert html.index('href="tel:0299094456"') < html.index("Laisser une demande")


async def test_a_request_gives_a_reference_and_a_code_that_open_it(client: Client) -> None:
    html, reference, code = await leave(client, **CALL)
    assert '<a href="tel:0612345678">06\u00a012' in html
    assert f"Lettre par lettre\u00a0: {' '.join(code)}" in html.replace("&nbsp;", "\u00a0")
    typed = {"reference": reference.lower(), "code": f"{code[:4]} {code[4:].lower()}"}
    state = await client.post("/demande", data=typed)
    assert state.status == 200
    assert f"Votre demande {reference} attend" in await state.text()


async def test_a_request_needs_no_conversation_and_opens_none(client: Client) -> None:
    response = await client.post("/personne", data={"moyen": "retour"})
    assert response.status == 200
    assert "Set-Cookie" not in response.headers


async def test_a_request_from_a_conversation_is_told_in_it(client: Client) -> None:
    await send(client, text=DANGER)
    _, reference, _ = await leave(client, moyen="retour")
    html = await (await client.get("/conversation")).text()
    assert reference in html
    assert "Votre demande à une personne attend" in html


async def test_erasing_the_conversation_erases_its_request(client: Client) -> None:
    await send(client, text=DANGER)
    _, reference, code = await leave(client, moyen="retour")
    await client.post("/effacer", data={})
    assert (await client.post("/demande", data={"reference": reference, "code": code})).status == 422


async def test_the_same_form_sent_twice_is_one_request(client: Client) -> None:
    form_id = form_id_of(await (await client.get("/personne")).text())
    pages = await asyncio.gather(*(leave(client, form_id=form_id, **CALL) for _ in range(3)))
    assert len({(reference, code) for _, reference, code in pages}) == 1
    _, other, _ = await leave(client, form_id=form_id, **(CALL | {"mots": "Autre chose"}))
    assert other != pages[0][1]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["moyen"]),
        ({"moyen": "pigeon"}, ["moyen"]),
        ({"moyen": "rappel"}, ["telephone"]),
        ({"moyen": "rappel", "telephone": "123"}, ["telephone"]),
        ({"moyen": "retour", "nom": "a" * 81, "mots": "b" * 2001}, ["nom", "mots"]),
        ({"moyen": "texto", "telephone": "06 39 98 00 01"}, ["moyen"]),  # no gateway: no SMS
        ({"moyen": "rdv", "telephone": "123"}, ["telephone"]),
        ({"moyen": "domicile", "commune": "c" * 81, "quand": "la nuit"}, ["commune", "quand"]),
    ],
)
async def test_each_error_is_told_beside_its_field(
    client: Client, fields: dict[str, str], wrong: list[str]
) -> None:
    response = await client.post("/personne", data=fields)
    html = await response.text()
    assert response.status == 422
    assert re.findall(r'id="erreur-(\w+)"', html) == wrong
    assert all(re.search(rf'aria-describedby="[^"]*erreur-{name}"', html) for name in wrong)
    assert "<title>Erreur" in html
    assert 'role="alert"' in html


async def test_an_error_loses_nothing_typed(client: Client) -> None:
    html = await (await client.post("/personne", data=CALL | {"telephone": "06 12"})).text()
    assert 'value="06 12"' in html
    assert 'value="Awa"' in html
    assert "\nMon dossier APL</textarea>" in html
    assert 'value="rappel" checked' in html


async def test_no_phone_is_kept_when_no_call_is_wanted(client: Client) -> None:
    await client.post("/personne", data=CALL | {"moyen": "retour"})
    [demande] = await app_of(client)[ASSISTANT].list_demandes()
    assert demande.details.telephone is None


async def test_identifiers_are_masked_before_they_are_kept(client: Client) -> None:
    await client.post("/personne", data=CALL | {"mots": "Mon numéro : 2 69 05 49 588 157 80"})
    [demande] = await app_of(client)[ASSISTANT].list_demandes()
    assert "588" not in str(demande.details.mots)


async def test_a_danger_told_in_the_form_gets_the_numbers(client: Client) -> None:
    html = await (await client.post("/personne", data={"moyen": "retour", "mots": DANGER})).text()
    assert '<a href="tel:3919">' in html


async def test_a_wrong_code_and_an_unknown_reference_read_the_same(client: Client) -> None:
    _, reference, _ = await leave(client, moyen="retour")
    pages = []
    for typed in (reference, "BC-0000"):
        response = await client.post("/demande", data={"reference": typed, "code": "BBBBBBBB"})
        assert response.status == 422
        pages.append((await response.text()).replace(typed, "X"))
    assert re.sub(r"\s+", " ", pages[0]) == re.sub(r"\s+", " ", pages[1])


@pytest.mark.parametrize("code", ["", "\x00", "é" * 5000, "' OR 1=1"])
async def test_a_hostile_code_opens_nothing(client: Client, code: str) -> None:
    _, reference, _ = await leave(client, moyen="retour")
    assert (await client.post("/demande", data={"reference": reference, "code": code})).status == 422


async def test_a_request_can_be_erased_with_its_reference_and_code(client: Client) -> None:
    _, reference, code = await leave(client, **CALL)
    typed = {"reference": reference, "code": code}
    assert 'action="/demande/effacer"' in await (await client.post("/demande", data=typed)).text()
    assert "C'est effacé" in await (await client.post("/demande/effacer", data=typed)).text()
    assert await app_of(client)[ASSISTANT].list_demandes(all_states=True) == []
    assert (await client.post("/demande", data=typed)).status == 422
    assert (await client.post("/demande/effacer", data=typed)).status == 422


async def test_a_wrong_code_erases_nothing(client: Client) -> None:
    _, reference, _ = await leave(client, **CALL)
    response = await client.post("/demande/effacer", data={"reference": reference, "code": "BBBBBBBB"})
    assert response.status == 422
    assert len(await app_of(client)[ASSISTANT].list_demandes()) == 1


async def test_the_search_says_that_both_fields_are_needed(client: Client) -> None:
    assert "Il faut les 2." in await (await client.get("/demande")).text()


async def test_after_an_error_neither_the_reference_nor_the_code_is_typed_again(client: Client) -> None:
    response = await client.post("/demande", data={"reference": "BC-2345", "code": "ABCD2345"})
    html = await response.text()
    assert 'value="BC-2345"' in html
    assert 'value="ABCD2345"' in html
    assert response.headers["Cache-Control"] == "no-store"


# -- the ways to be answered


@pytest.mark.parametrize(
    ("moyen", "kept"),
    [
        ("retour", DemandeDetails("retour", nom="Awa", mots="Mon dossier APL")),
        ("rappel", DemandeDetails("rappel", "06 39 98 00 01", "Awa", "Mon dossier APL", "le matin")),
        ("texto", DemandeDetails("texto", "06 39 98 00 01", "Awa", "Mon dossier APL")),
        ("rdv", DemandeDetails("rdv", "06 39 98 00 01", "Awa", "Mon dossier APL", "le matin", "Gaël")),
        (
            "domicile",
            DemandeDetails("domicile", "06 39 98 00 01", "Awa", "Mon dossier APL", "le matin", "Gaël"),
        ),
    ],
)
async def test_each_way_keeps_what_it_needs_and_nothing_else(
    client: Client, moyen: str, kept: DemandeDetails
) -> None:
    app_of(client)[ASSISTANT].composer.can_text = True
    fields = CALL | {"telephone": "0639980001", "commune": "gael", "quand": "le matin", "joindre": "oui"}
    html, reference, _ = await leave(client, **(fields | {"moyen": moyen}))
    [demande] = await app_of(client)[ASSISTANT].list_demandes()
    assert (demande.reference, demande.details) == (reference, kept)
    assert "Une personne lit votre demande" in html


async def test_an_appointment_needs_no_phone(client: Client) -> None:
    await leave(client, moyen="rdv")
    [demande] = await app_of(client)[ASSISTANT].list_demandes()
    assert demande.details == DemandeDetails("rdv")


async def test_an_answer_by_sms_is_offered_only_where_sms_are_sent(client: Client) -> None:
    assert 'value="texto"' not in await (await client.get("/personne")).text()
    app_of(client)[ASSISTANT].composer.can_text = True
    assert 'value="texto"' in await (await client.get("/personne")).text()


async def test_every_field_typed_comes_back_with_an_error(client: Client) -> None:
    await send(client, text="35290")
    typed = CALL | {"telephone": "12", "commune": "Brest", "quand": "l'après-midi", "joindre": "oui"}
    html = await (await client.post("/personne", data=typed)).text()
    assert 'value="Brest"' in html
    assert re.search(r'id="quand-3"[^>]* checked', html)
    assert re.search(r'id="joindre"[^>]* checked', html)


async def test_errors_lead_to_their_fields(client: Client) -> None:
    html = await (await client.post("/personne", data={"quand": "la nuit"})).text()
    for target in re.findall(r'<li><a href="#([^"]+)"', html):
        assert f'id="{target}"' in html


# -- the conversation


async def test_the_conversation_may_be_joined_only_when_the_person_wrote_in_it(client: Client) -> None:
    assert 'name="joindre"' not in await (await client.get("/personne")).text()
    await send(client, choice="aide")
    assert 'name="joindre"' not in await (await client.get("/personne")).text()
    await client.post("/message", data={"text": "35290"})
    assert 'name="joindre"' in await (await client.get("/personne")).text()


@pytest.mark.parametrize(("ticked", "joined"), [({"joindre": "oui"}, True), ({}, False)])
async def test_it_is_joined_by_the_box_alone(client: Client, ticked: dict[str, str], joined: bool) -> None:
    await send(client, text="35290")
    await leave(client, moyen="retour", **ticked)
    [demande] = await app_of(client)[ASSISTANT].list_demandes()
    assert demande.details.joindre is joined


async def test_without_a_conversation_the_box_joins_nothing(client: Client) -> None:
    await leave(client, moyen="retour", joindre="oui")
    [demande] = await app_of(client)[ASSISTANT].list_demandes()
    assert demande.details.joindre is False


# -- what became of it


async def answered(client: Client, reference: str, words: str) -> None:
    """Answer a request as an operator does."""
    assistant = app_of(client)[ASSISTANT]
    operator = await hire(assistant, name="Nolwenn")
    await assistant.casework.claim(reference, operator)
    await assistant.casework.reply(reference, operator, words)


async def test_who_left_the_page_finds_the_answer_with_the_reference_and_the_code(client: Client) -> None:
    html, reference, code = await leave(client, moyen="retour")
    assert f'href="/demande?reference={reference}"' in html
    typed = {"reference": reference, "code": code}
    before = await (await client.post("/demande", data=typed)).text()
    assert "Aucune réponse pour le moment" in before
    await answered(client, reference, "Venez lundi <b>à 9 h</b>.")
    after = await (await client.post("/demande", data=typed)).text()
    assert "Venez lundi &lt;b&gt;" in after
    assert "Nolwenn a répondu à votre demande" in after
    assert "Venez lundi" not in await (await client.get("/demande", params={"reference": reference})).text()


async def test_the_answer_stays_with_the_request_when_it_came_from_a_conversation(client: Client) -> None:
    await send(client, text="35290")
    _, reference, code = await leave(client, moyen="retour")
    await answered(client, reference, "Votre dossier est complet.")
    client.session.cookie_jar.clear()
    found = await (await client.post("/demande", data={"reference": reference, "code": code})).text()
    assert "Votre dossier est complet." in found


async def test_a_link_writes_the_reference_and_nothing_hostile(client: Client) -> None:
    html = await (await client.get("/demande", params={"reference": "BC-2345"})).text()
    assert 'name="reference" type="text"' in html
    assert 'value="BC-2345"' in html
    hostile = await (await client.get("/demande", params={"reference": '"><script>'})).text()
    assert "<script>" not in hostile.split("</head>")[1]
