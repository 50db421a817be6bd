"""What the rest of the application may ask of the robot: the address that opens it at a fiche."""

from __future__ import annotations

from channels.telegram.channel import deep_link
from tests.channels.talking import Client, app_of
from tests.channels.telegram.conftest import OpenLine
from tests.channels.telegram.incoming import ROBOT


async def test_the_address_opens_the_robot_at_the_fiche_once_its_name_is_known(open_line: OpenLine) -> None:
    line = await open_line()
    assert deep_link(app_of(line.client), "rsa") == f"https://t.me/{ROBOT['username']}?start=rsa"


async def test_there_is_none_while_the_name_is_not_known(open_line: OpenLine) -> None:
    line = await open_line(is_ready=False, telegram_api_url="http://127.0.0.1:9")
    assert deep_link(app_of(line.client), "rsa") is None


async def test_there_is_none_without_a_robot(client: Client) -> None:
    assert deep_link(app_of(client), "rsa") is None
