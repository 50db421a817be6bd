"""Words that would be read as something else: a template, markup, a path, a formula, a line of the log, a header."""

from __future__ import annotations

import ast
import json
import logging
import re
from collections.abc import AsyncIterator
from datetime import datetime
from email import message_from_bytes

import pytest
import structlog

from bot.model.mail import Sender
from bot.service.logs import configure_logs
from bot.service.smtp import compose
from bot.store.mails import Mail
from channels.keys import ASSISTANT
from tests.channels.attacking import Scene, open_scene
from tests.channels.talking import OpenClient, app_of, form_id_of
from tests.running import ROOT

TEMPLATE = "{{7*7}} {%print(7*7)%} ${7*7} #{7*7} <%= 7*7 %>"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"
WORDS = f"bonjour {TEMPLATE} {MARKUP}"
ALIVE = re.compile(r"<script>alert|<img src=x|<svg/onload|\b49\b.*\b49\b")
TRAVERSALS = (
    "..%2f..%2fetc%2fpasswd", "%2e%2e%2fserver.py", "....//server.py", "..%5c..%5cwindows", "%00", "style.css%00.png",
    "%2fetc%2fpasswd", "~root", "apl%2f..%2f..", "..;/",
)  # fmt: skip
CONTROL = "\n\r\x1b[31m\u2028\u0085level=error event=forged"


@pytest.fixture
async def scene(open_client: OpenClient) -> AsyncIterator[Scene]:
    opened = await open_scene(open_client)
    yield opened
    await opened.visitor.session.close()


async def page_of(scene: Scene, path: str, **fields: str) -> str:
    """Send a form of a page, or read the page, as who is signed in and talks; return what comes at the end."""
    headers = {"Cookie": scene.cookies}
    session = scene.visitor.session
    if not fields:
        return await (await session.get(path, headers=headers)).text()
    response = await session.post(path, data=fields, headers=headers, allow_redirects=False)
    text = await response.text()
    assert response.status in (200, 303, 422), (path, response.status, text[:500])
    location = response.headers.get("Location", "")
    return text + (await page_of(scene, location.partition("#")[0]) if location else "")


async def test_template_injection_and_xss_in_every_text_field(scene: Scene) -> None:
    home = await page_of(scene, "/")
    jeton = re.search(r'name="jeton" value="([^"]+)"', await page_of(scene, "/console/compte"))
    assert jeton
    token, case = jeton[1], f"/console/demandes/{scene.reference}"
    sent = [
        ("/message", {"text": f"mon mari me frappe {WORDS}", "form_id": form_id_of(home)}),
        ("/borne/message", {"text": f"mon mari me frappe {WORDS}", "form_id": form_id_of(home)}),
        ("/integrer/message", {"text": f"mon mari me frappe {WORDS}", "form_id": form_id_of(home)}),
        (
            "/personne",
            {
                "moyen": "domicile",
                "telephone": WORDS,
                "commune": WORDS,
                "nom": WORDS,
                "mots": WORDS,
                "quand": WORDS,
            },
        ),
        ("/personne", {"moyen": "retour", "nom": WORDS[:60], "mots": WORDS}),
        ("/demande", {"reference": WORDS, "code": WORDS}),
        ("/demande/effacer", {"reference": WORDS, "code": WORDS}),
        ("/signaler", {"mots": WORDS, "fiche": WORDS, "rubrique": WORDS}),
        ("/signaler", {"mots": "?", "fiche": "apl"}),
        ("/console/connexion", {"identifiant": WORDS, "mot_de_passe": WORDS, "suite": WORDS}),
        ("/console/compte/nom", {"nom": WORDS[:60]}),
        ("/console/compte/courriel", {"courriel": WORDS}),
        ("/console/compte/horaires", {"horaires": WORDS}),
        ("/console/comptes/nouveau", {"identifiant": WORDS, "nom": WORDS, "courriel": WORDS, "role": WORDS}),
        (f"{case}/prendre", {"x": "y"}),
        (f"{case}/note", {"texte": WORDS}),
        (f"{case}/repondre", {"texte": WORDS}),
        (f"{case}/transmettre", {"organisme": WORDS, "texte": WORDS}),
        (f"{case}/assistant/{scene.message}", {"quoi": WORDS, "fiche": WORDS, "texte": WORDS}),
        ("/agent/fiches/apl/signaler", {"mots": WORDS, "texte": WORDS, "rubrique": WORDS}),
        ("/agent/fiches/apl/sms", {"telephone": WORDS, "rubrique": WORDS}),
        ("/agent/livret", {"fiche": WORDS, "format": WORDS}),
    ]
    for path, fields in sent:
        html = await page_of(scene, path, jeton=token, **fields)
        assert not ALIVE.search(html), path
    shown = [await page_of(scene, path) for path in ("/conversation", case, "/console", "/console/compte")]
    assert not [html for html in shown if ALIVE.search(html)]
    # What was written is still all there, to be read: in the conversation, in the case.
    assert all("{{7*7}}" in html and "&lt;script&gt;alert(1)" in html for html in shown[:2])


async def test_template_injection_and_xss_by_the_address(scene: Scene) -> None:
    names = (
        "q",
        "reference",
        "fiche",
        "rubrique",
        "suite",
        "commune",
        "situation",
        "fait",
        "bloque",
        "format",
        "coche",
    )
    for route in scene.routes("GET"):
        if route.canonical.endswith(("events", "evenements", ".csv", "/pdf", "/quitter")):
            continue
        headers = {"Cookie": scene.cookies}
        for query in (
            dict.fromkeys(names, WORDS),
            {"du": WORDS, "au": WORDS, "qui": WORDS, "inserer": WORDS, "message": WORDS},
        ):
            response = await scene.visitor.session.get(route.path, params=query, headers=headers)
            assert response.status in (200, 400, 401, 404, 422, 503), route.canonical
            assert not ALIVE.search(await response.text()), route.canonical


async def test_path_traversal_in_every_variable_of_the_router(scene: Scene) -> None:
    for route in scene.routes("GET"):
        for name in re.findall(r"\{(\w+)\}", route.canonical):
            for word in TRAVERSALS:
                path = re.sub(r"\{\w+\}", "x", route.canonical.replace(f"{{{name}}}", word))
                reader = await scene.visitor.session.get(path, allow_redirects=False)
                text = await reader.text()
                assert reader.status in (303, 401, 403, 404), (path, reader.status)
                assert "root:" not in text
                assert "import annotations" not in text


async def test_names_of_files_given_to_download_hold_no_word_of_the_address(scene: Scene) -> None:
    for path in (
        '/console/rapport.csv?du="%0d%0aX-A:b&au=../../x',
        "/agent/fiches/apl/pdf?format=../../x&coche=%22%0d%0a",
    ):
        response = await scene.visitor.session.get(path)
        assert response.status == 200
        disposition = response.headers["Content-Disposition"]
        assert re.fullmatch(r'(attachment|inline); filename="[a-z0-9.-]+"', disposition), disposition


def test_header_injection_in_a_mail() -> None:
    words = f"Sujet\r\nBcc: quelqu.un@exemple.fr\r\n\r\n{TEMPLATE}"
    mail = Mail(1, datetime(2026, 11, 30), 1, "awa@exemple.fr", words, words)
    read = message_from_bytes(compose(mail, Sender("Droits", "droits@exemple.fr")).as_bytes())
    assert read["Bcc"] is None
    assert read.get_all("To") == ["awa@exemple.fr"]
    assert "{{7*7}}" in str(read.get_payload(decode=True), "utf-8")


def test_no_template_is_made_of_words() -> None:
    """Templates are our own files, their escaping is always on: no word of anybody is ever a template."""
    wrong = []
    for folder in ("bot", "channels", "actions"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                escapes = any(
                    word.arg == "autoescape" and getattr(word.value, "value", False) is True
                    for word in node.keywords
                )
                if isinstance(node.func, ast.Attribute) and name in ("eval", "exec"):
                    name = ""  # a script of Redis, which is our own
                if name in ("from_string", "Template", "eval", "exec", "compile_expression") or (
                    name == "Environment" and not escapes
                ):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    # The paper of the offline edition and of SMS is text; every other environment escapes.
    assert wrong == []


def test_log_injection_by_any_value(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    structlog.get_logger().warning("essai", état=CONTROL, autre=f'"{CONTROL}')
    logging.getLogger("library").warning("%s", CONTROL)
    written = capsys.readouterr().out
    assert len(written.splitlines()) == 2
    assert "\x1b" not in written
    assert not [line for line in written.splitlines() if line.startswith("level=error")]


async def test_log_injection_by_every_form_and_address(
    scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    for route in scene.routes("POST"):
        names = (
            "text",
            "choice",
            "moyen",
            "nom",
            "mots",
            "reference",
            "code",
            "identifiant",
            "mot_de_passe",
            "jeton",
            "from",
        )
        await scene.visitor.session.post(
            route.path,
            data=dict.fromkeys(names, CONTROL),
            headers={"Cookie": scene.cookies},
            allow_redirects=False,
        )
    for path in (
        "/%0alevel=error%20event=forged",
        "/console/%0d%0aevent=forged",
        "/sms/%0aevent=forged/message",
    ):
        await scene.client.get(path, headers={"User-Agent": "event=forged"}, allow_redirects=False)
    headers = {"Authorization": f"Bearer {scene.api.token}"}
    await scene.client.post(f"{scene.api.path}/messages", data=json.dumps({"text": CONTROL}), headers=headers)
    assert "forged" not in "".join(capfd.readouterr())
    assert app_of(scene.client)[ASSISTANT] is not None


def test_no_path_is_made_of_what_a_request_says() -> None:
    """Files that pages show are read once, by folder; handlers open none."""
    opened = set()
    for path in (ROOT / "channels").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"request\.", text) and re.search(
            r"\bopen\(|read_bytes|read_text|write_text|FileResponse", text
        ):
            opened.add(str(path.relative_to(ROOT)))
    # Our own style and files, when the server starts; and the Kannel of a trial, apart from the server.
    assert opened == {"channels/security.py", "channels/static_files.py", "channels/sms/local_kannel.py"}
