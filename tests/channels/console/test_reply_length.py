"""The length of a reply, counted by the server and by the page alike."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.render.gsm import _TO_GSM
from bot.store.database import now
from bot.store.demandes import Demande, DemandeDetails
from channels.console.reply_length import Limits, length_text, limits_of, measure

SCRIPT = Path("channels/console/static/console.js")
PREFIX = "Awa : "
WEB = Limits(is_sms=False)
SMS = Limits(is_sms=True, prefix=PREFIX, is_flat=True)
TEXTO = Limits(is_sms=True, prefix=PREFIX)
TEXTS = [
    "",
    "   ",
    "a",
    "Bonjour, avez-vous le courrier ?",
    "été à Noël : ça coûte 12 €, « voilà » l’œuf… – 20 °C",
    "".join(map(chr, _TO_GSM)),
    "« deux »\u00a0: « trois »\u202f; «\u00a0quatre\u00a0»",
    "Bravo 👍🏽 merci 😀 ☺ ✔",
    "مرحبا كيف حالك",
    "Привет, как дела?",
    "Ðorđe Łukasz Ñandú ǅ ﬁn ½ ½",
    "e\u0301te\u0301",
    "ligne un\n\nligne deux\r\nligne\ttrois\rfin",
    "\u202eretourné\u202c\u200b \ufeffcaché",
    "[crochets] {accolades} ~ | \\ ^ €",
    "𝐀𝐏𝐋 en lettres ornées",
    "日本" * 40,
    *("a" * (length - len(PREFIX)) for length in (70, 71, 134, 135, 160, 161, 306, 307, 459, 460)),
    *("ж" * (length - len(PREFIX)) for length in (67, 70, 71, 134, 135, 201, 202)),
    *("€" * ((length - len(PREFIX)) // 2) for length in (152, 154, 160, 162, 306, 308)),
    "a" * 146 + "€" * 5,
    "ж" * 60 + "😀" * 20,
    "ж" + "\U00020000" * 70,
    "mot " * 375,
    "x" * 1501,
]


def test_the_page_counts_as_the_server_does() -> None:
    cases = [(text, limits) for text in TEXTS for limits in (WEB, SMS, TEXTO)]
    given = json.dumps([[text, asdict(limits)] for text, limits in cases])
    run = (
        "\nconst lines = [];"
        "\nfor (const [text, limits] of JSON.parse(process.argv.at(-1)))"
        " lines.push([measure(text, limits), lengthText(text, limits)]);"
        "\nconsole.log(JSON.stringify(lines));"
    )
    program = SCRIPT.read_text(encoding="utf-8") + run
    done = subprocess.run(
        ["node", "--input-type=module", "-", given],
        input=program,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    for (text, limits), counted in zip(cases, json.loads(done.stdout), strict=True):
        assert counted == [asdict(measure(text, limits)), length_text(text, limits)], (text, limits)


def test_a_reply_on_the_web_is_counted_in_characters() -> None:
    assert length_text("Bonjour", WEB) == "7 caractères sur 1500."


def test_a_reply_too_long_says_how_much_to_take_away() -> None:
    assert length_text("x" * 1510, WEB) == "1510 caractères sur 1500. Retirez 10."


@pytest.mark.parametrize(("length", "segments"), [(160, 1), (161, 2), (306, 2), (307, 3)])
def test_an_sms_is_counted_with_the_name_of_its_author(length: int, segments: int) -> None:
    assert measure("a" * (length - len(PREFIX)), SMS).segments == segments


def test_a_letter_outside_the_alphabet_is_said() -> None:
    assert "70 caractères par SMS au lieu de 160" in length_text("Привет", SMS)
    assert "70 caractères" not in length_text("été ça œuf 😀", SMS)


def demande(channel: str, conversation: str | None, **details: str) -> Demande:
    return Demande("BC-2345", conversation, channel, "t", now(), "taken", DemandeDetails(**details))


@pytest.mark.parametrize(
    ("asked", "limits"),
    [
        (demande("web", "c", moyen="retour"), WEB),
        (demande("telegram", "c", moyen="retour"), WEB),
        (demande("sms", "c", moyen="retour"), SMS),
        (demande("sms", "c", moyen="rappel", telephone="06 39 98 00 01"), SMS),
        (demande("web", None, moyen="texto", telephone="06 39 98 00 01"), TEXTO),
        (demande("web", "c", moyen="texto"), WEB),
        (demande("sms", None, moyen="retour"), WEB),
    ],
)
def test_the_limits_are_those_of_the_way_a_reply_goes(asked: Demande, limits: Limits) -> None:
    assert limits_of(asked, "Awa") == limits
