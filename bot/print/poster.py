"""The poster for a wall: how to reach the assistant, in three steps. It claims nothing that is not set or known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import phonenumbers

from bot.knowledge.loader import Knowledge
from bot.knowledge.responses import fill
from bot.model.french import format_date, french_phone
from bot.print.emergencies import emergency_lines
from bot.print.paper import A4, make_pdf, page_html
from bot.print.qr import qr_image
from bot.settings import Settings

KEPT = "confidentialite.resume"
"""The text of data/responses that says what is kept, and how to erase it."""
_SHORT_NUMBER = re.compile(r"[1-9]\d{3,5}")


class NothingToShow(Exception):
    """No way to reach the assistant is known, or one is wrong; the message says what to set, in French."""


@dataclass(frozen=True)
class Way:
    """One way to reach the assistant: its name, what its code opens, and the same in letters."""

    title: str
    target: str
    words: str

    @property
    def qr(self) -> str:
        """Return its QR code as an image."""
        return qr_image(self.target)


def poster_pdf(
    knowledge: Knowledge, settings: Settings, now: datetime, *, sms: str = "", link: str = ""
) -> bytes:
    """Return the poster, A4. Raises NothingToShow and NoPrinting."""
    return make_pdf(poster_html(knowledge, settings, now, sms=sms, link=link))


def poster_html(
    knowledge: Knowledge, settings: Settings, now: datetime, *, sms: str = "", link: str = ""
) -> str:
    """Return the poster before it is laid out. Raises NothingToShow."""
    return page_html(
        "poster.html",
        A4,
        territoire=knowledge.territoire.nom,
        ways=ways_to_reach(settings, sms=sms, link=link),
        danger=emergency_lines(knowledge.emergencies),
        kept=fill(knowledge.responses[KEPT].sms, {"jours": str(settings.retention_days)}),
        editeur=settings.editeur,
        printed=format_date(now.date()),
    )


def ways_to_reach(settings: Settings, *, sms: str = "", link: str = "") -> tuple[Way, ...]:
    """Return the ways that are set: the page, the number, the link. Raises NothingToShow."""
    ways = []
    if settings.public_url:
        address = settings.public_url.rstrip("/")
        ways.append(Way("Sur internet", address, _without_scheme(address)))
    if sms:
        number = _phone(sms)
        ways.append(Way("Par SMS", f"sms:{number}", french_phone(number)))
    if link:
        ways.append(Way("Par messagerie", _web_address(link), _without_scheme(link)))
    if not ways:
        raise NothingToShow(
            "Il n'y a rien à montrer sur l'affiche. Réglez BOT_PUBLIC_URL ou BOT_SMS_NUMBER, "
            "ou donnez --sms NUMERO ou --lien ADRESSE."
        )
    return tuple(ways)


def _phone(text: str) -> str:
    """Return a number as phones dial it, a short one as it is. Raises NothingToShow."""
    bare = re.sub(r"[ .]", "", text)
    if _SHORT_NUMBER.fullmatch(bare):
        return bare
    try:
        number = phonenumbers.parse(bare, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise NothingToShow(f"« {text} » n'est pas un numéro : écrivez-le ainsi, +33 suivi de neuf chiffres.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or re.search(r"\s", text):
        raise NothingToShow(f"« {text} » n'est pas une adresse : écrivez-la en entier, avec https://.")
    return text


def _without_scheme(address: str) -> str:
    return re.sub(r"^https?://", "", address)
