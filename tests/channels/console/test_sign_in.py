"""Signing in: a password, a code, a session; and what an attacker tries."""

import re
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pyotp
import pytest

from bot.service.attempts import FREE_FAILURES
from bot.store.database import now
from channels.console.session import safe_next
from tests.channels.console.visiting import NEW_PASSWORD, PASSWORD, Visitor, token_of, words_of
from tests.channels.talking import OpenClient

REFUSED = "Identifiant ou mot de passe incorrect."


async def turn_code_on(visitor: Visitor) -> pyotp.TOTP:
    accounts = visitor.assistant.accounts
    account = await accounts.get_by_login("camille")
    totp = pyotp.TOTP((await accounts.start_totp(account.id)).secret)
    assert await accounts.confirm_totp(account.id, totp.at(now_utc() - timedelta(seconds=30)))
    return totp


def now_utc() -> datetime:
    return now().replace(tzinfo=UTC)


async def test_the_right_password_opens_the_first_page_of_the_role(visitor: Visitor) -> None:
    response = await visitor.sign_in()
    assert (response.status, response.headers["Location"]) == (303, "/console")
    page = await visitor.read("/console/compte")
    assert "<bdi>Camille</bdi>, opérateur" in page


async def test_the_login_may_be_typed_with_capitals_and_spaces(visitor: Visitor) -> None:
    assert (await visitor.sign_in(" Camille ")).status == 303


async def test_the_cookie_is_for_the_console_alone_and_no_script_reads_it(
    visitor: Visitor, open_client: OpenClient
) -> None:
    cookie = (await visitor.sign_in()).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Max-Age" not in cookie
    assert "Secure" not in cookie
    secure = Visitor(await open_client(cookie_secure=True))
    await secure.make_account()
    assert "Secure" in (await secure.sign_in()).headers["Set-Cookie"].split("; ")
    await secure.session.close()


async def test_a_refusal_never_tells_what_was_wrong(visitor: Visitor) -> None:
    gone = await visitor.make_account("parti")
    await visitor.assistant.accounts.disable(gone.id)
    said = set()
    for login, password in (
        ("camille", "faux"),
        ("personne", PASSWORD),
        ("parti", PASSWORD),
        ("<b>", "x" * 9000),
    ):
        response = await visitor.sign_in(login, password)
        assert response.status == 422
        text = await response.text()
        assert REFUSED in words_of(text)
        assert "x" * 100 not in text
        said.add(re.sub(r' value="[^"]*"', "", text.split("<main")[1].split("<footer")[0]))
    assert len(said) == 1
    assert visitor.cookie() == ""


async def test_an_error_is_linked_to_its_field_and_keeps_the_login(visitor: Visitor) -> None:
    text = await (await visitor.sign_in("Camille", "")).text()
    assert "<title>Erreur\u00a0: vous n&#39;êtes pas connecté" in text
    assert '<a href="#mot_de_passe">Écrivez votre mot de passe.</a>' in text
    assert re.search(
        r'id="mot_de_passe"[^>]*aria-describedby="erreur-mot_de_passe" aria-invalid="true"', text
    )
    assert re.search(r'id="identifiant"[^>]*value="Camille"', text)


async def test_many_wrong_passwords_say_how_long_to_wait(visitor: Visitor) -> None:
    for _ in range(FREE_FAILURES):
        assert (await visitor.sign_in(password="faux")).status == 422
    response = await visitor.sign_in()
    assert response.status == 429
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert "Trop d'essais. Réessayez dans 1 minute." in words_of(await response.text())


async def test_a_password_manager_is_helped_and_paste_is_not_hindered(visitor: Visitor) -> None:
    text = await visitor.read("/console/connexion")
    assert re.search(r'id="identifiant"[^>]*autocomplete="username"', text)
    assert re.search(r'id="mot_de_passe"[^>]*type="password"[^>]*autocomplete="current-password"', text)
    assert "onpaste" not in text
    assert '<p class="radio" hidden><input type="checkbox" id="montrer"' in text


async def test_the_code_is_asked_after_the_password_and_the_token_changes(visitor: Visitor) -> None:
    totp = await turn_code_on(visitor)
    response = await visitor.sign_in(suite="/console/aide")
    assert response.headers["Location"] == "/console/code?suite=/console/aide"
    half = visitor.cookie()
    assert (await visitor.get("/console/compte")).headers["Location"].startswith("/console/connexion")
    page = await visitor.read("/console/code")
    assert re.search(r'id="code"[^>]*inputmode="numeric"[^>]*autocomplete="one-time-code"', page)
    assert "Se déconnecter" not in page
    response = await visitor.post(
        "/console/code", jeton=token_of(page), code=totp.at(now_utc()), suite="/console/aide"
    )
    assert (response.status, response.headers["Location"]) == (303, "/console/aide")
    assert visitor.cookie() not in ("", half)
    assert "Se déconnecter" in await visitor.read("/console/aide")
    assert await visitor.assistant.accounts.find_unfinished(half) is None


@pytest.mark.parametrize("code", ["", "000000", "12", "<script>"])
async def test_a_wrong_code_is_refused_in_its_field(visitor: Visitor, code: str) -> None:
    await turn_code_on(visitor)
    await visitor.sign_in()
    response = await visitor.send("/console/code", "/console/code", code=code)
    text = await response.text()
    assert response.status == 422
    assert 'href="#code"' in text
    assert "<script>alert" not in text
    assert (await visitor.get("/console/compte")).status == 303


async def test_a_code_page_without_a_password_given_goes_back(visitor: Visitor) -> None:
    assert (await visitor.get("/console/code")).headers["Location"] == "/console/connexion"
    response = await visitor.post("/console/code", code="123456")
    assert response.headers["Location"] == "/console/connexion?fait=trop-tard"
    assert "Le temps pour donner le code est passé." in words_of(
        await visitor.read("/console/connexion?fait=trop-tard")
    )


async def test_each_sign_in_has_its_own_token_and_the_one_before_ends(visitor: Visitor) -> None:
    await visitor.sign_in()
    first = visitor.cookie()
    await visitor.sign_in()
    assert visitor.cookie() != first
    assert await visitor.assistant.accounts.find(first) is None


async def test_a_session_chosen_by_somebody_else_is_never_used(visitor: Visitor) -> None:
    chosen = "A" * 43
    planted = SimpleCookie(f"console={chosen}; Path=/")
    visitor.session.cookie_jar.update_cookies(planted, visitor.client.make_url("/console"))
    assert visitor.cookie() == chosen
    await visitor.sign_in()
    assert await visitor.assistant.accounts.find(chosen) is None
    assert visitor.cookie() != chosen


async def test_signing_out_ends_the_session_here_and_there(operator: Visitor) -> None:
    token = operator.cookie()
    response = await operator.send("/console/compte", "/console/deconnexion")
    assert (response.status, response.headers["Location"]) == (303, "/console/connexion?fait=fin")
    assert operator.cookie() == ""
    assert await operator.assistant.accounts.find(token) is None
    assert "Vous êtes déconnecté." in words_of(await operator.read("/console/connexion?fait=fin"))


async def test_another_site_cannot_sign_anyone_in(visitor: Visitor) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.example"}):
        fields = {"identifiant": "camille", "mot_de_passe": PASSWORD}
        response = await visitor.post("/console/connexion", headers=headers, **fields)
        assert response.status == 403
        assert "Cet envoi vient d'un autre site" in words_of(await response.text())
    assert visitor.cookie() == ""


async def test_after_signing_in_one_goes_on_to_the_page_asked_for(visitor: Visitor) -> None:
    response = await visitor.get("/console/compte?fait=nom")
    page = await visitor.read(response.headers["Location"])
    assert 'name="suite" value="/console/compte?fait=nom"' in page
    assert (await visitor.sign_in(suite="/console/compte?fait=nom")).headers["Location"].endswith("?fait=nom")
    assert (await visitor.get("/console/connexion?suite=/console/aide")).headers[
        "Location"
    ] == "/console/aide"


@pytest.mark.parametrize(
    "address",
    [
        "https://ailleurs.example/",
        "//ailleurs.example",
        "/\\ailleurs.example",
        "/consolefaux",
        "/console\r\nSet-Cookie: a=b",
        "/console/../conversation",
        "/console@ailleurs.example",
        "javascript:alert(1)",
        "/console/connexion",
        "/console/connexion/?suite=/console/connexion",
        "/console/" + "a" * 600,
        "console",
    ],
)
async def test_no_address_leads_to_another_site(visitor: Visitor, address: str) -> None:
    assert safe_next(address) == ""
    assert (await visitor.sign_in(suite=address)).headers["Location"] == "/console"


async def test_a_link_of_an_e_mail_asks_once_more_from_our_own_page(operator: Visitor) -> None:
    # A browser sends no SameSite=Strict cookie with a link of another site.
    operator.session.cookie_jar.clear()
    response = await operator.get(
        "/console/connexion?suite=/console/aide", **{"Sec-Fetch-Site": "cross-site"}
    )
    again = "/console/connexion?suite=/console/aide&amp;ici=1"
    assert f'<meta http-equiv="refresh" content="0;url={again}">' in await response.text()
    response = await operator.get(
        "/console/connexion?suite=/console/aide&ici=1", **{"Sec-Fetch-Site": "cross-site"}
    )
    assert "refresh" not in await response.text()


async def test_a_password_given_by_somebody_else_is_changed_before_anything(visitor: Visitor) -> None:
    await visitor.make_account("nouveau", must_change=True)
    await visitor.sign_in("nouveau")
    for path in ("/console/compte", "/console/aide", "/console/compte/journal"):
        assert (await visitor.get(path)).headers["Location"] == "/console/mot-de-passe"
    page = await visitor.read("/console/mot-de-passe")
    assert "a été choisi par quelqu'un d'autre" in words_of(page)
    assert '<nav aria-label="Principale">' not in page
    before = visitor.cookie()
    response = await visitor.post(
        "/console/mot-de-passe", jeton=token_of(page), ancien=PASSWORD, nouveau=NEW_PASSWORD
    )
    assert (response.status, response.headers["Location"]) == (303, "/console")
    assert visitor.cookie() not in ("", before)
    await visitor.read("/console/compte")


async def test_nothing_of_a_sign_in_is_logged(visitor: Visitor, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(FREE_FAILURES + 1):
        await visitor.sign_in("camille", "phrase secrète à moi")
    await visitor.get("/console/connexion?suite=/console/demandes/BC-2345")
    said = "".join(capfd.readouterr())
    assert "account_locked" in said
    for word in ("camille", "secrète", "BC-2345"):
        assert word not in said
