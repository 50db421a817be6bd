"""The poster: one page, large, that shows what is set and claims nothing else."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations

import pytest

from bot.knowledge.loader import Knowledge
from bot.print.paper import A4
from bot.print.poster import NothingToShow, poster_html, poster_pdf, ways_to_reach
from bot.settings import Settings
from tests.bot.print.pdf_reading import pages_of, run, squeezed

NUMBER = "+33639980001"
LINK = "https://t.me/essai_droits_bot"
WAYS = ("page", "sms", "link")


@pytest.mark.parametrize("shown", [ways for n in (1, 2, 3) for ways in combinations(WAYS, n)], ids="+".join)
@pytest.mark.parametrize(
    "editeur", ["", "Communauté de communes au nom assez long pour tenir sur deux lignes du bas"]
)
def test_it_holds_on_one_page_whatever_is_set(
    knowledge: Knowledge, settings: Settings, now: datetime, shown: tuple[str, ...], editeur: str
) -> None:
    url = "https://droits.exemple-de-territoire.fr" if "page" in shown else ""
    given = settings.copy(update={"public_url": url, "editeur": editeur})
    made = poster_pdf(
        knowledge, given, now, sms=NUMBER if "sms" in shown else "", link=LINK if "link" in shown else ""
    )
    (page,) = pages_of(made)
    text = squeezed(" ".join(word.text for word in page.words))
    assert ("droits.exemple-de-territoire.fr" in text) == ("page" in shown)
    assert ("0639980001" in text) == ("sms" in shown)
    assert ("t.me/essai_droits_bot" in text) == ("link" in shown)
    assert squeezed("Écrivez PERSONNE") in text
    assert "gratuit" not in text.casefold()
    assert all(
        word.left > 40 and word.right < page.width - 40 and word.bottom < page.height - 40
        for word in page.words
    )
    assert "Tagged:          yes" in run("pdfinfo", made)


def test_letters_are_large(knowledge: Knowledge, reachable: Settings, now: datetime) -> None:
    (page,) = pages_of(poster_pdf(knowledge, reachable, now))
    heights = sorted(word.bottom - word.top for word in page.words)
    assert heights[0] > A4.letters
    assert heights[-1] > 35


def test_it_says_what_is_kept_who_publishes_and_whom_to_call_in_danger(
    knowledge: Knowledge, reachable: Settings, now: datetime
) -> None:
    html = poster_html(knowledge, reachable.copy(update={"retention_days": 12}), now)
    assert "Messages gardés 12 jours, chiffrés, puis effacés." in html
    assert "Édité par Communauté d" in html
    assert knowledge.territoire.nom in html
    for number in ("15", "17", "18", "112", "SMS au 114"):
        assert f"<li>{number}\u00a0:" in html


def test_nothing_to_show_says_what_to_set(knowledge: Knowledge, settings: Settings, now: datetime) -> None:
    with pytest.raises(NothingToShow, match="BOT_PUBLIC_URL ou BOT_SMS_NUMBER"):
        poster_pdf(knowledge, settings, now)


@pytest.mark.parametrize(
    ("given", "dialled", "written"),
    [
        ("+33639980001", "sms:+33639980001", "06 39 98 00 01"),
        ("06 39 98 00 01", "sms:+33639980001", "06 39 98 00 01"),
        ("06.39.98.00.01", "sms:+33639980001", "06 39 98 00 01"),
        ("36035", "sms:36035", "36035"),
    ],
)
def test_a_number_is_dialled_and_read(settings: Settings, given: str, dialled: str, written: str) -> None:
    (way,) = ways_to_reach(settings, sms=given)
    assert (way.target, way.words) == (dialled, written)


@pytest.mark.parametrize("given", ["bonjour", "12", "06 39 98 00 01 23 45 67", "+33639980001;tel:112"])
def test_what_is_no_number_is_refused(settings: Settings, given: str) -> None:
    with pytest.raises(NothingToShow, match="n'est pas un numéro"):
        ways_to_reach(settings, sms=given)


@pytest.mark.parametrize(
    "given",
    ["t.me/essai", "http://t.me/essai", "javascript:alert(1)", "https://", "https://t.me/a b", "https://["],
)
def test_what_is_no_address_is_refused(settings: Settings, given: str) -> None:
    with pytest.raises(NothingToShow, match="avec https"):
        ways_to_reach(settings, link=given)
