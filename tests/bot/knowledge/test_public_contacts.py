"""What the assistant gives to residents itself is not masked when they write it back."""

from __future__ import annotations

from bot.intake.masking import mask_identifiers
from bot.knowledge.loader import Knowledge


def test_the_numbers_of_fiches_and_places_are_public(knowledge: Knowledge) -> None:
    numbers = [lieu.telephone for lieu in knowledge.lieux if lieu.telephone]
    numbers += [
        contact.telephone
        for fiche in knowledge.fiches.values()
        for contact in fiche.contacts
        if contact.telephone
    ]
    assert len(numbers) > 200
    masked = [
        number for number in numbers if mask_identifiers(number, public=knowledge.public_contacts).kinds
    ]
    assert masked == []


def test_the_addresses_of_places_are_public(knowledge: Knowledge) -> None:
    addresses = " ".join(address for lieu in knowledge.lieux for address in lieu.courriels)
    assert "@" in addresses
    assert mask_identifiers(addresses, public=knowledge.public_contacts).text == addresses


def test_a_number_of_nobody_we_know_is_not(knowledge: Knowledge) -> None:
    assert "0639980001" not in knowledge.public_contacts
