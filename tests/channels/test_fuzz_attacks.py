"""Any words in any field of any form: never a failure, never an empty page, nothing logged of it."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.attacking import open_scene
from tests.channels.console.visiting import token_of
from tests.channels.talking import OpenClient
from tests.hypothesis_async import run_examples

OF_RESIDENTS = (
    "text", "choice", "form_id", "moyen", "telephone", "commune", "quand", "nom", "mots", "joindre", "reference", "code", "garder",
    "fiche", "rubrique", "acces", "discret",
)  # fmt: skip
OF_THE_CONSOLE = (
    "identifiant", "mot_de_passe", "suite", "ancien", "nouveau", "courriel", "role", "texte", "issue", "organisme", "quoi", "mois",
    "horaires", "format", "mots",
)  # fmt: skip
WORDS = st.text(max_size=60) | st.sampled_from(
    ("domicile", "retour", "oui", "apl", "AFTERNOON", "9" * 400, "-1", "2026-99-99")
)
FEW = settings(
    max_examples=6,
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

    statuses: dict[str, set[int]] = defaultdict(set)

    @FEW
    @given(st.fixed_dictionaries(dict.fromkeys((*OF_RESIDENTS, *OF_THE_CONSOLE), WORDS)))
    async def attack(words: dict[str, str]) -> None:
        typed = {name: value.encode("utf-8", "replace") for name, value in words.items()}
        for route in forms:
            names = OF_THE_CONSOLE if route.path.startswith(("/console", "/agent")) else OF_RESIDENTS
            sent = {name: typed[name] for name in names}  # a form has 20 fields at most
            headers = {"Cookie": scene.cookies, "Content-Type": "application/x-www-form-urlencoded"}
            response = await scene.ask(route, data=urlencode(sent | {"jeton": token}), headers=headers)
            statuses[route.canonical].add(response.status)
            assert response.status < 500 or route.canonical == "/telegram/maj", route.canonical

    await run_examples(attack)
    unread = {path for path, found in statuses.items() if found <= {400, 403, 415}}
    # Called by machines, by programs in JSON, or without a session begun; the rest was read, and taken or refused in words.
    assert {
        path for path in unread if not path.startswith(("/sms", "/telegram", "/api"))
    } == set()  # read, and taken or refused in words
    written = "".join(capfd.readouterr())
    assert "request_failed" not in written
    assert "Traceback" not in written
    await scene.visitor.session.close()
