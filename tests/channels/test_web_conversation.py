"""Ask, read, choose, erase: the pages without any script."""

import asyncio
import re
from http.cookies import SimpleCookie

import pytest

from tests.channels.talking import DANGER, Client, OpenClient, form_id_of, send

FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


def articles(html: str) -> list[str]:
    return re.findall(r"<article.*?</article>", html, re.DOTALL)


async def test_the_first_page_says_who_what_is_kept_and_the_way_to_a_person(client: Client) -> None:
    response = await client.get("/")
    html = await response.text()
    assert "assistant automatique, pas une personne" in html
    assert "gardés 30 jours" in html
    assert '<a class="bouton" href="/personne">Parler à une personne</a>' in html
    assert "Set-Cookie" not in response.headers


async def test_the_days_of_retention_are_the_setting(open_client: OpenClient) -> None:
    client = await open_client(retention_days=7)
    for path in ("/", "/vie-privee", "/personne"):
        html = await (await client.get(path)).text()
        assert "7 jours" in html
        assert "30 jours" not in html


async def test_a_question_redirects_to_its_answer_and_gives_a_guarded_cookie(client: Client) -> None:
    response = await send(client, text=DANGER, redirects=False)
    assert response.status == 303
    assert response.headers["Location"] == "/conversation#derniere"
    cookie = SimpleCookie(response.headers["Set-Cookie"])["conversation"]
    assert re.fullmatch(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{20,}", cookie.value)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"
    assert not cookie["expires"]
    assert not cookie["max-age"]
    assert not cookie["secure"]


async def test_behind_https_the_cookie_and_the_site_stay_in_https(open_client: OpenClient) -> None:
    client = await open_client(cookie_secure=True)
    response = await send(client, text=DANGER, redirects=False)
    assert SimpleCookie(response.headers["Set-Cookie"])["__Host-conversation"]["secure"]
    assert "Strict-Transport-Security" in response.headers


async def test_the_transcript_shows_who_said_what_and_marks_the_answer(client: Client) -> None:
    html = await (await send(client, text=DANGER)).text()
    welcome, question, answer = articles(html)
    assert "Assistant, <time" in welcome
    assert "Vous, <time" in question
    assert DANGER in question
    assert 'id="derniere"' in answer
    assert '<a href="sms:114">' in answer


async def test_only_the_last_message_offers_choices(client: Client) -> None:
    html = await (await send(client, text=DANGER)).text()
    assert re.findall(r'name="choice" value="([^"]+)"', html) == ["personne"]


async def test_a_choice_is_answered_and_its_words_stay_in_the_transcript(client: Client) -> None:
    html = await (await send(client, text=DANGER)).text()
    data = {"choice": "personne", "form_id": form_id_of(html)}
    after = await (await client.post("/message", data=data)).text()
    assert len(articles(after)) == 5
    assert "Parler à une personne" in articles(after)[3]


async def test_what_a_person_writes_is_never_markup(client: Client) -> None:
    html = await (await send(client, text=f"{DANGER} <img src=x onerror=alert(1)> {{{{7*7}}}}")).text()
    assert "<img" not in html
    assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}}" in html


async def test_the_same_form_sent_twice_is_one_message_in_one_conversation(client: Client) -> None:
    form_id = form_id_of(await (await client.get("/")).text())
    data = {"text": DANGER, "form_id": form_id}
    answers = await asyncio.gather(
        *(client.post("/message", data=data, allow_redirects=False) for _ in range(3))
    )
    assert len({answer.cookies["conversation"].value for answer in answers}) == 1
    assert len(articles(await (await client.get("/conversation")).text())) == 3


async def test_another_question_from_the_same_form_is_not_lost(client: Client) -> None:
    form_id = form_id_of(await (await client.get("/")).text())
    for text in (DANGER, "il y a le feu"):
        html = await (await client.post("/message", data={"text": text, "form_id": form_id})).text()
    assert len(articles(html)) == 5


async def test_a_form_id_that_we_did_not_make_joins_nobody(client: Client) -> None:
    """Two visitors with the same invented id must not share a conversation."""
    seen = []
    for _ in range(2):
        client.session.cookie_jar.clear()
        response = await send(client, text=DANGER, form_id="1", redirects=False)
        seen.append(response.cookies["conversation"].value)
    assert seen[0] != seen[1]


async def test_without_rasa_the_page_says_the_message_is_kept_and_how_to_look_again(client: Client) -> None:
    html = await (await send(client, text="quelle aide pour mon loyer")).text()
    assert "Votre message est gardé" in html
    assert "Voir si la réponse est arrivée" in html
    answered = await (await send(client, text=DANGER)).text()
    assert "Voir si la réponse est arrivée" not in answered


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
async def test_an_empty_message_is_an_error_told_on_the_same_page(client: Client, text: str) -> None:
    response = await send(client, text=text)
    html = await response.text()
    assert response.status == 422
    assert "<title>Erreur\u00a0: Votre message est vide." in html
    assert 'role="alert"' in html
    assert 'aria-describedby="aide-texte erreur-texte" aria-invalid="true"' in html
    assert "conversation" not in response.cookies


async def test_a_text_too_long_stays_in_the_field(client: Client) -> None:
    text = "Mon loyer est trop cher. " * 100
    response = await send(client, text=text)
    html = await response.text()
    assert response.status == 422
    assert "Votre message est trop long" in html
    assert text.strip() in html


async def test_a_text_too_long_that_tells_of_a_danger_still_gets_the_numbers(client: Client) -> None:
    html = await (await send(client, text=DANGER + " et je ne sais plus quoi faire" * 100)).text()
    assert '<a href="tel:3919">' in html


async def test_an_error_in_a_conversation_keeps_the_transcript(client: Client) -> None:
    await send(client, text=DANGER)
    html = await (await send(client, text="")).text()
    assert len(articles(html)) == 3
    assert 'role="alert"' in html


async def test_no_conversation_yet_leads_to_the_first_page(client: Client) -> None:
    response = await client.get("/conversation")
    assert response.status == 200
    assert response.url.path == "/"


async def test_erasing_asks_once_then_leaves_nothing(client: Client) -> None:
    await send(client, text=DANGER)
    cookie = next(iter(client.session.cookie_jar)).value
    asked = await (await client.get("/effacer")).text()
    assert "votre demande à une personne" in asked
    assert len(articles(await (await client.get("/conversation")).text())) == 3
    done = await client.post("/effacer", data={})
    assert done.url.path == "/efface"
    assert "C&#39;est effacé" in await done.text()
    assert len(client.session.cookie_jar) == 0
    headers = {"Cookie": f"conversation={cookie}"}
    again = await client.get("/conversation", headers=headers, allow_redirects=False)
    assert (again.status, again.headers["Location"]) == (303, "/?finie")


async def test_erasing_by_the_word_leads_to_the_same_page(client: Client) -> None:
    html = await (await send(client, text="effacer")).text()
    data = {"choice": "effacer:oui", "form_id": form_id_of(html)}
    response = await client.post("/message", data=data)
    assert response.url.path == "/efface"
    assert len(client.session.cookie_jar) == 0


async def test_erasing_without_a_conversation_says_there_is_nothing(client: Client) -> None:
    assert "Il n'y a rien à effacer" in await (await client.get("/effacer")).text()
    assert (await client.post("/effacer", data={})).status == 200


async def test_a_finished_conversation_is_said_on_the_first_page(client: Client) -> None:
    assert "n'existe plus" in await (await client.get("/?finie")).text()


async def test_a_message_to_an_expired_conversation_starts_a_new_one(client: Client) -> None:
    headers = {"Cookie": f"conversation={'0' * 32}.{'a' * 32}"}
    response = await client.post("/message", data={"text": DANGER}, headers=headers, allow_redirects=False)
    assert response.status == 303
    assert response.cookies["conversation"].value


async def test_a_stopped_database_keeps_the_text_and_gives_the_numbers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("bot.service.intake.Intake.receive", fail)
    response = await send(client, text=DANGER)
    html = await response.text()
    assert response.status == 503
    assert f"\n{DANGER}</textarea>" in html
    assert '<a href="tel:3919">' in html


async def test_what_a_person_writes_goes_in_the_direction_of_its_script(client: Client) -> None:
    html = await (await send(client, text="أحتاج إلى مساعدة لدفع الإيجار من فضلك")).text()
    assert '<div dir="auto"><p>أحتاج' in html
