"""What a mobile operator and a gateway do wrong, through a real Kannel and a real SMPP server: the final state is right."""

from __future__ import annotations

import asyncio
import json
import subprocess
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.run.trial import free_port
from bot.service.assistant import Assistant
from bot.service.correspondence import Inbound
from channels.keys import ASSISTANT
from channels.registry import settings_class
from channels.server import create_app
from channels.sms.gateway import CannotSend, check_status
from channels.sms.local_kannel import LocalKannel
from tests.channels.talking import NOBODY_LISTENS
from tests.running import ROOT
from tests.witness import Witness, until, witness_of

GOOD, SLOWED, LOST, REFUSED = "+33639980001", "+33639980097", "+33639980098", "+33639980099"
SECRET = "s" * 32
FINAL_SECONDS = 40


@dataclass
class Operator:
    """The SMPP server, and what it took."""

    port: int
    taken: list[dict[str, object]] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["node", str(ROOT / "tests" / "e2e" / "operator.js"), str(self.port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout
        assert json.loads(self.process.stdout.readline())["ready"]
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        for line in process.stdout:
            self.taken.append(json.loads(line))

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@dataclass
class Chain:
    """The operator, Kannel, the assistant without Rasa, and a witness of its store."""

    operator: Operator
    kannel: LocalKannel
    assistant: Assistant
    witness: Witness
    _key: int = 0

    async def hear_from(self, phone: str, text: str = "AIDE") -> None:
        """Give the assistant a message, as a gateway does."""
        self._key += 1
        await self.assistant.receive_from(Inbound("sms", phone, text, str(self._key)))

    async def final_states(self, phone: str, *wanted: str, seconds: float = FINAL_SECONDS) -> list[str]:
        """Wait for the states of the messages to a phone, and return them."""
        return await until(
            lambda: self.witness.delivery_states(phone), lambda states: states == list(wanted), seconds
        )


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[Chain]:
    port = free_port()
    operator = Operator(free_port())
    kannel = LocalKannel(
        tmp_path / "kannel", f"http://127.0.0.1:{port}/sms/{SECRET}", smpp_port=operator.port
    )
    settings = settings_class().parse_obj(
        {
            "var": tmp_path / "var",
            "rasa_port": NOBODY_LISTENS,
            **{
                name.removeprefix("BOT_").lower(): value
                for name, value in kannel.settings(SECRET, f"http://127.0.0.1:{port}").items()
            },
        }
    )
    operator.start()
    kannel.start()
    app: web.Application = create_app(settings)
    async with AsyncExitStack() as stack:
        stack.callback(operator.stop)
        stack.callback(kannel.stop)
        server = TestServer(app, port=port)
        await server.start_server()
        stack.push_async_callback(server.close)
        witness = await stack.enter_async_context(witness_of(settings.var))
        yield Chain(operator, kannel, app[ASSISTANT], witness)


async def test_each_fate_of_a_message_ends_in_its_own_state(chain: Chain) -> None:
    for phone in (GOOD, SLOWED, LOST, REFUSED):
        await chain.hear_from(phone)
    await chain.final_states(GOOD, "delivered")
    await chain.final_states(LOST, "undelivered")
    await chain.final_states(REFUSED, "rejected")
    await chain.final_states(SLOWED, "delivered")
    numbers = [str(taken["number"]) for taken in chain.operator.taken]
    # Two segments each; the one refused was never taken, and nothing was sent twice.
    assert sorted(numbers) == sorted([GOOD[1:], SLOWED[1:], LOST[1:]] * 2)


async def check_an_absence(
    chain: Chain, leave: Callable[[], None], come_back: Callable[[], None], seconds: float
) -> None:
    await chain.hear_from(GOOD)
    await chain.final_states(GOOD, "delivered")
    await asyncio.to_thread(leave)
    for text in ("CONTACT", "AIDE", "mon mari me frappe"):
        await chain.hear_from(GOOD, text)
    await asyncio.sleep(seconds)  # the fault itself: an absence takes time
    assert "delivered" not in (await chain.witness.delivery_states(GOOD))[1:]
    await asyncio.to_thread(come_back)
    await chain.final_states(GOOD, *["delivered"] * 4, seconds=FINAL_SECONDS + 30)


async def test_nothing_is_lost_while_the_operator_is_away(chain: Chain) -> None:
    await check_an_absence(chain, chain.operator.stop, chain.operator.start, 3)


async def test_nothing_is_lost_while_the_gateway_is_away(chain: Chain) -> None:
    await check_an_absence(chain, chain.kannel.stop, chain.kannel.start, 3)


@pytest.mark.lent
async def test_nothing_is_lost_while_the_gateway_is_away_for_a_minute(chain: Chain) -> None:
    await check_an_absence(chain, chain.kannel.stop, chain.kannel.start, 60)


@pytest.mark.lent
async def test_nothing_is_lost_while_the_operator_is_away_for_a_minute(chain: Chain) -> None:
    await check_an_absence(chain, chain.operator.stop, chain.operator.start, 60)


async def test_kannel_answers_a_wrong_account_with_a_status_that_is_tried_again(chain: Chain) -> None:
    right = chain.kannel.send_url
    async with aiohttp.ClientSession() as session:
        bad = {"X-Kannel-Username": "assistant", "X-Kannel-Password": "faux", "X-Kannel-To": GOOD}
        async with session.post(right, data=b"essai", headers=bad) as response:
            status = response.status
    with pytest.raises(CannotSend) as caught:
        check_status(status)
    assert (status, caught.value.retry, caught.value.away) == (403, True, True)
