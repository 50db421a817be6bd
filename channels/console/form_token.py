"""The word that each form of the console carries: only a page shown to this session has one (CSRF)."""

from __future__ import annotations

from bot.service.sign_in import Signed
from channels.form_id import FormIds

FIELD = "jeton"


def issue_token(signed: Signed) -> str:
    """Return a new word for the forms of a page; two pages of one session never have the same."""
    return _words_of(signed).issue()


def action_key(signed: Signed, fields: dict[str, list[str]], *content: str) -> str | None:
    """Return what stands for this content sent by this form, so that it acts once; None when it is not ours."""
    given = fields.get(FIELD, [""])[0]
    return _words_of(signed).action_key(given, *content)


def _words_of(signed: Signed) -> FormIds:
    return FormIds(signed.form_key.encode())
