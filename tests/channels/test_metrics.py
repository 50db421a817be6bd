"""Measures and the state of one process, for this machine alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from channels.keys import ASSISTANT, STREAMS
from tests.channels.talking import DANGER, Client, OpenClient, app_of, open_conversation
from tests.running import free_port

SECRET = "Awa Essai et son loyer"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """What reads the measures."""
    async with aiohttp.ClientSession() as session:
        yield session


async def measures(http: aiohttp.ClientSession, port: int) -> dict[tuple[str, ...], float]:
    """Return the measures of a process by name and label values."""
    async with http.get(f"http://127.0.0.1:{port}/metrics") as response:
        assert response.status == 200
        text = await response.text()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def state(http: aiohttp.ClientSession, port: int, name: str) -> int:
    async with http.get(f"http://127.0.0.1:{port}/health/{name}") as response:
        return response.status


async def test_what_people_do_is_counted_and_nothing_they_say(
    open_client: OpenClient, http: aiohttp.ClientSession
) -> None:
    port = free_port()
    client = await open_client(metrics_port=port, messages_per_minute=3)
    before = await measures(http, port)
    api = await open_conversation(client)
    await api.say(text=DANGER)
    await api.say(choice="aide")
    await api.post(text=SECRET)  # waits: Rasa is not there
    assert (await api.post(text=SECRET)).status == 429
    await client.post("/personne", data={"moyen": "retour", "nom": SECRET, "mots": SECRET})
    after = await measures(http, port)
    changed = {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}
    assert changed.pop(("assistant_rasa_failures_total",)) >= 1
    assert changed.pop(("assistant_answers_total", "escalade")) >= 1  # it says that it will be answered
    assert changed.pop(("assistant_answers_total", "accueil")) >= 1
    assert changed == {
        ("assistant_messages_total", "api"): 3,
        ("assistant_answers_total", "urgence"): 1,
        ("assistant_limited_total", "conversation"): 1,
        ("assistant_answers_waiting",): 1,
        ("assistant_demandes_waiting",): 1,
    }
    async with http.get(f"http://127.0.0.1:{port}/metrics") as response:
        text = await response.text()
    for word in ("Awa", "Essai", "loyer", api.id, api.token, "frappe"):
        assert word not in text


async def test_nothing_of_it_is_served_to_the_public(client: Client, open_client: OpenClient) -> None:
    with_port = await open_client(metrics_port=free_port())
    for browser in (client, with_port):
        for path in ("/metrics", "/health/live", "/health/ready"):
            assert (await browser.get(path)).status == 404


async def test_it_is_served_to_this_machine_alone(open_client: OpenClient) -> None:
    port = free_port()
    await open_client(metrics_port=port)
    table = Path("/proc/net/tcp").read_text(encoding="ascii")
    listening = [line.split() for line in table.splitlines()[1:]]
    addresses = {row[1] for row in listening if row[3] == "0A" and row[1].endswith(f":{port:04X}")}
    assert addresses == {f"0100007F:{port:04X}"}


async def test_a_process_that_cannot_store_lives_and_is_not_ready(
    open_client: OpenClient, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    client = await open_client(metrics_port=port)
    assert [await state(http, port, "live"), await state(http, port, "ready")] == [200, 200]
    monkeypatch.setattr("channels.metrics.PATIENCE_SECONDS", 0.3)
    async with app_of(client)[ASSISTANT]._database.write("un-autre"):  # somebody else holds the store
        assert [await state(http, port, "live"), await state(http, port, "ready")] == [200, 503]
    assert await state(http, port, "ready") == 200
    app_of(client)[STREAMS].close()
    assert [await state(http, port, "live"), await state(http, port, "ready")] == [200, 503]


async def test_measures_go_on_without_the_store(open_client: OpenClient, http: aiohttp.ClientSession) -> None:
    port = free_port()
    client = await open_client(metrics_port=port)
    database = app_of(client)[ASSISTANT]._database
    async with AsyncExitStack() as held:  # until no connection is left
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0.5):
                    await held.enter_async_context(database.read())
        assert (await measures(http, port))[("assistant_store_up",)] == 0
    assert (await measures(http, port))[("assistant_store_up",)] == 1


async def test_processes_of_one_machine_take_the_ports_that_follow(
    open_client: OpenClient, http: aiohttp.ClientSession, capsys: pytest.CaptureFixture[str]
) -> None:
    first = free_port()
    await open_client(metrics_port=first)
    await open_client(metrics_port=first)  # one more than usual: a rolling restart
    assert [await state(http, first, "live"), await state(http, first + 1, "live")] == [200, 200]
    capsys.readouterr()
    third = await open_client(metrics_port=first)
    assert " event=metrics_not_served " in capsys.readouterr().out
    assert (await third.get("/")).status == 200


async def test_without_a_port_nothing_is_served(
    open_client: OpenClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await open_client()
    assert "event=metrics" not in capsys.readouterr().out
