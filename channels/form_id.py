"""Mark each form we show, so that the same form sent twice acts once."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets

from aiohttp import web


class FormIds:
    """Issues ids that only who holds the key can make: nobody can share one with a stranger by picking it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self) -> str:
        """Return a new id for a form about to be shown."""
        word = secrets.token_urlsafe(12)
        return f"{word}.{self._mark(word)}"

    def action_key(self, form_id: str, *content: str) -> str | None:
        """Return what stands for this content sent by this form, or None when the form is not ours.

        The content counts: after "back" in the browser, the same form may well hold another question.
        """
        word, _, mark = form_id.partition(".")
        if not hmac.compare_digest(mark.encode("utf-8", "replace"), self._mark(word).encode()):
            return None
        digest = hashlib.sha256(json.dumps((word, *content)).encode())
        return digest.hexdigest()[:40]

    def _mark(self, word: str) -> str:
        return hmac.new(self._key, word.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:20]


FORM_IDS = web.AppKey("form_ids", FormIds)
