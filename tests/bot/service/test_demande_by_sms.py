"""The form of a request held by SMS, in the words its texts name: two segments at most, nothing to tap."""

from __future__ import annotations

import pytest

from bot.render.gsm import count_segments
from bot.service.assistant import Assistant
from bot.store.demandes import CALL, HERE, HOME, MEETING, DemandeDetails
from tests.bot.service.phone import Phone

OWN = "06 39 98 00 01"
WAYS = {
    HERE: (["ICI"], ["PASSER", "mon dossier"], DemandeDetails(HERE, mots="mon dossier")),
    CALL: (["RAPPEL"], ["OUI", "MATIN", "PASSER", "PASSER"], DemandeDetails(CALL, OWN, quand="le matin")),
    MEETING: (
        ["RDV", "LIEU"],
        ["OUI", "Gaël", "APRES-MIDI", "Mme Essai", "PASSER"],
        DemandeDetails(MEETING, OWN, "Mme Essai", quand="l'après-midi", commune="Gaël"),
    ),
    HOME: (
        ["RDV", "DOMICILE"],
        ["06 39 98 00 02", "PASSER", "PASSER", "PASSER", "PASSER"],
        DemandeDetails(HOME, "06 39 98 00 02"),
    ),
}


@pytest.mark.parametrize("moyen", WAYS)
async def test_each_way_is_asked_for_in_words(assistant: Assistant, moyen: str) -> None:
    starts, answers, details = WAYS[moyen]
    phone = Phone(assistant)
    heard = [await phone.ask(word) for word in ("PERSONNE", *starts, *answers)]
    assert await assistant.list_demandes() == []
    heard.append(await phone.ask("ENVOYER"))
    (demande,) = await assistant.list_demandes()
    assert (demande.details, demande.channel) == (details, "sms")
    assert demande.reference in heard[-1]
    assert max(map(count_segments, heard)) <= 2


async def test_who_wrote_something_is_asked_whether_it_may_be_read(assistant: Assistant) -> None:
    phone = Phone(assistant)
    await phone.ask("35290")
    await phone.ask("PERSONNE")
    assert "OUI ou NON" in await phone.ask("ICI")
    for word in ("OUI", "PASSER", "PASSER", "ENVOYER"):
        await phone.ask(word)
    (demande,) = await assistant.list_demandes()
    assert demande.details.joindre


@pytest.mark.parametrize("can_text", [True, False])
async def test_who_writes_by_sms_is_never_asked_whether_to_be_answered_by_sms(
    assistant: Assistant, can_text: bool
) -> None:
    assistant.composer.can_text = can_text
    phone = Phone(assistant)
    await phone.ask("PERSONNE")
    assert "personne:texto" not in {choice.value for choice in (await phone.conversation()).choices}
    await phone.ask("SMS")
    for word in ("PASSER", "PASSER", "ENVOYER"):
        await phone.ask(word)
    (demande,) = await assistant.list_demandes()
    assert demande.details == DemandeDetails(HERE)


async def test_a_danger_in_the_form_is_answered_and_the_form_goes_on(assistant: Assistant) -> None:
    phone = Phone(assistant)
    for word in ("PERSONNE", "RDV", "LIEU"):
        await phone.ask(word)
    assert "17" in await phone.ask("mon mari me frappe")
    assert "commune" in await phone.ask("OUI")
    assert "rien n'est envoyé" in await phone.ask("ANNULER")
    assert await assistant.list_demandes() == []
