"""Secrets: given by the environment alone, refused when weak, never printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import MIN_SECRET, SettingsError, is_secret
from channels.registry import load_all_settings, settings_class
from tests.running import ROOT, free_port

STRONG = "Xq7vT2mLp9wZ4kRb8nYc3dHf"
GOOD: dict[str, dict[str, str]] = {
    "database_url": {"BOT_DATABASE_URL": f"postgresql+asyncpg://droits:{STRONG}@127.0.0.1/droits"},
    "redis_url": {"BOT_REDIS_URL": f"rediss://:{STRONG}@127.0.0.1:6379/0"},
    "smtp_url": {"BOT_SMTP_URL": f"smtps://droits:{STRONG}@127.0.0.1", "BOT_MAIL_FROM": "droits@exemple.fr"},
    "sms_secret": {"BOT_SMS_GATEWAY": "kannel", "BOT_SMS_SECRET": STRONG},
    "sms_password": {"BOT_SMS_PASSWORD": STRONG},
    "telegram_token": {"BOT_TELEGRAM_MODE": "polling", "BOT_TELEGRAM_TOKEN": f"123:{STRONG}"},
    "telegram_secret": {
        "BOT_TELEGRAM_MODE": "webhook",
        "BOT_TELEGRAM_TOKEN": f"123:{STRONG}",
        "BOT_TELEGRAM_SECRET": STRONG,
        "BOT_PUBLIC_URL": "https://droits.exemple.fr",
    },
}
GIVEN_BY_OTHERS = {"smtp_url", "telegram_token"}
"""The mail server and BotFather choose them: their form alone is checked."""
LOOKS_SECRET = ("secret", "password", "token", "mot de passe", "motdepasse", "jeton")
NOT_SECRET = {"sms_user", "keys"}
"""A name, and the folder of the keys."""


def variable(name: str) -> str:
    return f"BOT_{name.upper()}"


def test_every_setting_that_is_a_secret_is_known_as_one() -> None:
    found = set()
    for name, field in settings_class().__fields__.items():
        words = f"{name} {field.field_info.description}".lower()
        if any(word in words for word in LOOKS_SECRET) or name == "redis_url":
            found.add(name)
    assert found - NOT_SECRET == GOOD.keys()
    assert {name for name in settings_class().__fields__ if is_secret(name)} == GOOD.keys()


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_strong_secret_is_read_and_never_printed(name: str) -> None:
    settings = load_all_settings(GOOD[name])
    assert STRONG in getattr(settings, name)
    assert STRONG not in repr(settings) + str(settings)


@pytest.mark.parametrize("name", sorted(GOOD.keys() - GIVEN_BY_OTHERS))
@pytest.mark.parametrize("weak", ["abc", "azerty12", "a" * 11])
def test_a_weak_secret_is_refused_in_french_and_not_repeated(name: str, weak: str) -> None:
    given = GOOD[name] | {variable(name): GOOD[name][variable(name)].replace(STRONG, weak)}
    with pytest.raises(SettingsError) as caught:
        load_all_settings(given)
    said = str(caught.value)
    assert variable(name) in said
    assert "caractères au moins" in said or f"{MIN_SECRET} à 256" in said
    assert weak not in said.replace(variable(name), "")


@pytest.mark.parametrize("name", sorted(GOOD.keys() - {"sms_secret", "sms_password", "telegram_secret"}))
def test_a_secret_that_cannot_be_read_is_refused_and_not_repeated(name: str) -> None:
    value = GOOD[name][variable(name)]
    broken = value.replace("@127.0.0.1", "@127.0.0.1:port").replace("123:", "robot:")
    broken = broken.replace(":port:6379", ":port")
    with pytest.raises(SettingsError) as caught:
        load_all_settings(GOOD[name] | {variable(name): broken})
    assert variable(name) in str(caught.value)
    assert STRONG not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["postgresql+asyncpg://droits:{s}@127.0.0.1:{p}/droits", "postgresql+asyncpg://droits:{s}@@h/b"],
)
def test_a_database_that_is_away_or_unreadable_prints_no_password(address: str, tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "BOT_VAR": str(tmp_path),
        "BOT_PUBLIC_PORT": str(free_port()),
        "BOT_DATABASE_URL": address.format(s=STRONG, p=free_port()),
    }
    done = subprocess.run(
        [sys.executable, "-m", "channels"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 1
    assert "Le serveur ne démarre pas" in done.stderr
    assert STRONG not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
