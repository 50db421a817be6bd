"""Make the pictures of docs/guide-operateur.md again, from a console of its own with made-up people.

    python -m outils.docs.captures_console

Nothing of `var/` is read and nothing goes out: the console runs on a store in a temporary folder, without Rasa. It
needs Chromium (/usr/bin/chromium), as the tests in a browser do. Pictures are docs/images/console-*.png, 1,100 pixels
wide, in 64 colours.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, sync_playwright
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.choices import HAND_YES
from bot.model.answer import Answer
from bot.model.french import today_in_france
from bot.service.intake import Incoming
from bot.store import closures, deliveries
from bot.store import conversations as store
from bot.store.accounts import Role
from bot.store.cipher import Cipher
from bot.store.closures import Mark
from bot.store.database import now
from bot.store.demandes import DemandeDetails
from bot.store.schema import deliveries as deliveries_table
from bot.store.schema import demandes
from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.console import RunningConsole, run_console

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
WIDTH = 1100
MARGIN = 16
COLOURS = 64
LARGEST_BYTES = 120 * 1024
OPERATOR, COLLEAGUE, RESPONSABLE = "conseiller1", "conseiller2", "responsable1"
DANGER, DANGER_KIND = "Mon mari me frappe.", "violences"
LONG_REPLY = (
    "J'ai regardé votre dossier. Il manque une déclaration de ressources. Pouvez-vous passer mardi matin ? Nous la "
    "ferons ensemble."
)


class Scene:
    """People who asked, and those who answer them."""

    def __init__(self, console: RunningConsole) -> None:
        self.console = console
        for login, role in ((OPERATOR, Role.OPERATEUR), (COLLEAGUE, Role.OPERATEUR)):
            console.make_account(login, role)
        console.make_account(RESPONSABLE, Role.RESPONSABLE)
        for rank, name in enumerate(("Conseiller 1", "Conseillère 2", "Responsable 1"), start=1):
            console.do(console.assistant.accounts.rename(rank, name))

    def ask(self, said: str = "", fiche: str = "", *, channel: str = "web", **given: Any) -> tuple[str, str]:
        """Let somebody talk to the assistant and ask for a person; return the request and the conversation.

        What is said without a fiche tells a danger.
        """
        assistant = self.console.assistant
        conversation, _, _ = self.console.do(assistant.start_conversation(channel))
        if said:
            composer = assistant.composer
            answer = composer.fiche(fiche, "apercu") if fiche else composer.urgence((DANGER_KIND,))
            self._write(conversation.id, said, answer)
        details = DemandeDetails(**given)
        asked = assistant.create_demande(details, conversation_id=conversation.id, channel=channel)
        return self.console.do(asked).reference, conversation.id

    def _write(self, conversation_id: str, said: str, answer: Answer) -> None:
        async def written(connection: AsyncConnection, cipher: Cipher) -> None:
            for sender, body in (
                (store.USER, {"text": said}),
                (store.ASSISTANT, {"answer": answer.to_json()}),
            ):
                await store.add_message(connection, cipher, conversation_id, sender, body)

        self.console.write(written)

    def say(self, conversation_id: str, text: str | None = None, choice: str | None = None) -> None:
        """Let the person write, or press a button, as on any channel."""
        self.console.do(self.console.assistant.receive(conversation_id, Incoming(text, choice)))

    def make_older(self, reference: str, minutes: int, *, late: bool = False) -> None:
        """Let a request have been made some minutes ago; `late`: its time is over."""
        asked = now() - timedelta(minutes=minutes)
        values: dict[str, Any] = {"created_at": asked}
        if late:
            values["due_at"] = now() - timedelta(minutes=5)

        async def changed(connection: AsyncConnection, _cipher: Cipher) -> None:
            await connection.execute(
                demandes.update().where(demandes.c.reference == reference).values(**values)
            )

        self.console.write(changed)

    def report_deliveries(self, *states: str) -> None:
        """Let the network say what became of the messages sent, oldest first."""

        async def reported(connection: AsyncConnection, _cipher: Cipher) -> None:
            query = sa.select(deliveries_table.c.id).order_by(deliveries_table.c.id)
            rows = (await connection.execute(query)).all()
            for row, state in zip(rows, states, strict=False):
                await deliveries.close(connection, row.id, state)

        self.console.write(reported)

    def claim(self, reference: str, account_id: int) -> None:
        """Let an operator take a request."""
        self.console.do(self.console.assistant.casework.claim(reference, account_id))

    def count_ends(self) -> None:
        """Count some ends, so that the report has tables."""

        async def counted(connection: AsyncConnection, _cipher: Cipher) -> None:
            for rank in range(23):
                await closures.add_closure(
                    connection,
                    day=today_in_france(),
                    territoire="saint-meen-montauban",
                    channel="web",
                    subject="rsa",
                    outcome=("repondu", "droit_ouvert", "rendez_vous")[rank % 3],
                    marks=[Mark("non_recours", "non_reception"), Mark("etape", "prouver")][: 1 + rank % 2],
                )

        self.console.write(counted)


class Camera:
    """Takes pictures of parts of pages, from the top of one thing to the bottom of another."""

    def __init__(self, page: Page, guide: str) -> None:
        self.page = page
        self.guide = guide

    def take(self, name: str, first: Locator | None = None, last: Locator | None = None) -> None:
        """Take the page from the top of one thing (else from its own) to the bottom of another (else of its content)."""
        top = max(_box(first)["y"] - MARGIN, 0) if first else 0
        end = _box(last or self.page.locator("main"))
        bottom = end["y"] + end["height"] + MARGIN
        self._write(name, {"x": 0, "y": top, "width": WIDTH, "height": bottom - top})

    def take_part(self, name: str, part: Locator) -> None:
        """Take one thing alone, where another stands beside it."""
        box = _box(part)
        self._write(
            name,
            {
                "x": max(box["x"] - MARGIN, 0),
                "y": box["y"] - MARGIN,
                "width": box["width"] + 2 * MARGIN,
                "height": box["height"] + 2 * MARGIN,
            },
        )

    def _write(self, name: str, clip: FloatRect) -> None:
        """Write docs/images/<guide>-<name>.png. Raises ValueError when it is too heavy for the guide."""
        self.page.evaluate("document.activeElement.blur()")
        shot = self.page.screenshot(full_page=True, clip=clip)
        picture = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        target = IMAGES / f"{self.guide}-{name}.png"
        picture.save(target, optimize=True)
        size = target.stat().st_size
        if size > LARGEST_BYTES:
            raise ValueError(f"{target.name} : {size} octets, {LARGEST_BYTES} au plus")
        print(f"{target.relative_to(ROOT)} : {size // 1024} Ko")


def _box(thing: Locator) -> dict[str, float]:
    """Return where something stands in the whole page."""
    box: dict[str, float] = thing.evaluate(
        "e => { const b = e.getBoundingClientRect(); return {x: b.x, y: b.y + scrollY, width: b.width, height: b.height}; }"
    )
    return box


def take_sign_in(scene: Scene, camera: Camera) -> None:
    """Sign in, and turn the one-time code on."""
    page = camera.page
    page.goto(f"{scene.console.base_url}/console/connexion")
    page.get_by_label("Identifiant").fill(OPERATOR)
    camera.take("connexion")
    scene.console.sign_in(page, OPERATOR)
    page.goto(f"{scene.console.base_url}/console/compte")
    camera.take("compte", page.locator("h1"), page.get_by_role("button", name="Enregistrer les horaires"))


def take_queue(scene: Scene, camera: Camera) -> dict[str, tuple[str, str]]:
    """Let people ask, and show the queue; return the requests by what they are for."""
    asked = {
        "danger": scene.ask(
            DANGER,
            moyen="rappel",
            telephone="06 39 98 00 01",
            nom="Personne 1",
            quand="le matin",
        ),
        "rsa": scene.ask(
            "Je n'ai pas reçu mon RSA ce mois-ci.",
            "rsa",
            moyen="retour",
            nom="Personne 2",
            commune="Gaël",
            mots="Mon RSA n'est pas arrivé. Je ne sais pas pourquoi.",
            joindre=True,
        ),
        "sms": scene.ask(channel="sms", moyen="texto", telephone="06 39 98 00 03", nom="Personne 3"),
        "loyer": scene.ask(
            "J'ai deux loyers de retard.", "impayes-expulsion", moyen="rdv", commune="Gaël", joindre=True
        ),
        "apl": scene.ask("Ai-je droit aux APL ?", "apl", moyen="retour", nom="Personne 5", joindre=True),
        "taken": scene.ask("Ma carte vitale est perdue.", "carte-vitale", moyen="retour", joindre=True),
    }
    for rank, (reference, _) in enumerate(asked.values()):
        scene.make_older(reference, 15 + 13 * rank, late=rank == 4)
    scene.claim(asked["taken"][0], 2)
    camera.page.goto(f"{scene.console.base_url}/console")
    camera.page.locator("#direct").wait_for()
    camera.take("file")
    return asked


def take_case(scene: Scene, camera: Camera, reference: str, conversation_id: str) -> None:
    """Read a request, take it, answer it, pass it on, end it."""
    page = camera.page
    address = f"{scene.console.base_url}/console/demandes/{reference}"
    page.goto(address)
    page.locator("#direct").wait_for()
    camera.take("demande", page.locator("nav[aria-label='Parmi les demandes']"), page.locator("#fil"))
    page.get_by_role("button", name="Prendre").click()
    page.get_by_text("Ajouter une réponse type ou une fiche").click()
    page.get_by_role("button", name="Dire bonjour et se présenter").click()
    camera.take_part("reponse", page.locator("section[aria-labelledby=repondre]"))
    page.get_by_role("button", name="Envoyer", exact=True).click()
    scene.say(conversation_id, "Merci. J'ai bien envoyé ma déclaration.")
    page.get_by_label("Nouvelle note").fill("La CAF confirme : la déclaration de ressources manque.")
    page.get_by_role("button", name="Garder la note").click()
    page.get_by_text("Confier à un collègue").click()
    page.get_by_text("Transmettre à un organisme").click()
    page.get_by_label("Organisme", exact=True).fill("CAF")
    camera.take("passer", page.locator("#suite"), page.get_by_text("Rendre la demande"))
    page.get_by_role("button", name="Demander son accord").click()
    scene.say(conversation_id, choice=HAND_YES)
    page.goto(address)
    camera.take("accord", page.locator("h1"), page.locator("p.avis.agreed"))
    page.get_by_label("La réponse est donnée").check()
    camera.take_part("clore", page.locator("section[aria-labelledby=clore]"))
    page.get_by_text("Ce qui empêchait la personne").click()
    page.get_by_label("Droit non reçu").check()
    page.get_by_label("Fournir les justificatifs").check()
    page.get_by_role("button", name="Continuer vers la clôture").click()
    camera.take("confirmer", page.locator("h1"))
    page.get_by_role("button", name="Clore la demande").click()
    camera.take("close", page.locator("#fait"), page.locator(".gestes").last)
    page.locator("a", has_text="Revoir cette réponse").first.click()
    camera.take("assistant", page.locator("h1"))


def take_text(scene: Scene, camera: Camera, reference: str) -> None:
    """Answer by text message, and see what became of it."""
    page = camera.page
    page.goto(f"{scene.console.base_url}/console/demandes/{reference}")
    page.get_by_role("button", name="Prendre").click()
    page.get_by_label("Votre réponse").fill(LONG_REPLY)
    camera.take_part("texto", page.locator("section[aria-labelledby=repondre]"))
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.get_by_label("Votre réponse").fill("Mardi à 10 h vous convient-il ?")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    scene.report_deliveries(deliveries.DELIVERED, deliveries.UNDELIVERED)
    page.goto(f"{scene.console.base_url}/console/demandes/{reference}")
    camera.take_part("remise", page.locator("section[aria-labelledby=suite]"))


def take_rest(scene: Scene, camera: Camera) -> None:
    """Search, one's own trail, and what a responsable sees."""
    page = camera.page
    page.goto(f"{scene.console.base_url}/console/recherche?q=Personne")
    camera.take("recherche", page.locator("h1"))
    page.goto(f"{scene.console.base_url}/console/compte/journal")
    camera.take("journal", page.locator("h1"))
    scene.count_ends()
    page.context.clear_cookies()
    scene.console.sign_in(page, RESPONSABLE)
    page.goto(f"{scene.console.base_url}/console/rapport")
    camera.take("rapport", page.locator("a[download]"), page.locator("table").nth(2))
    page.goto(f"{scene.console.base_url}/console/comptes/1")
    camera.take("comptes", page.locator("h1"), page.get_by_role("button", name="Fermer le compte"))


@contextmanager
def open_camera(guide: str) -> Iterator[Camera]:
    """Yield a camera for the pictures of a guide, before a page that can reach nothing but this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(locale="fr-FR", viewport={"width": WIDTH, "height": 900}).new_page()
        page.set_default_timeout(15_000)
        yield Camera(page, guide)
        browser.close()


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        run_console(Path(var), public_url="", sms_gateway="") as console,
        open_camera("console") as camera,
    ):
        scene = Scene(console)
        take_sign_in(scene, camera)
        asked = take_queue(scene, camera)
        take_case(scene, camera, *asked["rsa"])
        take_text(scene, camera, asked["sms"][0])
        take_rest(scene, camera)


if __name__ == "__main__":
    main()
