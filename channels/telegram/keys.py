"""What the application holds for Telegram."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from channels.telegram.robot import Robot


@dataclass
class RobotPlace:
    """The robot, once Telegram told its name: pages are served before that."""

    robot: Robot | None = None


ROBOT = web.AppKey("telegram_robot", RobotPlace)
