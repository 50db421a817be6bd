"""One's own account at the console."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from bot.store.accounts import Account
from bot.store.database import now
from channels.console.one_time_code import draw_code, groups_of_four
from tests.channels.console.conftest import NewVisitor
from tests.channels.console.visiting import NEW_PASSWORD, PASSWORD, Visitor, token_of, words_of

PAGE = "/console/compte"
CODE = "/console/compte/code"
WEEK = {
    "heures_lundi": "9h-12h, 14h-17h30",
    "heures_mardi": "9h-12h, 14h-17h30",
    "heures_jeudi": "8:30 à 12:00",
}


async def own(visitor: Visitor) -> Account:
    return await visitor.assistant.accounts.get_by_login("camille")


def later(seconds: int = 0) -> datetime:
    return now().replace(tzinfo=UTC) + timedelta(seconds=seconds)


async def test_the_name_that_people_see_is_kept_and_shown(operator: Visitor) -> None:
    response = await operator.send(PAGE, f"{PAGE}/nom", nom="  Camille   du Point Info ")
    assert (response.status, response.headers["Location"]) == (303, f"{PAGE}?fait=nom")
    page = await operator.read(f"{PAGE}?fait=nom")
    assert "<bdi>Camille du Point Info</bdi>, opérateur" in page
    assert "C'est fait. Votre nom affiché est enregistré." in words_of(page)


async def test_a_word_of_the_address_is_never_shown_as_done(operator: Visitor) -> None:
    assert "C'est fait" not in words_of(await operator.read(f"{PAGE}?fait=Appelez-le-0639980000"))


@pytest.mark.parametrize(
    "name", ["", "n" * 41, "n" * 10_000, "Camille\u202eeniamor", "Cam\u200bille", "\x00"]
)
async def test_a_name_that_cannot_be_shown_is_refused_and_kept_in_its_field(
    operator: Visitor, name: str
) -> None:
    response = await operator.send(PAGE, f"{PAGE}/nom", nom=name)
    text = await response.text()
    assert response.status == 422
    assert '<a href="#nom">' in text
    assert "<title>Erreur" in text
    assert (await own(operator)).name == "Camille"
    assert len(name) < 41 or name in text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=a()>', "{{ 7*7 }}", "אבג ابت"]
)
async def test_a_hostile_name_is_only_a_name(operator: Visitor, responsable: Visitor, name: str) -> None:
    assert (await operator.send(PAGE, f"{PAGE}/nom", nom=name)).status == 303
    number = (await own(operator)).id
    for page in (
        await operator.read(PAGE),
        await responsable.read("/console/comptes"),
        await responsable.read(f"/console/comptes/{number}"),
    ):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "49" not in words_of(page)
    assert f"{name}" in words_of(await responsable.read("/console/comptes"))


async def test_an_e_mail_is_kept_checked_and_taken_away(operator: Visitor) -> None:
    assert (await operator.send(PAGE, f"{PAGE}/courriel", courriel="c@exemple.fr")).status == 303
    assert (await own(operator)).email == "c@exemple.fr"
    response = await operator.send(PAGE, f"{PAGE}/courriel", courriel="c@exemple.fr, d@exemple.fr")
    assert response.status == 422
    assert '<a href="#courriel">' in await response.text()
    response = await operator.send(PAGE, f"{PAGE}/courriel", courriel="")
    assert response.headers["Location"].endswith("sans-courriel")
    assert (await own(operator)).email is None


async def test_hours_of_ones_own_are_kept_and_shown_again(operator: Visitor) -> None:
    response = await operator.send(PAGE, f"{PAGE}/horaires", horaires="miens", **WEEK)
    assert response.status == 303
    assert (await own(operator)).hours == "Mo-Tu 09:00-12:00,14:00-17:30; Th 08:30-12:00"
    page = await operator.read(PAGE)
    assert re.search(r'id="heures_mardi"[^>]*value="9h-12h, 14h-17h30"', page)
    assert re.search(r'id="heures_jeudi"[^>]*value="8h30-12h"', page)
    assert re.search(r'value="miens" checked', page)
    assert (await operator.send(PAGE, f"{PAGE}/horaires", horaires="bureau", **WEEK)).status == 303
    assert (await own(operator)).hours == ""


async def test_hours_that_cannot_be_read_are_said_day_by_day(operator: Visitor) -> None:
    wrong = WEEK | {"heures_mardi": "le matin", "heures_vendredi": "17h-9h"}
    response = await operator.send(PAGE, f"{PAGE}/horaires", horaires="miens", **wrong)
    text = await response.text()
    assert response.status == 422
    assert re.findall(r'<a href="#(heures_\w+)">', text) == ["heures_mardi", "heures_vendredi"]
    assert re.search(r'id="heures_mardi"[^>]*value="le matin"', text)
    assert re.search(r'id="heures_lundi"[^>]*value="9h-12h, 14h-17h30"', text)
    assert (await own(operator)).hours == ""


async def test_hours_written_in_another_way_are_told_and_not_lost(operator: Visitor) -> None:
    await operator.assistant.accounts.set_hours((await own(operator)).id, "Mo-Fr 09:00-12:00; Dec 24 off")
    assert "écrits autrement : Mo-Fr 09:00-12:00; Dec 24 off" in words_of(await operator.read(PAGE))


async def test_shortcuts_are_switched_off_and_on(operator: Visitor) -> None:
    assert '<html lang="fr" data-raccourcis="oui">' in await operator.read(PAGE)
    for value in ("non", "oui"):
        await operator.send(PAGE, f"{PAGE}/raccourcis", raccourcis=value)
        assert f'<html lang="fr" data-raccourcis="{value}">' in await operator.read(PAGE)


async def test_a_password_is_changed_once_the_old_one_is_given(
    operator: Visitor, new_visitor: NewVisitor
) -> None:
    elsewhere = new_visitor()
    await elsewhere.sign_in()
    before = operator.cookie()
    response = await operator.send(
        "/console/mot-de-passe", "/console/mot-de-passe", ancien=PASSWORD, nouveau=NEW_PASSWORD
    )
    assert (response.status, response.headers["Location"]) == (303, f"{PAGE}?fait=mot-de-passe")
    assert operator.cookie() != before
    await operator.read(PAGE)
    assert (await elsewhere.get(PAGE)).status == 303
    assert (await elsewhere.sign_in()).status == 422
    assert (await elsewhere.sign_in(password=NEW_PASSWORD)).status == 303


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("", NEW_PASSWORD, "ancien", "Écrivez votre mot de passe actuel."),
        (PASSWORD, "", "nouveau", "Écrivez votre nouveau mot de passe."),
        ("faux", NEW_PASSWORD, "ancien", "Ce n'est pas votre mot de passe actuel."),
        (PASSWORD, "court", "nouveau", "12 caractères au moins"),
        (PASSWORD, "camillecamille", "nouveau", "ressemble à votre identifiant"),
        (PASSWORD, PASSWORD, "nouveau", "C'est déjà votre mot de passe."),
        (PASSWORD, "p" * 10_000, "nouveau", "trop long"),
    ],
)
async def test_a_password_not_changed_says_why_in_its_field(
    operator: Visitor, old: str, new: str, field: str, words: str
) -> None:
    response = await operator.send("/console/mot-de-passe", "/console/mot-de-passe", ancien=old, nouveau=new)
    text = await response.text()
    assert response.status == 422
    assert words in words_of(text)
    assert f'<a href="#{field}">' in text
    for secret in filter(None, (old, new)):
        assert f'value="{secret}"' not in text


async def test_the_code_is_turned_on_with_a_drawing_a_key_and_a_first_code(operator: Visitor) -> None:
    response = await operator.send(CODE, f"{CODE}/commencer", mot_de_passe=PASSWORD)
    assert (response.status, response.headers["Location"]) == (303, CODE)
    page = await operator.read(CODE)
    assert "<svg" in page
    assert "style=" not in page
    key = re.search(r'<p class="cle">((?:[A-Z2-7]{4} ?)+)</p>', page)
    assert key
    totp = pyotp.TOTP(key[1].replace(" ", ""))
    wrong = await operator.post(f"{CODE}/confirmer", jeton=token_of(page), code="000000")
    assert wrong.status == 422
    assert key[1] in await wrong.text()
    response = await operator.send(CODE, f"{CODE}/confirmer", code=totp.at(later()))
    assert response.headers["Location"] == f"{PAGE}?fait=code"
    assert (await own(operator)).has_totp
    page = await operator.read(CODE)
    assert "<svg" not in page
    assert (await operator.sign_in()).headers["Location"] == "/console/code"


@pytest.mark.parametrize("password", ["", "faux"])
async def test_the_code_is_not_changed_without_the_password(operator: Visitor, password: str) -> None:
    response = await operator.send(CODE, f"{CODE}/commencer", mot_de_passe=password)
    assert response.status == 422
    assert '<a href="#mot_de_passe">' in await response.text()
    assert await operator.assistant.accounts.pending_totp((await own(operator)).id) is None


async def test_the_code_is_turned_off_with_the_password(operator: Visitor) -> None:
    accounts, number = operator.assistant.accounts, (await own(operator)).id
    secret = (await accounts.start_totp(number)).secret
    await accounts.confirm_totp(number, pyotp.TOTP(secret).at(later()))
    await operator.send(CODE, f"{CODE}/desactiver", mot_de_passe="faux")
    assert (await own(operator)).has_totp
    response = await operator.send(CODE, f"{CODE}/desactiver", mot_de_passe=PASSWORD)
    assert response.headers["Location"] == f"{PAGE}?fait=sans-code"
    assert not (await own(operator)).has_totp


async def test_the_drawing_says_what_an_app_reads(operator: Visitor) -> None:
    start = await operator.assistant.accounts.start_totp((await own(operator)).id)
    address = urlsplit(start.uri)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query)["secret"] == [start.secret]
    drawing = draw_code(start)
    assert drawing.startswith("<svg")
    assert 'fill="#fff"' in drawing
    assert groups_of_four(start.secret).replace(" ", "") == start.secret


async def test_ones_own_trail_says_what_and_when_and_nothing_of_anyone(operator: Visitor) -> None:
    words = words_of(await operator.read(f"{PAGE}/journal"))
    assert re.search(r"\d+ \w+ 20\d\d \d+ h(?: \d\d)? : Connexion", words)
    assert "Compte créé" in words


async def test_signing_out_everywhere_ends_every_session(operator: Visitor, new_visitor: NewVisitor) -> None:
    elsewhere = new_visitor()
    await elsewhere.sign_in()
    response = await operator.send(PAGE, f"{PAGE}/sessions")
    assert response.headers["Location"] == "/console/connexion?fait=fin-partout"
    assert operator.cookie() == ""
    assert (await elsewhere.get(PAGE)).headers["Location"].startswith("/console/connexion")


async def test_the_help_says_the_shortcuts_and_what_is_seen(operator: Visitor) -> None:
    page = await operator.read("/console/aide")
    words = words_of(page)
    for letter in re.findall(r'aria-keyshortcuts="Alt\+(\w)"', page):
        assert f"Alt + {letter} " in words
    assert "effacée 30 jours après avoir été faite" in words
