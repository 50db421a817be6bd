"""The phone numbers and e-mail addresses that the assistant itself gives: in a message they identify nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.intake.masking import contacts_in

if TYPE_CHECKING:
    from bot.knowledge.loader import Knowledge


def public_contacts(knowledge: Knowledge) -> frozenset[str]:
    """Return those of fiches, places, the territory and the accessibility statement, as `mask_identifiers` takes them."""
    return frozenset(value for text in _texts(knowledge) for value in contacts_in(text))


def _texts(knowledge: Knowledge) -> Iterator[str]:
    territoire, declared = knowledge.territoire, knowledge.declaration.contact
    local = [
        *territoire.shown_contacts(),
        *(contact for added in territoire.fiches.values() for contact in added.shown_contacts()),
    ]
    national = [contact for fiche in knowledge.fiches.values() for contact in fiche.contacts]
    for shown in national:
        yield f"{shown.telephone or ''}\n{shown.note or ''}"
    for near in local:
        yield f"{near.telephone or ''}\n{near.note or ''}"
    for lieu in knowledge.lieux:
        yield "\n".join((lieu.telephone or "", lieu.presentation_detail or "", *lieu.courriels))
    yield f"{declared.telephone or ''}\n{declared.courriel or ''}"
