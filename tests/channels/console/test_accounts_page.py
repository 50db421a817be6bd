"""The accounts as a responsable keeps them."""

import re

import pyotp
import pytest

from bot.service.attempts import FREE_FAILURES
from bot.store import journal
from bot.store.accounts import Account, Role
from tests.channels.console.conftest import NewVisitor
from tests.channels.console.visiting import PASSWORD, Visitor, words_of

LIST = "/console/comptes"
NEW = f"{LIST}/nouveau"
FORM = {"identifiant": "alix.b", "nom": "Alix", "role": "operateur", "courriel": ""}


async def actions(visitor: Visitor, account_id: int) -> list[tuple[str, str | None]]:
    return [(entry.action, entry.reference) for entry in await visitor.assistant.accounts.trail(account_id)]


async def camille(visitor: Visitor) -> Account:
    return await visitor.make_account()


async def test_the_list_says_who_there_is_and_in_what_state(
    responsable: Visitor, new_visitor: NewVisitor
) -> None:
    assert "la seule personne à avoir un compte" in words_of(await responsable.read(LIST))
    await camille(responsable)
    await new_visitor().sign_in()
    await responsable.make_account("nouveau", must_change=True)
    words = words_of(await responsable.read(LIST))
    assert "seule personne" not in words
    assert re.search(
        r"Camille Identifiant camille Rôle opérateur Compte ouvert Code à usage unique désactivé "
        r"Dernière connexion aujourd'hui à \d+ h",
        words,
    )
    assert re.search(
        r"nouveau Rôle opérateur Compte ouvert, mot de passe à changer .*? connexion jamais", words
    )
    assert "Dominique Identifiant dominique Rôle responsable" in words


async def test_a_new_account_gets_a_password_shown_once(
    responsable: Visitor, new_visitor: NewVisitor
) -> None:
    response = await responsable.send(NEW, NEW, **FORM)
    text = await response.text()
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store"
    shown = re.search(r'<dd class="cle">([a-z0-9-]+)</dd>', text)
    assert shown
    account = await responsable.assistant.accounts.get_by_login("alix.b")
    assert (account.role, account.name, account.must_change) == (Role.OPERATEUR, "Alix", True)
    assert shown[1] not in await responsable.read(f"{LIST}/{account.id}")
    newcomer = new_visitor()
    assert (await newcomer.sign_in("alix.b", shown[1])).status == 303
    assert (await newcomer.get("/console/compte")).headers["Location"] == "/console/mot-de-passe"


@pytest.mark.parametrize(
    ("change", "field", "target"),
    [
        ({"identifiant": "DOMINIQUE"}, "est déjà pris", "identifiant"),
        ({"identifiant": "é à"}, "Cet identifiant ne convient pas", "identifiant"),
        ({"identifiant": ""}, "Cet identifiant ne convient pas", "identifiant"),
        ({"nom": ""}, "Écrivez un nom de 1 à 40 caractères", "nom"),
        ({"nom": "n" * 10_000}, "Écrivez un nom de 1 à 40 caractères", "nom"),
        ({"nom": "\u202eabc"}, "Écrivez un nom de 1 à 40 caractères", "nom"),
        ({"role": ""}, "Choisissez un rôle", "role-agent"),
        ({"role": "chef"}, "Choisissez un rôle", "role-agent"),
        ({"courriel": "pas une adresse"}, "Cette adresse de courriel ne convient pas", "courriel"),
    ],
)
async def test_an_account_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    responsable: Visitor, change: dict[str, str], field: str, target: str
) -> None:
    typed = FORM | change
    response = await responsable.send(NEW, NEW, **typed)
    text = await response.text()
    assert response.status == 422
    assert field in words_of(text)
    assert f'<a href="#{target}">' in text
    assert f'id="{target}"' in text
    if "nom" not in change:
        assert 'value="Alix"' in text
    assert len(await responsable.assistant.accounts.list_accounts()) == 1


async def test_an_account_is_closed_at_once_and_opened_again(
    responsable: Visitor, new_visitor: NewVisitor
) -> None:
    account = await camille(responsable)
    page = f"{LIST}/{account.id}"
    colleague = new_visitor()
    await colleague.sign_in()
    assert (await responsable.send(page, f"{page}/fermer")).headers["Location"] == f"{page}?fait=ferme"
    assert (await colleague.get("/console/compte")).status == 303
    assert (await colleague.sign_in()).status == 422
    assert "Compte fermé Code" in words_of(await responsable.read(page))
    assert (await responsable.send(page, f"{page}/rouvrir")).headers["Location"] == f"{page}?fait=ouvert"
    assert (await colleague.sign_in()).status == 303


async def test_a_lock_is_lifted(responsable: Visitor, new_visitor: NewVisitor) -> None:
    account = await camille(responsable)
    page = f"{LIST}/{account.id}"
    colleague = new_visitor()
    for _ in range(FREE_FAILURES):
        await colleague.sign_in(password="faux")
    assert "bloqué quelques minutes" in words_of(await responsable.read(page))
    await responsable.send(page, f"{page}/rouvrir")
    assert (await colleague.sign_in()).status == 303


async def test_a_lost_password_is_replaced_by_a_temporary_one(
    responsable: Visitor, new_visitor: NewVisitor
) -> None:
    account = await camille(responsable)
    page = f"{LIST}/{account.id}"
    response = await responsable.send(page, f"{page}/mot-de-passe")
    shown = re.search(r'<dd class="cle">([a-z0-9-]+)</dd>', await response.text())
    assert shown
    colleague = new_visitor()
    assert (await colleague.sign_in(password=PASSWORD)).status == 422
    assert (await colleague.sign_in(password=shown[1])).status == 303
    assert (await colleague.get("/console/compte")).headers["Location"] == "/console/mot-de-passe"


async def test_a_lost_phone_is_no_longer_asked_for(responsable: Visitor, new_visitor: NewVisitor) -> None:
    account = await camille(responsable)
    page = f"{LIST}/{account.id}"
    assert "Téléphone perdu" not in words_of(await responsable.read(page))
    accounts = responsable.assistant.accounts
    secret = (await accounts.start_totp(account.id)).secret
    await accounts.confirm_totp(account.id, pyotp.TOTP(secret).now())
    assert "Téléphone perdu" in words_of(await responsable.read(page))
    await responsable.send(page, f"{page}/sans-code")
    assert (await new_visitor().sign_in()).headers["Location"] == "/console"


async def test_nobody_shuts_themselves_out(responsable: Visitor) -> None:
    own = await responsable.assistant.accounts.get_by_login("dominique")
    page = f"{LIST}/{own.id}"
    assert "C'est votre compte." in words_of(await responsable.read(page))
    for act in ("fermer", "mot-de-passe", "sans-code", "rouvrir"):
        assert (await responsable.send(page, f"{page}/{act}")).headers["Location"] == page
    assert await responsable.assistant.accounts.get_by_login("dominique") == own


async def test_what_is_done_to_an_account_is_noted_under_both(responsable: Visitor) -> None:
    account = await camille(responsable)
    own = await responsable.assistant.accounts.get_by_login("dominique")
    page = f"{LIST}/{account.id}"
    done = [
        ("fermer", journal.ACCOUNT_DISABLED),
        ("rouvrir", journal.ACCOUNT_ENABLED),
        ("mot-de-passe", journal.PASSWORD_GIVEN),
        ("sans-code", journal.TOTP_OFF),
    ]
    for act, _ in done:
        await responsable.send(page, f"{page}/{act}")
    noted = [action for _, action in reversed(done)]
    assert await actions(responsable, account.id) == [
        *((action, None) for action in noted),
        (journal.ACCOUNT_CREATED, None),
    ]
    theirs = [entry for entry in await actions(responsable, own.id) if entry[1]]
    assert theirs == [(action, f"compte {account.id}") for action in noted]
    words = words_of(await responsable.read("/console/compte/journal"))
    assert f"Compte fermé, compte {account.id}" in words


async def test_a_responsable_does_not_see_what_a_colleague_reads(responsable: Visitor) -> None:
    account = await camille(responsable)
    async with responsable.assistant._database.write() as connection:
        for number in range(30):
            await journal.note(connection, journal.READ, account.id, f"BC-{number}")
            await journal.note(connection, journal.SEARCHED, account.id)
    words = words_of(await responsable.read(f"{LIST}/{account.id}"))
    assert "BC-" not in words
    assert "Recherche" not in words
    assert "Compte créé" in words


async def test_an_account_that_is_not_there_is_not_found(responsable: Visitor) -> None:
    for number in ("999", "0", "999999999", "abc", "9" * 40):
        assert "Cette page n'existe pas" in words_of(await responsable.read(f"{LIST}/{number}", status=404))
