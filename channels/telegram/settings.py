"""What Telegram is set by."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field, validator

from bot.settings import MIN_SECRET, Settings

API = "https://api.telegram.org"
MODES = ("", "polling", "webhook")


class TelegramSettings(Settings):
    """How updates reach us, and the robot's token."""

    telegram_mode: str = Field(
        "",
        description="Telegram : polling (essai) ou webhook (production) ; vide : pas de Telegram (voir telegram.md).",
    )
    telegram_token: str = Field("", description="Jeton du robot, donné par BotFather. À garder secret.")
    telegram_secret: str = Field(
        "", description="Secret que Telegram renvoie à chaque appel ; 24 à 256 lettres, chiffres, - ou _."
    )
    telegram_api_url: str = Field(
        API,
        description="Adresse de l'API de Telegram ; une autre pour un serveur d'essai.",
    )

    @validator("telegram_mode")
    def _mode_is_known(cls, value: str) -> str:
        if value not in MODES:
            raise ValueError(f"valeurs possibles : {', '.join(mode for mode in MODES if mode)}")
        return value

    @validator("telegram_token", always=True)
    def _robot_has_its_token(cls, value: str, values: dict[str, Any]) -> str:
        if values.get("telegram_mode") and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value):
            raise ValueError("le jeton a la forme 123456:ABC…, comme BotFather le donne")
        return value

    @validator("telegram_secret", always=True)
    def _webhook_has_its_secret(cls, value: str, values: dict[str, Any]) -> str:
        is_needed = values.get("telegram_mode") == "webhook"
        if is_needed and not re.fullmatch(rf"[A-Za-z0-9_-]{{{MIN_SECRET},256}}", value):
            raise ValueError(f"{MIN_SECRET} à 256 lettres sans accent, chiffres, - ou _, tirés au hasard")
        return value

    @validator("telegram_api_url", always=True)
    def _webhook_has_an_address(cls, value: str, values: dict[str, Any]) -> str:
        calls_us = values.get("telegram_mode") == "webhook" and value == API
        if calls_us and not values.get("public_url", "").startswith("https://"):
            raise ValueError("avec webhook, BOT_PUBLIC_URL doit commencer par https://")
        return value


SETTINGS = TelegramSettings
