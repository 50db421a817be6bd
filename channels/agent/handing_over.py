"""What somebody leaves with: a paper, an SMS, a text, a link to go on elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import segno
from aiohttp import web
from markupsafe import Markup

from bot.answers.labels import RUBRIQUE_LABELS
from bot.knowledge.fiche import RUBRIQUES, Fiche
from bot.service.demande_flow import read_phone
from channels import registry
from channels.console.form_token import action_key
from channels.console.keys import CONSOLE
from channels.console.session import first_of, signed
from channels.keys import ASSISTANT, LIMITS, SETTINGS
from channels.limits import SHEETS_TEXTED_PER_HOUR, TooMany

MOBILE = ("06", "07")
"""How the numbers that take an SMS begin (Arcep, plan national de numérotation)."""
NO_PHONE = "Écrivez un numéro de portable à dix chiffres, qui commence par 06 ou 07."
STOPPED = (
    "Ce numéro a demandé de ne plus rien recevoir (STOP). Rien n'est envoyé. "
    "Pour recevoir de nouveau, la personne écrit elle-même à ce service."
)
TOO_MANY = (
    f"Vous avez envoyé {SHEETS_TEXTED_PER_HOUR} SMS en une heure, c'est le maximum. "
    "Rien n'est envoyé. Imprimez la fiche, ou réessayez plus tard."
)
NOT_SET_UP = "L'envoi par SMS n'est pas ouvert ici. Rien n'est envoyé."


@dataclass(frozen=True)
class Short:
    """The short text of a rubrique, as it would be sent."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Elsewhere:
    """A channel that opens at this fiche."""

    label: str
    address: str


@dataclass(frozen=True)
class HandingOver:
    """The ways to hand a fiche over. `address` and `drawing` are of its public page, "" without one."""

    address: str
    drawing: Markup
    shorts: tuple[Short, ...]
    elsewhere: tuple[Elsewhere, ...]
    can_text: bool

    @property
    def first(self) -> str:
        """Return the rubrique whose short text is offered first."""
        return self.shorts[0].id if self.shorts else ""


@dataclass(frozen=True)
class Sms:
    """A sending as typed. `retry_after` is in seconds, when it is refused for now."""

    rubrique: str = ""
    phone: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    retry_after: int = 0

    @classmethod
    def read(cls, fields: Mapping[str, Sequence[str]], fiche: Fiche) -> Sms:
        """Return the sending of a form, with what is wrong in it."""
        given = {name: list(values) for name, values in fields.items()}
        rubrique, phone = first_of(given, "rubrique"), first_of(given, "telephone")[:40]
        known = rubrique in RUBRIQUES and fiche.rubriques[rubrique].sms
        number = read_phone(phone)
        errors = {} if number and number.startswith(MOBILE) else {"telephone": NO_PHONE}
        if not known:
            errors["rubrique"] = "Choisissez le texte à envoyer."
        return cls(rubrique, phone, errors)

    async def send(self, request: web.Request, fiche: Fiche, fields: dict[str, list[str]]) -> Sms:
        """Send it once for a form; the same with its errors when it cannot be sent. The number is kept nowhere."""
        assistant, account = request.app[ASSISTANT], signed(request).account
        number = read_phone(self.phone)
        if self.errors or number is None:
            return self
        if not assistant.composer.can_text:
            return replace(self, errors={"telephone": NOT_SET_UP})

        async def queue() -> object:
            await request.app[LIMITS].count_sheet_texted(account.id)
            return await assistant.send_fiche_by_sms(fiche, self.rubrique, number, account.id)

        key = action_key(signed(request), fields, request.path, self.rubrique, number)
        try:
            is_queued = await request.app[CONSOLE].acts.run(key, queue)
        except TooMany as refusal:
            return replace(self, errors={"telephone": TOO_MANY}, retry_after=refusal.retry_after)
        return self if is_queued else replace(self, errors={"telephone": STOPPED})


def view_handing_over(request: web.Request, fiche: Fiche) -> HandingOver:
    """Return the ways open here."""
    composer, settings = request.app[ASSISTANT].composer, request.app[SETTINGS]
    address = f"{settings.public_url.rstrip('/')}/fiches/{fiche.id}" if settings.public_url else ""
    shorts = tuple(
        Short(name, RUBRIQUE_LABELS[name], composer.fiche_sms(fiche, name))
        for name in RUBRIQUES
        if fiche.rubriques[name].sms
    )
    elsewhere = (
        (channel.label, channel.deep_link(request.app, fiche.id))
        for channel in registry.channels()
        if channel.deep_link
    )
    return HandingOver(
        address=address,
        drawing=_draw(address) if address else Markup(),
        shorts=shorts,
        elsewhere=tuple(Elsewhere(label, link) for label, link in elsewhere if link),
        can_text=composer.can_text,
    )


def _draw(address: str) -> Markup:
    """Return a QR code as an inline SVG, dark on light whatever the colours of the page."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    return Markup(drawing)  # noqa: S704 - made of squares by segno
