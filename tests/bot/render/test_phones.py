import pytest

from bot.render.phones import find_phones, phone_href


def links(text: str, *, danger: bool = False) -> list[str]:
    return [span.href for span in find_phones(text, danger=danger)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Défenseur des droits : 09 69 39 00 00.", ["tel:0969390000"]),
        ("au 0 806 001 620, gratuit", ["tel:0806001620"]),
        ("Appelez le 3230 (CAF)", ["tel:3230"]),
        ("CAF : 3230, service gratuit", ["tel:3230"]),
        ("Le 115 répond jour et nuit", ["tel:115"]),
        ("Appelez le 17 ou le 112", ["tel:17", "tel:112"]),
        ("envoyez un SMS au 114", ["sms:114"]),
        ("parlez au 116 006", ["tel:116006"]),
    ],
)
def test_a_number_one_calls_is_a_link(text: str, expected: list[str]) -> None:
    assert links(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "le 17 mars 2026",
        "Entre le 28 du mois et le 15 du mois suivant",
        "Vous avez moins de 18 ans",
        "un loyer de 3230 €",
        "le 3000 mètres, ou 3 000 personnes : 3500 personnes",
        "Cerfa 10840*07",
        "de 15 à 20 heures",
        "article 15-3 du code",
        "dossier 02990944561",
        "Appelez le 15 janvier",
    ],
)
def test_any_other_number_is_not(text: str) -> None:
    assert links(text) == []


def test_a_danger_takes_emergency_numbers_but_not_ages_or_durations() -> None:
    assert links("15 : Samu", danger=True) == ["tel:15"]
    assert links("Moins de 18 ans, depuis 15 jours", danger=True) == []


def test_the_link_of_a_number_has_digits_only() -> None:
    assert phone_href("02 99\u00a009 44 56") == "tel:0299094456"
