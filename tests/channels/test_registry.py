"""A channel that writes to people is a folder and a line in the list: shown with one that is made here."""

from __future__ import annotations

import ast
import asyncio
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import channels
from bot.answers.compose import Composer
from bot.cli import OK, USAGE, main
from bot.knowledge.fiche import Bloc
from bot.knowledge.responses import Response
from bot.service import metrics
from bot.settings import Settings, SettingsError, load_settings
from channels import registry, server
from tests.channels.talking import OpenClient, knowledge

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 15
ADDED = sorted(set(registry.settings_class().__fields__) - set(Settings.__fields__))
NAMES_TELEGRAM: dict[str, str] = {}
"""Files elsewhere that may name Telegram, with the reason: none has one today."""
FOLDERS = sorted(path.parent.name for path in (ROOT / "channels").glob("*/__init__.py"))
ECHO = {
    "__init__.py": "",
    "settings.py": """
from bot.settings import Settings
from pydantic import Field

class EchoSettings(Settings):
    echo_colline: str = Field("", description="La colline qui renvoie la voix.")

SETTINGS = EchoSettings
""",
    "commands.py": """
from channels.channel import Command

def preview(answer, composer):
    yield f"(écho) {answer.sms}"

def shout(settings, _):
    print(f"La colline : {settings.echo_colline}")
    return 0

COMMANDS = (Command("echo-crier", "Crier vers la colline.", shout),)
""",
    "channel.py": """
from aiohttp import web
from bot.model.answer import AnswerType
from bot.service.correspondence import Inbound
from bot.service.sending import Spoken
from channels.channel import Channel
from channels.echo.settings import EchoSettings
from channels.handing import Sender
from channels.keys import ASSISTANT, SETTINGS

heard = []

class EchoCarrier:
    channel = "echo"

    async def hand_over(self, delivery):
        heard.append((delivery.address, delivery.text))

    def segments(self, _delivery):
        return 0

    async def sent(self):
        pass

async def take(request):
    await request.app[ASSISTANT].receive_from(Inbound("echo", "la vallée", await request.text(), "1"))
    return web.Response(text=EchoSettings.of(request.app[SETTINGS]).echo_colline)

async def open_echo(app):
    async with Sender(app[ASSISTANT], EchoCarrier()).running():
        yield

def speak(answer, composer, is_first):
    head = composer.say(AnswerType.ACCUEIL, "echo.entete").sms
    return Spoken((f"{head} {answer.sms}",))

CHANNEL = Channel("echo", "Écho", "au loin", lambda settings: True, (web.post("/echo", take),), open_echo, speak)
""",
}


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add the folder of a channel beside the others, and its line."""
    folder = tmp_path / "channels" / "echo"
    folder.mkdir(parents=True)
    for name, text in ECHO.items():
        (folder / name).write_text(text, encoding="utf-8")
    importlib.invalidate_caches()
    monkeypatch.setattr(channels, "__path__", [*channels.__path__, str(folder.parent)])
    monkeypatch.setattr(registry, "CHANNELS", (*registry.CHANNELS, "echo"))
    yield
    for name in [name for name in sys.modules if name.startswith("channels.echo")]:
        del sys.modules[name]
    vars(channels).pop("echo", None)
    metrics.forget_channel("echo")


# -- a folder and a line


@pytest.mark.usefixtures("echo")
def test_its_setting_is_read_and_an_unknown_one_is_still_refused() -> None:
    settings = registry.load_all_settings({"BOT_ECHO_COLLINE": "Menez Hom", "BOT_SMS_NUMBER": "36000"})
    told = settings.dict()
    assert (told["echo_colline"], told["sms_number"], told["workers"]) == ("Menez Hom", "36000", 8)
    with pytest.raises(SettingsError, match="réglage inconnu : BOT_ECHO_VALLEE "):
        registry.load_all_settings({"BOT_ECHO_COLLINE": "Menez Hom", "BOT_ECHO_VALLEE": "Aulne"})


def test_without_it_its_setting_is_unknown() -> None:
    with pytest.raises(SettingsError, match="BOT_ECHO_COLLINE"):
        registry.load_all_settings({"BOT_ECHO_COLLINE": "Menez Hom"})


@pytest.mark.usefixtures("echo")
def test_its_command_is_in_the_help_and_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert re.search(r"echo-crier +Crier vers la colline\.", capsys.readouterr().out)
    monkeypatch.setenv("BOT_ECHO_COLLINE", "Menez Hom")
    assert main(["echo-crier"]) == OK
    assert capsys.readouterr().out == "La colline : Menez Hom\n"


@pytest.mark.usefixtures("echo")
def test_an_answer_is_shown_as_it_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apercu", "rsa", "--canal", "echo", "--rubrique", "contact"]) == OK
    assert "(écho) " in capsys.readouterr().out


@pytest.mark.usefixtures("echo")
async def test_it_is_called_it_answers_in_its_voice_and_hands_over(
    open_client: OpenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {"echo.entete": Response(web=[Bloc(texte="L'écho répond :")], sms="L'écho répond :")}
    known = replace(knowledge(), responses={**knowledge().responses, **words})
    monkeypatch.setattr("bot.service.assistant.load_knowledge", lambda _data, _territoire: known)
    client = await open_client(echo_colline="Menez Hom")
    response = await client.post("/echo", data="PERSONNE")
    assert (response.status, await response.text()) == (200, "Menez Hom")
    heard: list[tuple[str, str]] = sys.modules["channels.echo.channel"].heard
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not heard:
            await asyncio.sleep(0.02)
    said = Composer(known, load_settings({})).person().sms
    assert heard == [("la vallée", f"L'écho répond : {said}")]


# -- what every folder keeps to


@pytest.mark.parametrize("name", ADDED)
def test_every_setting_of_a_channel_has_a_sentence(name: str) -> None:
    sentence = registry.settings_class().__fields__[name].field_info.description
    assert sentence
    assert len(sentence.split()) >= 3
    assert sentence.endswith(".")


@pytest.mark.parametrize("name", ADDED)
def test_every_setting_of_a_channel_is_read_from_its_own_variable(name: str) -> None:
    default = getattr(registry.load_all_settings({}), name)
    given = f"{default}-autre" if isinstance(default, str) else str(default)
    given = "vrai-dossier" if isinstance(default, Path) else given
    given = {
        "sms_allowed": "192.0.2.0/24",
        "sms_gateway": "",
        "telegram_mode": "",
        "sms_password": "un-mot-de-passe-long",
    }.get(name, given)
    assert str(getattr(registry.load_all_settings({f"BOT_{name.upper()}": given}), name)) == given


@pytest.mark.parametrize("name", ADDED)
def test_a_setting_bears_the_name_of_its_channel_so_that_two_cannot_be_one(name: str) -> None:
    assert name.split("_", maxsplit=1)[0] in registry.CHANNELS


def test_a_channel_bears_the_name_of_its_folder() -> None:
    assert tuple(channel.name for channel in registry.channels()) == registry.CHANNELS


def test_the_settings_of_the_core_come_first_then_those_of_each_channel() -> None:
    fields = list(registry.settings_class().__fields__)
    first, added = fields[: len(Settings.__fields__)], fields[len(Settings.__fields__) :]
    assert first == list(Settings.__fields__)
    ranks = [registry.CHANNELS.index(name.split("_")[0]) for name in added]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("command", ["check", "sms-etat"])
def test_every_command_refuses_an_unknown_setting_by_its_name(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    monkeypatch.setenv("BOT_SMS_COULEUR", "bleu")
    assert main([command]) == USAGE
    assert "réglage inconnu : BOT_SMS_COULEUR " in capsys.readouterr().err


def test_the_server_refuses_an_unknown_setting_by_its_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "run_server", lambda _settings: None)
    monkeypatch.setenv("BOT_SMS_COULEUR", "bleu")
    assert server.main() == 1
    assert "réglage inconnu : BOT_SMS_COULEUR " in capsys.readouterr().err


def test_settings_and_commands_are_known_without_opening_a_library() -> None:
    heavy = ("aiohttp", "telegram", "twilio", "sqlalchemy", "phonenumbers")
    code = f"""
import sys
from bot.cli import _parser
from channels import registry
registry.load_all_settings({{}})
_parser()
print([name for name in {heavy} if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, wherever it does."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    sources = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return plain | {f"{node.module}.{alias.name}" for node in sources for alias in node.names}


@pytest.mark.parametrize("folder", registry.CHANNELS)
def test_a_channel_imports_no_other_folder(folder: str) -> None:
    others = tuple(f"channels.{other}." for other in FOLDERS if other != folder)
    names = {name for path in (ROOT / "channels" / folder).rglob("*.py") for name in imported(path)}
    assert [name for name in names if f"{name}.".startswith(others)] == []


def test_telegram_is_named_in_its_folder_and_in_the_list_and_nowhere_else() -> None:
    sources = (
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "channels", "actions")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".woff2"}
        if "telegram" in path.read_text(encoding="utf-8").lower()
    )
    own = ("channels/telegram/", "channels/registry.py", *NAMES_TELEGRAM)
    assert [path for path in sources if not path.startswith(own)] == []
