"""The register of readings, for the responsable."""

from __future__ import annotations

from bot.store.accounts import Role
from tests.channels.console.desk_scene import ask, sign_in
from tests.channels.talking import Client


async def test_a_responsable_sees_who_read_a_request_and_nothing_of_it(client: Client) -> None:
    reference = await ask(client, nom="Ondine Vraisemblable", mots="zibeline")
    operator = await sign_in(client)
    await operator.open(reference)
    responsable = await sign_in(client, "alix", Role.RESPONSABLE, "Alix")
    html = await responsable.get(f"/console/registre?reference={reference.lower()}")
    assert "Demande lue" in html
    assert "Awa (awa)" in html
    assert "Ondine" not in html
    assert "zibeline" not in html
    assert "Registre des lectures consulté" in await responsable.get(
        f"/console/registre?reference={reference}"
    )


async def test_an_operator_does_not_open_it(client: Client) -> None:
    operator = await sign_in(client)
    await operator.get("/console/registre", status=403)


async def test_what_is_no_reference_is_told(client: Client) -> None:
    responsable = await sign_in(client, "alix", Role.RESPONSABLE, "Alix")
    html = await responsable.get("/console/registre?reference=%3Cb%3E", status=422)
    assert "s&#39;écrit comme BC-2345" in html or "s'écrit comme BC-2345" in html
    assert "<b>" not in html
