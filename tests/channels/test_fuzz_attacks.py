"""Any words in any field of any form: never a failure, never an empty page, nothing logged of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.attacking import Route, open_scene
from tests.channels.console.visiting import token_of
from tests.channels.talking import OpenClient
from tests.hypothesis_async import run_examples

FIELDS = (
    "text", "choice", "form_id", "moyen", "telephone", "commune", "quand", "nom", "mots", "joindre", "reference", "code", "garder",
    "fiche", "rubrique", "identifiant", "mot_de_passe", "suite", "ancien", "nouveau", "courriel", "role", "texte", "acces", "discret",
    "issue", "organisme", "quoi", "mois", "horaires", "format",
)  # fmt: skip
WORDS = st.text(max_size=60) | st.sampled_from(
    ("domicile", "retour", "oui", "apl", "AFTERNOON", "9" * 400, "-1", "2026-99-99")
)
FEW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ENDS_SESSIONS = {"/console/deconnexion", "/console/compte/sessions"}


async def test_any_words_in_any_form_are_no_failure(
    open_client: OpenClient, capfd: pytest.CaptureFixture[str]
) -> None:
    scene = await open_scene(
        open_client, messages_per_minute_address=100_000, conversations_per_hour_address=100_000
    )
    token = token_of(await (await scene.visitor.get("/console/compte")).text())
    forms = [route for route in scene.routes("POST") if route.canonical not in ENDS_SESSIONS]

    @FEW
    @given(st.sampled_from(forms), st.dictionaries(st.sampled_from(FIELDS), WORDS, max_size=8))
    async def attack(route: Route, fields: dict[str, str]) -> None:
        sent = {name: value.encode("utf-8", "replace") for name, value in fields.items()} | {"jeton": token}
        response = await scene.ask(route, data=sent, headers={"Cookie": scene.cookies})
        assert response.status < 500 or route.canonical == "/telegram/maj", route.canonical

    await run_examples(attack)
    written = "".join(capfd.readouterr())
    assert "request_failed" not in written
    assert "Traceback" not in written
    await scene.visitor.session.close()
