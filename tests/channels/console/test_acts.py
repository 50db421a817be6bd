"""What an operator does with a request, through the forms."""

import asyncio
import re

import pytest
from aiohttp import ClientResponse

from bot.service.casework import MAX_REPLY
from bot.store import closures
from bot.store.accounts import Role
from bot.store.demandes import CLOSED, TAKEN, WAITING
from tests.channels.console.desk_scene import Operator, ask, assistant_of, sign_in, talk, token_of
from tests.channels.talking import Client

ACTS = ("prendre", "rendre", "repondre", "note", "confier", "transmettre", "clore", "rouvrir")


async def status_of(client: Client, reference: str) -> str:
    found = await assistant_of(client).list_demandes(all_states=True)
    return next(demande.status for demande in found if demande.reference == reference)


async def heard(client: Client, conversation: str) -> str:
    """Return what the person reads."""
    said = await assistant_of(client).transcript(conversation)
    return "\n".join(
        item for message in said if message.answer for block in message.answer.blocks for item in block.items
    )


async def words_of(response: ClientResponse) -> str:
    html = await response.text()
    bare = re.sub(r"<[^>]+>", " ", html).replace("&#39;", "'").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", bare)


def draft_of(html: str, field: str = "reponse") -> str:
    found = re.search(rf'<textarea id="{field}"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    assert found, html
    return found.group(1)


async def own(client: Client, operator: Operator, **given: object) -> tuple[str, str]:
    """Return a request taken by an operator, and its conversation."""
    conversation = await talk(client)
    reference = await ask(client, conversation_id=conversation, **given)  # type: ignore[arg-type]
    await operator.take(reference)
    return reference, conversation


# -- taking -------------------------------------------------------------------------------------------


async def test_of_twenty_who_click_at_once_one_has_it_and_the_others_read_who(client: Client) -> None:
    operators = [await sign_in(client, f"op{rank}", name=f"Opératrice {rank}") for rank in range(4)]
    reference = await ask(client)
    pages = [await one.open(reference) for one in operators]
    answers = await asyncio.gather(
        *(operators[rank % 4].act(reference, "prendre", page=pages[rank % 4]) for rank in range(20))
    )
    [owner] = {
        one.account.name
        for rank, one in enumerate(operators)
        if any(answers[turn].status == 303 for turn in range(rank, 20, 4))
    }
    for rank, response in enumerate(answers):
        if operators[rank % 4].account.name == owner:
            assert response.status == 303
        else:
            assert response.status == 409
            assert f"{owner} a pris cette demande avant vous." in await words_of(response)
    events = (await assistant_of(client).desk.read(reference, operators[0].account.id)).events
    assert [event.kind for event in events].count("claimed") == 1


async def test_the_person_is_told_who_took_it_and_who_gives_it_back(client: Client) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    assert "Awa a pris votre demande" in await heard(client, conversation)
    response = await awa.act(reference, "rendre")
    assert response.headers["Location"] == f"/console/demandes/{reference}?fait=rendue"
    assert await status_of(client, reference) == WAITING
    assert "attend de nouveau" in await heard(client, conversation)


async def test_what_was_done_is_said_on_the_page_it_leads_to(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client)
    response = await awa.act(reference, "prendre")
    assert "Vous avez pris cette demande." in await awa.get(response.headers["Location"])


async def test_a_word_in_the_address_says_nothing_of_its_own(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client)
    assert "intrus" not in await awa.get(f"/console/demandes/{reference}?fait=intrus")


# -- answering ----------------------------------------------------------------------------------------


async def test_a_reply_reaches_the_person_and_stands_in_the_conversation(client: Client) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    response = await awa.act(reference, "repondre", texte="Bonjour, je regarde.", envoyer="oui")
    assert response.status == 303
    assert "Bonjour, je regarde." in await heard(client, conversation)
    assert "Bonjour, je regarde." in await awa.open(reference)


async def test_the_same_reply_sent_twice_is_said_once(client: Client) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    page = await awa.open(reference)
    sent = {"texte": "Une seule fois.", "envoyer": "oui"}
    answers = await asyncio.gather(*(awa.act(reference, "repondre", page=page, **sent) for _ in range(5)))
    assert {response.status for response in answers} == {303}
    assert (await heard(client, conversation)).count("Une seule fois.") == 1


async def test_after_back_another_reply_of_the_same_form_is_sent(client: Client) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    page = await awa.open(reference)
    for text in ("Première.", "Seconde."):
        await awa.act(reference, "repondre", page=page, texte=text, envoyer="oui")
    said = await heard(client, conversation)
    assert "Première." in said
    assert "Seconde." in said


async def test_the_same_note_sent_twice_is_kept_once(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client)
    page = await awa.open(reference)
    for _ in range(3):
        await awa.act(reference, "note", page=page, texte="Rappeler lundi")
    assert (await awa.open(reference)).count("Rappeler lundi") == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Votre réponse est vide."),
        (" \u200b\n", "Votre réponse est vide."),
        ("a" * (MAX_REPLY + 1), "Votre texte est trop long : 1501 caractères, 1500 au plus."),
    ],
)
async def test_a_refused_reply_comes_back_in_its_field(client: Client, text: str, error: str) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    before = await heard(client, conversation)
    response = await awa.act(reference, "repondre", texte=text, envoyer="oui")
    html = await response.text()
    assert response.status == 422
    assert "<title>Erreur" in html
    assert f'<a href="#reponse">{error}'.replace(" :", "\u00a0:") in html
    assert draft_of(html) == text.replace("\n", "\n")
    assert await heard(client, conversation) == before


async def test_a_reply_to_a_request_of_another_is_kept_in_the_page_with_the_name_of_who_has_it(
    client: Client,
) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann", name="Yann")
    reference, conversation = await own(client, awa)
    response = await yann.act(reference, "repondre", texte="Mon long texte", envoyer="oui")
    assert response.status == 409
    assert "Awa s'occupe de cette demande. Votre texte n'est pas envoyé" in await words_of(response)
    assert draft_of(await response.text()) == "Mon long texte"
    assert "Mon long texte" not in await heard(client, conversation)


async def test_a_reply_to_a_request_that_nobody_has_asks_to_take_it_first(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client)
    response = await awa.act(reference, "repondre", texte="Bonjour", envoyer="oui")
    assert response.status == 409
    assert "Prenez-la d'abord" in await words_of(response)
    assert draft_of(await response.text()) == "Bonjour"


async def test_a_reply_to_a_request_that_was_erased_gives_the_text_back(client: Client) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    page = await awa.open(reference)
    await assistant_of(client).erase(conversation)
    response = await awa.act(reference, "repondre", page=page, texte="Mon long texte", envoyer="oui")
    assert response.status == 404
    assert draft_of(await response.text(), "texte") == "Mon long texte"


async def test_a_reply_is_counted_without_being_sent(client: Client) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    response = await awa.act(reference, "repondre", texte="Douze lettres", compter="oui")
    assert response.status == 200
    assert "13 caractères sur 1500." in await words_of(response)
    assert draft_of(await response.text()) == "Douze lettres"
    assert "Douze" not in await heard(client, conversation)


async def test_a_reply_by_text_goes_to_the_number_the_person_gave(client: Client) -> None:
    awa = await sign_in(client)
    reference, _ = await own(client, awa, moyen="texto", telephone="06 39 98 00 01")
    html = await awa.open(reference)
    assert "Votre réponse part par texto" in html
    response = await awa.act(reference, "repondre", texte="a" * 160, compter="oui")
    assert "160 caractères sur 1500. 2 SMS avec votre nom." in await words_of(response)


async def test_a_canned_reply_is_added_to_the_draft(client: Client) -> None:
    awa = await sign_in(client)
    reference, _ = await own(client, awa)
    response = await awa.act(reference, "repondre", texte="Début.", inserer="reponse:bonjour")
    expected = "Début.\n\nBonjour, je suis Awa. J&#39;ai lu votre demande et je m&#39;en occupe."
    assert draft_of(await response.text()) == expected
    by_link = await awa.get(f"/console/demandes/{reference}?inserer=reponse:bonjour")
    assert draft_of(by_link).startswith("Bonjour, je suis Awa.")


async def test_a_fiche_is_found_and_its_words_are_added(client: Client) -> None:
    awa = await sign_in(client)
    reference, _ = await own(client, awa)
    found = await (
        await awa.act(reference, "repondre", texte="Début.", fiche="prime activité", chercher="oui")
    ).text()
    assert "Fiches trouvées" in found
    assert draft_of(found) == "Début."
    assert 'value="fiche:prime-activite"' in found
    added = await awa.act(reference, "repondre", texte="Début.", inserer="fiche:prime-activite")
    assert len(draft_of(await added.text())) > 40


async def test_the_link_of_a_fiche_needs_the_public_address(client: Client, open_client: object) -> None:
    awa = await sign_in(client)
    reference, _ = await own(client, awa)
    response = await awa.act(reference, "repondre", texte="Début.", inserer="lien:rsa")
    assert draft_of(await response.text()) == "Début."
    other: Client = await open_client(public_url="https://assistant.example")  # type: ignore[operator]
    yann = await sign_in(other, "yann")
    reference, _ = await own(other, yann)
    response = await yann.act(reference, "repondre", texte="", inserer="lien:rsa")
    assert draft_of(await response.text()).endswith(": https://assistant.example/fiches/rsa")


@pytest.mark.parametrize("value", ["reponse:inconnue", "fiche:../x", "lien:", "x", "fiche:rsa:rsa"])
async def test_what_is_not_offered_adds_nothing(client: Client, value: str) -> None:
    awa = await sign_in(client)
    reference, _ = await own(client, awa)
    response = await awa.act(reference, "repondre", texte="Début.", inserer=value)
    assert draft_of(await response.text()) == "Début."


# -- passing on ---------------------------------------------------------------------------------------


async def test_a_request_is_given_to_a_colleague_and_to_nobody_else(client: Client) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann", Role.RESPONSABLE, "Yann")
    agent = await sign_in(client, "agent", Role.AGENT, "Accueil")
    reference, conversation = await own(client, awa)
    html = await awa.open(reference)
    assert re.findall(r'<option value="\d+">([^<]+)</option>', html) == ["Yann"]
    for wrong in ("", "999", "abc", str(agent.account.id), str(awa.account.id)):
        response = await awa.act(reference, "confier", collegue=wrong)
        assert response.status == 422
        assert "Choisissez à qui confier la demande." in await words_of(response)
    response = await awa.act(reference, "confier", collegue=str(yann.account.id))
    assert response.status == 303
    assert "Yann s'occupe maintenant" in await heard(client, conversation)
    assert "Prise par vous" in await yann.open(reference)


async def test_the_person_is_asked_before_anything_goes_to_another_body(client: Client) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    assert (await awa.act(reference, "transmettre", organisme="")).status == 422
    response = await awa.act(reference, "transmettre", organisme="CAF")
    assert response.status == 303
    assert "CAF" in await heard(client, conversation)
    assert "La question est posée, sans réponse encore." in await awa.open(reference)


async def test_who_has_no_conversation_is_to_be_asked_otherwise(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client, moyen="rappel", telephone="06 39 98 00 01")
    await awa.take(reference)
    response = await awa.act(reference, "transmettre", organisme="CAF")
    assert response.status == 409
    assert "pas de conversation ouverte" in await words_of(response)


# -- closing ------------------------------------------------------------------------------------------


async def test_a_request_is_closed_only_once_it_is_confirmed(client: Client) -> None:
    awa = await sign_in(client)
    reference, conversation = await own(client, awa)
    ticked = {"issue": "oriente", "non_recours": "non_reception", "etape": "prouver", "organisme": "CAF"}
    page = await awa.act(reference, "clore", **ticked)
    html = await page.text()
    assert page.status == 200
    assert await status_of(client, reference) == TAKEN
    for said in ("orientée vers un autre service", "Droit non reçu", "Fournir les justificatifs", "CAF"):
        assert said in html
    assert dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', html)).items() >= ticked.items()
    response = await awa.act(reference, "clore", page=html, confirmer="oui", **ticked)
    assert response.status == 303
    assert await status_of(client, reference) == CLOSED
    assert f"Awa a terminé votre demande {reference}" in await heard(client, conversation)


async def test_what_is_counted_is_what_was_ticked_among_what_is_offered(client: Client) -> None:
    awa = await sign_in(client)
    reference, _ = await own(client, awa)
    await awa.act(
        reference,
        "clore",
        confirmer="oui",
        issue="repondu",
        non_recours="intrus",
        etape="=cmd|' /C calc'!A0",
        exigence="compte",
        organisme="<script>",
    )
    assistant = assistant_of(client)
    async with assistant._database.read() as connection:
        rows = (await connection.execute(closures.closure_marks.select())).all()
    assert [(row.family, row.value) for row in rows] == [("exigence", "compte")]


async def test_closing_asks_how_it_ended(client: Client) -> None:
    awa = await sign_in(client)
    reference, _ = await own(client, awa)
    for outcome in ("", "intrus"):
        response = await awa.act(reference, "clore", issue=outcome, confirmer="oui")
        assert response.status == 422
        assert '<a href="#issue">Dites comment la demande se termine.' in await response.text()
    assert await status_of(client, reference) == TAKEN


async def test_a_closed_request_is_reopened_by_who_clicks(client: Client) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann", name="Yann")
    reference, _ = await own(client, awa)
    await awa.act(reference, "clore", issue="repondu", confirmer="oui")
    assert (await yann.act(reference, "prendre")).status == 409
    response = await yann.act(reference, "rouvrir")
    assert response.headers["Location"].endswith("fait=rouverte")
    assert "Prise par vous" in await yann.open(reference)
    assert (await awa.act(reference, "rouvrir")).headers["Location"].endswith("fait=pas-close")


# -- the assistant's misses ---------------------------------------------------------------------------


async def miss_page(client: Client, operator: Operator) -> tuple[str, str]:
    """Return a request, and the address that reviews an answer in it."""
    reference, _ = await own(client, operator, joindre=True)
    found = re.search(
        rf'href="(/console/demandes/{reference}/assistant/\w+)"', await operator.open(reference)
    )
    assert found
    return reference, found.group(1)


async def test_a_wrong_answer_is_kept_without_identifiers(client: Client) -> None:
    awa = await sign_in(client)
    reference, address = await miss_page(client, awa)
    html = await awa.get(address)
    act = address.removeprefix(f"/console/demandes/{reference}/")
    fields = {"quoi": "a_comprendre", "fiche": "rsa", "texte": "mon n° 2 69 05 49 588 157 80 et le rsa"}
    for _ in range(2):
        response = await awa.act(reference, act, page=html, **fields)
        assert response.headers["Location"].endswith("fait=assistant")
    assistant = assistant_of(client)
    async with assistant._database.read() as connection:
        [miss] = await closures.list_misses(connection, assistant._cipher)
    assert (miss.kind, miss.expected, miss.answered) == ("a_comprendre", "rsa", None)
    assert "588" not in miss.words


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"texte": "rsa"}, "Dites ce qui ne va pas."),
        ({"quoi": "intrus", "texte": "rsa"}, "Dites ce qui ne va pas."),
        ({"quoi": "a_comprendre", "texte": "rsa"}, "Choisissez le sujet"),
        ({"quoi": "a_comprendre", "fiche": "intrus", "texte": "rsa"}, "Choisissez le sujet"),
        ({"quoi": "mauvaise_reponse", "texte": " "}, "Écrivez les mots de la personne"),
        ({"quoi": "mauvaise_reponse", "texte": "a" * 2001}, "Écrivez les mots de la personne"),
    ],
)
async def test_a_remark_that_cannot_be_kept_says_why(
    client: Client, fields: dict[str, str], error: str
) -> None:
    awa = await sign_in(client)
    reference, address = await miss_page(client, awa)
    response = await awa.act(reference, address.removeprefix(f"/console/demandes/{reference}/"), **fields)
    assert response.status == 422
    assert error in await words_of(response)


async def test_only_an_answer_of_the_request_itself_is_reviewed(client: Client) -> None:
    awa = await sign_in(client)
    _, address = await miss_page(client, awa)
    other, _ = await own(client, awa)
    message = address.rsplit("/", 1)[1]
    await awa.get(f"/console/demandes/{other}/assistant/{message}", status=404)


# -- who may ------------------------------------------------------------------------------------------


async def test_a_responsable_puts_back_what_a_colleague_holds_and_an_operator_cannot(client: Client) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann", name="Yann")
    chief = await sign_in(client, "dominique", Role.RESPONSABLE, "Dominique")
    reference = await ask(client)
    await awa.take(reference)
    assert "Rendre à la file" not in await yann.open(reference)
    assert (await yann.act(reference, "rendre")).status == 409
    assert "Rendre à la file" in await chief.open(reference)
    assert (await chief.act(reference, "rendre")).status == 303
    assert await status_of(client, reference) == WAITING
    assert "Rendre à la file" not in await chief.open(reference)


@pytest.mark.parametrize("act", ["rendre", "confier", "transmettre", "clore"])
async def test_an_operator_does_nothing_with_the_request_of_another(client: Client, act: str) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann", name="Yann")
    reference, conversation = await own(client, awa)
    before = await heard(client, conversation)
    fields = {"organisme": "CAF", "issue": "repondu", "collegue": str(awa.account.id), "confirmer": "oui"}
    response = await yann.act(reference, act, **fields)
    assert response.status == 409
    assert "Awa s'occupe de cette demande." in await words_of(response)
    assert await heard(client, conversation) == before
    assert await status_of(client, reference) == TAKEN


@pytest.mark.parametrize("act", ACTS)
async def test_an_agent_at_the_desk_acts_on_no_request(client: Client, act: str) -> None:
    agent = await sign_in(client, "agent", Role.AGENT)
    reference = await ask(client)
    response = await agent.act(reference, act, texte="a", envoyer="oui", issue="repondu", organisme="CAF")
    assert response.status == 403
    assert await status_of(client, reference) == WAITING


@pytest.mark.parametrize("act", ACTS)
async def test_a_form_without_the_word_of_its_session_does_nothing(client: Client, act: str) -> None:
    awa, yann = await sign_in(client), await sign_in(client, "yann")
    reference = await ask(client)
    page = await yann.open(reference)
    for stolen in (page, '<input name="jeton" value="abc.def">'):
        response = await awa.act(reference, act, page=stolen, texte="Mon texte à garder", envoyer="oui")
        assert response.status == 403
        assert "Mon texte à garder" in await response.text()
    assert await status_of(client, reference) == WAITING


@pytest.mark.parametrize("act", ACTS)
async def test_a_request_that_never_was_takes_no_act(client: Client, act: str) -> None:
    awa = await sign_in(client)
    fields = {
        "texte": "Bonjour",
        "envoyer": "oui",
        "issue": "repondu",
        "organisme": "CAF",
        "confirmer": "oui",
    }
    yann = await sign_in(client, "yann")
    response = await awa.act("BC-0000", act, collegue=str(yann.account.id), **fields)
    assert response.status == 404


async def test_another_site_makes_nobody_act(client: Client) -> None:
    awa = await sign_in(client)
    reference = await ask(client)
    token = token_of(await awa.open(reference))
    response = await client.post(
        f"/console/demandes/{reference}/prendre",
        data={"jeton": token},
        headers={**awa.headers, "Sec-Fetch-Site": "cross-site"},
        allow_redirects=False,
    )
    assert response.status == 403
    assert await status_of(client, reference) == WAITING
