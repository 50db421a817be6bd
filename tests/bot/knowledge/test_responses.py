"""The texts that are not of a fiche: every text used exists, every text that exists is used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import channels
from bot.answers import compose
from bot.answers.discouragement import KINDS
from bot.knowledge.emergency import Emergencies
from bot.knowledge.fiche import Bloc
from bot.knowledge.language import bloc_texts
from bot.knowledge.loader import Knowledge
from bot.knowledge.responses import VARIABLE, Response, fill, load_responses, to_block
from bot.knowledge.yaml_files import KnowledgeError
from bot.language.foreign import LANGUAGES
from bot.model.answer import Block, BlockKind
from bot.service.demande_flow import Question
from bot.store.demandes import MOYENS
from channels.registry import CHANNELS as CHANNEL_NAMES

ANSWERS = Path(compose.__file__).parent
CHANNELS = Path(channels.__file__).parent
GIVEN = {
    "jours", "editeur", "lieu", "lieu_sms",  # given to every text
    "titre", "organisme", "date", "quoi", "quoi_sms", "resume", "reference", "code", "telephone", "numeros", "numeros_sms", "lieux_sms",
    "sujet", "transmis", "quand", "ouverture", "promesse", "ou", "ou_sms", "nom", "delai", "droit",  # of a request
    "commune", "communes", "besoin",  # of a place
    "adresse", "messages", "contenu", "depuis", "effacement", "etat", "fin", "nombre",  # of what is held about somebody
    "qui", "contacts", "lien",  # only where a phone without buttons asks for them
}  # fmt: skip


def keys_named(emergencies: Emergencies) -> set[str]:
    """Return every response key that the code names: in bot/answers, and in a channel those of its own name."""
    parts = {
        "dangers[0]": list(emergencies.dangers),
        "danger": list(emergencies.dangers),
        "question": [question.value for question in Question],
        "details.moyen": list(MOYENS),
        "language": list(LANGUAGES),
        "kind": list(KINDS),
        "held.channel": list(CHANNEL_NAMES),
    }
    named = {
        node.value
        for path in CHANNELS.glob("*/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(rf"{path.relative_to(CHANNELS).parts[0]}\.[a-z_]*[a-z]", node.value)
    }
    for path in ANSWERS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.update(re.findall(r"^[a-z_]+\.[a-z_]*[a-z]$", node.value))
            elif isinstance(node, ast.JoinedStr):
                match = re.fullmatch(r"f'([a-z_]+\.[a-z_]*)\{([^}]+)\}'", ast.unparse(node))
                if match:
                    named.update(f"{match[1]}{part}" for part in parts[match[2]])
    return named


def test_every_text_the_code_names_exists(knowledge: Knowledge) -> None:
    assert keys_named(knowledge.emergencies) - set(knowledge.responses) == set()


def test_every_text_that_exists_is_said(knowledge: Knowledge) -> None:
    assert set(knowledge.responses) - keys_named(knowledge.emergencies) == set()


def test_every_variable_of_a_text_is_one_the_code_gives(knowledge: Knowledge) -> None:
    for key, response in knowledge.responses.items():
        texts = [response.sms, *(text for bloc in response.web for text in bloc_texts(bloc))]
        assert {name for text in texts for name in VARIABLE.findall(text)} <= GIVEN, key
        assert not re.search(r"[{}]", " ".join(VARIABLE.sub("", text) for text in texts)), key


def test_filling_replaces_each_variable_and_never_reads_what_it_put() -> None:
    assert (
        fill("Bonjour {nom}, {jours} jours.", {"nom": "{jours}", "jours": "30"})
        == "Bonjour {jours}, 30 jours."
    )


def test_a_variable_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("{inconnu}", {})


@pytest.mark.parametrize(
    ("bloc", "block"),
    [
        (Bloc(texte="a", titre="T"), Block(BlockKind.TEXT, ("a",), "T")),
        (Bloc(attention="a"), Block(BlockKind.WARNING, ("a",))),
        (Bloc(liste=["a", "b"]), Block(BlockKind.LIST, ("a", "b"))),
        (Bloc(etapes=["a"]), Block(BlockKind.STEPS, ("a",))),
        (Bloc(documents=["a"]), Block(BlockKind.DOCUMENTS, ("a",))),
    ],
)
def test_each_kind_of_block_is_kept(bloc: Bloc, block: Block) -> None:
    assert to_block(bloc) == block


GOOD = 'a.b:\n  web: [{texte: "oui"}]\n  sms: "oui"\n'


def test_texts_of_every_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "un.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "deux.yml").write_text(GOOD.replace("a.b", "c.d"), encoding="utf-8")
    (tmp_path / "vide.yml").write_text("", encoding="utf-8")
    assert load_responses(tmp_path) == {
        key: Response(web=[Bloc(texte="oui")], sms="oui") for key in ("a.b", "c.d")
    }


def test_a_text_written_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "un.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "deux.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="la réponse « a.b » existe déjà"):
        load_responses(tmp_path)


def test_a_text_without_sms_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "un.yml").write_text(GOOD + "c.d:\n  web: []\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"un\.yml:4: c\.d > sms : cette clé est obligatoire"):
        load_responses(tmp_path)
