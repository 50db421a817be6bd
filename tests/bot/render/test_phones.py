"""Phone numbers in a text, and the link of each: never a figure that is not a phone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.loader import Knowledge
from bot.render.phones import find_phones, phone_href


def found(text: str, *, danger: bool = False) -> list[tuple[str, str]]:
    """Return (number as written, link) in order."""
    return [(text[span.start : span.end], span.href) for span in find_phones(text, danger=danger)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Appelez le 02 99 09 44 56.", [("02 99 09 44 56", "tel:0299094456")]),
        (
            "Tél. 0612345678 ou 06.12.34.56.79",
            [("0612345678", "tel:0612345678"), ("06.12.34.56.79", "tel:0612345679")],
        ),
        ("Numéro vert : 0 800 231 313", [("0 800 231 313", "tel:0800231313")]),
        ("CAF au 3230, puis le 3646.", [("3230", "tel:3230"), ("3646", "tel:3646")]),
        ("Appelez le 15. Écrivez par SMS au 114.", [("15", "tel:15"), ("114", "sms:114")]),
        ("3919 : violences", [("3919", "tel:3919")]),
        ("116 006, gratuit", [("116 006", "tel:116006")]),
    ],
)
def test_a_number_one_calls_is_found(text: str, numbers: list[tuple[str, str]]) -> None:
    assert found(text) == numbers


def test_a_free_number_written_in_pairs_is_found() -> None:
    assert found("Numéro vert : 0 800 23 13 13") == [("0 800 23 13 13", "tel:0800231313")]


@pytest.mark.parametrize(
    "text",
    [
        "Vous avez 15 jours, 17 ans, 18 mois.",
        "Le 15 avril, le 18 du mois, le 17 mai.",
        "Il faut 3 214 heures et 3646 €.",
        "Au 15 rue de la Gare, 35290 Gaël",
        "Cerfa 15481*01, article 3114 du code",
        "Entre 3000 et 3900 euros",
        "le 3 mars 2026",
        "1,15 ou 12,18",
    ],
)
def test_a_figure_that_is_not_a_phone_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_in_danger_every_emergency_number_is_a_link() -> None:
    lines = [
        "17 : Police ou gendarmerie",
        "SMS au 114 : si vous ne pouvez pas parler",
        "3114 : suicide",
        "le 112 ou le 15",
    ]
    assert [href for line in lines for _, href in found(line, danger=True)] == [
        "tel:17", "sms:114", "tel:3114", "tel:112", "tel:15",
    ]  # fmt: skip


def test_every_emergency_number_we_give_is_a_link(knowledge: Knowledge) -> None:
    for danger in knowledge.emergencies.dangers:
        for number, line in zip(
            knowledge.emergencies.dangers[danger], knowledge.emergencies.lines(danger), strict=True
        ):
            assert found(line, danger=True)[0][1] in {f"tel:{number}", f"sms:{number}"}


@given(st.text("0123456789 .:le,auSMS€"))
def test_spans_are_in_order_and_never_overlap(text: str) -> None:
    for danger in (False, True):
        spans = find_phones(text, danger=danger)
        assert all(one.end <= other.start for one, other in pairwise(spans))
        assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    ("number", "href"), [("114", "sms:114"), ("32 30", "tel:3230"), ("02\u00a099 09 44 56", "tel:0299094456")]
)
def test_the_114_is_written_to_and_the_others_are_called(number: str, href: str) -> None:
    assert phone_href(number) == href


@pytest.mark.parametrize(
    "text",
    ["Appelez la CAF au 32 30, ou venez.", "CAF : 32 30, service gratuit.", "32\u00a030", "CPAM (36 46)"],
)
def test_a_service_of_four_digits_written_in_pairs_is_a_phone(text: str) -> None:
    (span,) = find_phones(text)
    assert span.href in {"tel:3230", "tel:3646"}


@pytest.mark.parametrize(
    "text", ["au 31 12 2026", "de 2 au 32 000", "au 36 mois", "Total : 35 50 €", "le 31 12"]
)
def test_two_pairs_that_are_not_a_service_are_left_alone(text: str) -> None:
    assert find_phones(text) == []
