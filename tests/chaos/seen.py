"""What was seen of a run from outside: by the clients, by the relays before the carriers, by the carriers themselves."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import parse_qs

import aiohttp

from tests.chaos.count import API, SMS, TELEGRAM, Asked, Handing, Logs
from tests.chaos.inside import Inside
from tests.chaos.people import LANES, NOTICE, ApiClients, Person, question_of
from tests.chaos.scene import Scene


async def pending_updates(scene: Scene) -> int:
    """Return how many updates Telegram still holds."""
    url = f"{scene.telegram.base_url}/bot{scene.telegram.token}/getWebhookInfo"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return int((await response.json())["result"]["pending_update_count"])


async def read_logs(scene: Scene, inside: Inside, clients: ApiClients, people: list[Person]) -> Logs:
    """Gather what each side saw."""
    conversations = {id_: person for person, (id_, _) in clients.conversations.items()}
    logs = Logs(stored=await inside.stored(conversations), handed=handed_of(scene))
    logs.asked = [Asked(p, text, LANES[text]) for p, texts in clients.acknowledged.items() for text in texts]
    logs.asked += sms_asked(scene)
    pending = await pending_updates(scene)
    telegram = [person for person in people if person.channel == TELEGRAM]
    logs.asked += (
        [] if pending else [Asked(p.name, text, LANES[text]) for p in telegram for text in p.questions]
    )
    for person in people:
        if person.channel == API:
            texts = [m["text"] for m in await clients.transcript(person.name) if m["from"] == "assistant"]
            logs.heard[person.name] = _questions(texts)
    logs.heard |= _taken(scene)
    return logs


def sms_asked(scene: Scene) -> list[Asked]:
    """Return the messages of phones that our webhook acknowledged, once by Kannel's id of each."""
    found: dict[str, Asked] = {}
    for call in scene.relays["sms_in"].passed:
        if call.path.endswith("/message") and 200 <= call.status < 300:
            text, sender = call.body.decode("utf-8", "replace"), call.headers.get("X-Kannel-From", "")
            found[call.query.get("id", "")] = Asked(f"+{sender.lstrip('+')}", text, LANES.get(text, ""))
    return list(found.values())


def handed_of(scene: Scene) -> list[Handing]:
    """Return what was handed to Kannel and to Telegram, by our id of it, or by its chat and text."""
    handed = []
    for call in scene.relays["sms_out"].passed:
        key = call.headers.get("X-Kannel-DLR-Url", "").partition("id=")[2].partition("&")[0]
        person = f"+{call.headers.get('X-Kannel-To', '').lstrip('+')}"
        handed.append(Handing(SMS, key, person, call.began, call.ended, 200 <= call.status < 300))
    for call in scene.relays["telegram"].passed:
        if call.path.endswith("/sendMessage"):
            said = telegram_message(call.body, call.headers)
            if NOTICE in said["text"]:
                continue  # the same words again are another notice
            key = f"{said['chat_id']} {question_of(said['text'])}"
            handed.append(
                Handing(TELEGRAM, key, str(said["chat_id"]), call.began, call.ended, call.status == 200)
            )
    return handed


def telegram_message(body: bytes, headers: dict[str, str]) -> dict[str, str]:
    """Return the chat and text of a call of sendMessage, whichever way they were written."""
    if "json" in headers.get("Content-Type", ""):
        return {name: str(value) for name, value in json.loads(body).items()}
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _taken(scene: Scene) -> dict[str, list[str]]:
    """Return which questions were answered to each phone and chat, in the order in which their carrier took them."""
    heard: dict[str, list[str]] = {}
    for call in sorted(scene.relays["sms_out"].passed, key=lambda call: call.began):
        if 200 <= call.status < 300:
            person = f"+{call.headers.get('X-Kannel-To', '').lstrip('+')}"
            heard.setdefault(person, []).extend(_questions([call.body.decode()]))
    for sent in scene.telegram.calls("sendMessage"):
        if sent["status"] == 200:
            heard.setdefault(str(sent["params"]["chat_id"]), []).extend(_questions([sent["params"]["text"]]))
    return heard


def _questions(texts: list[str]) -> list[str]:
    return [question for text in texts if (question := question_of(text))]


async def others_of(scene: Scene, clients: ApiClients, people: list[Person], logs: Logs) -> dict[str, str]:
    """Return the figures that have no bound: what was refused, and what carriers did of their own."""
    typed = sum(len(person.questions) for person in people if person.channel == SMS)
    given = sum(asked.person.startswith("+") for asked in logs.asked)
    shown: Counter[tuple[str, str]] = Counter()
    for message in scene.kannel.messages:
        if question := question_of(message.text):
            shown[f"+{message.phone.lstrip('+')}", question] += 1
    taken = {(person, q) for person, qs in logs.heard.items() if person.startswith("+") for q in qs}
    return {
        "calls of the API not acknowledged, then sent again": str(dict(sorted(clients.refusals.items()))),
        "SMS typed, and acknowledged by our webhook": f"{typed}, {given}",
        "answers Kannel took and no phone showed (Kannel killed)": str(len(taken - set(shown))),
        "answers phones showed more than once": str(sum(n - 1 for n in shown.values())),
        "starts of `bot run` after the first": str(scene.starts),
    }
