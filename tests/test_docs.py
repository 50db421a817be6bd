"""The documents say what the code does: settings, commands, dependencies, links, figures of the knowledge."""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path

import pytest

from bot.cli import _parser
from outils.docs import ecrire_connaissances, ecrire_reglages

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
WORDS = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)


def subcommands() -> dict[str, argparse.ArgumentParser]:
    actions = _parser()._actions
    return dict(next(a for a in actions if isinstance(a, argparse._SubParsersAction)).choices)


def direct_dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [re.split(r"[^A-Za-z0-9_.-]", name)[0] for name in wanted]


def make_targets() -> list[str]:
    first = (ROOT / "Makefile").read_text(encoding="utf-8").split(".PHONY:")[1].splitlines()[0]
    return [target for target in first.split() if not target.startswith(("environnement", "outils"))]


def relative_links(document: Path) -> list[str]:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    return [link for link in links if "://" not in link]


def test_the_page_of_settings_is_what_the_settings_say() -> None:
    written = ecrire_reglages.PAGE.read_text(encoding="utf-8")
    assert written == ecrire_reglages.page(), "lancez : python -m outils.docs.ecrire_reglages"


def test_the_table_of_the_knowledge_is_what_the_fiches_say() -> None:
    written = ecrire_connaissances.PAGE.read_text(encoding="utf-8")
    again = ecrire_connaissances.with_table(written, ecrire_connaissances.measured_on(written))
    assert written == again, "lancez : python -m outils.docs.ecrire_connaissances"


@pytest.mark.parametrize("name", subcommands())
def test_every_command_and_its_options_are_described(name: str) -> None:
    assert f"`bot {name}`" in WORDS
    options = [option for action in subcommands()[name]._actions for option in action.option_strings]
    missing = [o for o in options if o not in {"-h", "--help"} and f"`{o}`" not in WORDS]
    assert missing == []


@pytest.mark.parametrize("target", make_targets())
def test_every_make_target_is_described(target: str) -> None:
    assert f"`make {target}`" in WORDS


@pytest.mark.parametrize("name", direct_dependencies())
def test_every_direct_dependency_has_its_reason_and_licence(name: str) -> None:
    page = (ROOT / "docs" / "dependances.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
    assert len(rows) == 1
    assert all(cell.strip() for cell in rows[0].strip("|").split("|"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    lost = [link for link in relative_links(document) if not (document.parent / link).exists()]
    assert lost == []
