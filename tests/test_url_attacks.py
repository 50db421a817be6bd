"""SSRF: the server calls only addresses of its settings, and follows no redirection with somebody's words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from channels.registry import settings_class
from channels.sms.gateway import CannotSend, Mt
from channels.sms.gateways.generic import open_generic
from channels.sms.gateways.kannel import Kannel
from channels.sms.gateways.twilio import Twilio
from tests.channels.sms.conftest import DESCRIPTION
from tests.running import ROOT

CLIENTS = {
    "bot/nlu/lock_store.py": "Redis, at the address of the settings",
    "bot/rasa_client.py": "Rasa, at the addresses of the settings",
    "bot/run/chat.py": "the service itself, in a terminal",
    "bot/run/supervisor.py": "the processes it started, on this machine",
    "bot/run/trial.py": "the service itself, in a terminal",
    "bot/service/smtp.py": "the mail server of the settings",
    "bot/service/shared.py": "Redis, at the address of the settings",
    "channels/sms/channel.py": "opens the session of the gateways",
    "channels/sms/gateways/generic.py": "the gateway that passerelle.yml describes",
    "channels/sms/gateways/kannel.py": "the Kannel of the settings",
    "channels/sms/gateways/twilio.py": "Twilio",
    "channels/sms/local_kannel.py": "the Kannel of a trial, on this machine",
    "channels/telegram/trial.py": "the Telegram of a trial, on this machine",
    "channels/telegram/robot.py": "Telegram, through python-telegram-bot",
}
"""Whatever can call out, and whom it calls."""
CALLING = {
    "ClientSession",
    "urlopen",
    "HTTPXRequest",
    "SMTP",
    "Bot",
    "create_connection",
    "open_connection",
    "from_url",
}
DECIDED_BY_A_REQUEST = (
    "request.query",
    "request.match_info",
    "request.headers",
    "request.host",
    "request.url",
)


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_ssrf_nothing_calls_out_but_what_is_listed() -> None:
    found = set()
    for package in ("bot", "channels", "actions"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if CALLING & set(calls(ast.parse(text))):
                found.add(str(path.relative_to(ROOT)))
    assert found <= CLIENTS.keys(), "say whom it calls, and that no request decides it"


@pytest.mark.parametrize("name", sorted(CLIENTS))
def test_ssrf_what_calls_out_reads_no_request(name: str) -> None:
    path = ROOT / name
    text = path.read_text(encoding="utf-8").replace("urllib.request", "")
    assert not [word for word in DECIDED_BY_A_REQUEST if word in text]


@pytest.mark.parametrize("gateway", ["kannel", "twilio", "generique"])
async def test_ssrf_a_gateway_that_redirects_learns_the_number_alone(gateway: str, tmp_path: Path) -> None:
    """A gateway in wrong hands sends us elsewhere: nobody else is told what a person is written."""
    reached = []

    async def elsewhere(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response(status=307, headers={"Location": "/interne"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", elsewhere)
    server = TestServer(app)
    await server.start_server()
    url = str(server.make_url("")).rstrip("/")
    described = tmp_path / "passerelle.yml"
    described.write_text(
        str(DESCRIPTION | {"envoi": DESCRIPTION["envoi"] | {"adresse": f"{url}/envoi"}}).replace("'", '"')
    )
    settings = settings_class().parse_obj(
        {
            "sms_gateway": gateway, "sms_secret": "s" * 30, "sms_number": "36000", "sms_user": "compte", "sms_password": "jeton-de-la-passerelle",
            "sms_kannel_url": f"{url}/envoi", "sms_generic_file": described,
        }
    )  # fmt: skip
    made = {
        "kannel": lambda: Kannel(settings),
        "twilio": lambda: Twilio(settings, api=url),
        "generique": lambda: open_generic(settings),
    }
    async with ClientSession() as session:
        with pytest.raises(CannotSend):
            await made[gateway]().send(
                session,
                Mt("id1", "+33639980001", "bonjour", is_gsm=True, report_url="http://127.0.0.1/accuse"),
            )
    await server.close()
    assert len(reached) == 1
    assert "interne" not in reached[0]
