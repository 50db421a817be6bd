"""What is counted of the requests that ended."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from bot.model.french import today_in_france
from bot.store import closures
from bot.store.accounts import Role
from bot.store.closures import Mark
from channels.console.report import harmless, read_period
from tests.channels.console.desk_scene import assistant_of, sign_in
from tests.channels.talking import Client

TODAY = date(2026, 11, 30)


async def end(
    client: Client,
    times: int,
    *,
    outcome: str = "repondu",
    subject: str | None = "rsa",
    marks: Iterable[Mark] = (),
    day: date | None = None,
) -> None:
    """Count requests that ended in the same way."""
    async with assistant_of(client)._database.write() as connection:
        for _ in range(times):
            await closures.add_closure(
                connection,
                day=day or today_in_france(),
                territoire="t",
                channel="web",
                subject=subject,
                outcome=outcome,
                marks=list(marks),
            )


def tables_of(html: str) -> dict[str, list[list[str]]]:
    """Return the rows of each table by its caption."""
    found = {}
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        caption = (
            re.findall(r"<caption[^>]*>(.*?)</caption>", table)[0]
            .replace("\u00a0", " ")
            .replace("&#39;", "'")
        )
        rows = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL)
        found[caption] = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return found


async def test_a_count_below_five_is_not_shown(client: Client) -> None:
    responsable = await sign_in(client, role=Role.RESPONSABLE)
    await end(client, 5, outcome="droit_ouvert")
    await end(client, 4, outcome="injoignable")
    tables = tables_of(await responsable.get("/console/rapport"))
    assert tables["Comment les demandes se terminent"] == [
        ["Le droit est ouvert", "5"],
        ["La personne n&#39;a pas pu être jointe", "moins de 5"],
    ]


async def test_what_blocked_is_counted_in_all_and_by_subject(client: Client) -> None:
    responsable = await sign_in(client, role=Role.RESPONSABLE)
    marks = [Mark("organisme", "CAF"), Mark("etape", "prouver")]
    await end(client, 6, marks=marks)
    await end(client, 5, subject="apl", marks=marks)
    await end(client, 3, subject=None, marks=marks)
    tables = tables_of(await responsable.get("/console/rapport"))
    assert tables["Ce qui bloquait : l'organisme"] == [["CAF", "14"]]
    assert tables["Ce qui bloquait : l'organisme, par sujet"] == [
        ["CAF", "Revenu de solidarité active (RSA)", "6"],
        # One of these two has five: alone, the three would be found by taking six and five from fourteen.
        ["CAF", "Aides au logement (APL, ALS, ALF)", "moins de 5"],
        ["CAF", "Sujet non dit", "moins de 5"],
    ]
    assert tables["Ce qui bloquait : l'étape"] == [["Fournir les justificatifs", "14"]]


async def test_only_the_days_asked_for_are_counted(client: Client) -> None:
    responsable = await sign_in(client, role=Role.RESPONSABLE)
    day = today_in_france() - timedelta(days=40)
    await end(client, 7, day=day)
    address = f"/console/rapport?du={day.isoformat()}&au={day.isoformat()}"
    assert ">7<" in await responsable.get(address)
    before = day - timedelta(days=1)
    html = await responsable.get(f"/console/rapport?du={before.isoformat()}&au={before.isoformat()}")
    assert "Aucune demande n&#39;a été close" in html or "Aucune demande n'a été close" in html


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("hier", "", "Écrivez les dates ainsi"),
        ("2026-13-45", "", "Écrivez les dates ainsi"),
        ("2026-11-02", "2026-11-01", "La première date doit venir avant la seconde."),
    ],
)
def test_days_that_cannot_be_read_give_the_usual_ones_and_say_why(since: str, until: str, said: str) -> None:
    period = read_period(since, until, TODAY)
    assert said in period.error
    assert (period.since, period.until) == (date(2026, 8, 30), TODAY)


def test_the_last_three_months_are_shown_at_first() -> None:
    period = read_period("", "", TODAY)
    assert (period.since, period.until, period.error) == (date(2026, 8, 30), TODAY, "")


async def test_a_table_says_its_title_and_what_its_headers_are_of(client: Client) -> None:
    responsable = await sign_in(client, role=Role.RESPONSABLE)
    await end(client, 5)
    html = await responsable.get("/console/rapport")
    assert html.count("<caption") == html.count("<table>") == 1
    assert '<th scope="col">' in html
    assert '<th scope="row">' in html


async def test_the_file_for_a_spreadsheet_holds_no_formula_and_is_noted(client: Client) -> None:
    responsable = await sign_in(client, role=Role.RESPONSABLE)
    await end(client, 5, marks=[Mark("organisme", "=HYPERLINK(1)"), Mark("exigence", "@SUM(1)")])
    response = await client.get("/console/rapport.csv", headers=responsable.headers)
    text = await response.text()
    assert response.content_type == "text/csv"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="rapport-')
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0] == ["du", "au", "tableau", "quoi", "sujet", "nombre"]
    assert {"'=HYPERLINK(1)", "'@SUM(1)"} <= {row[3] for row in rows}
    assert "rapport" in (await responsable.get("/console/compte/journal")).lower()


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1"])
def test_a_cell_that_could_be_a_formula_is_words(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"a{cell}") == f"a{cell}"


async def test_only_a_responsable_reads_the_report(client: Client) -> None:
    awa, agent = await sign_in(client), await sign_in(client, "agent", Role.AGENT)
    for path in ("/console/rapport", "/console/rapport.csv"):
        for who in (awa, agent):
            await who.get(path, status=403)
        assert (await client.get(path, allow_redirects=False)).status == 303
    assert "/console/rapport" not in await awa.get("/console")
