"""Everything residents may be sent by SMS, through a real Kannel to a phone: identical, two segments, GSM-7."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.answers.compose import Composer
from bot.knowledge.fiche import RUBRIQUES
from bot.knowledge.loader import load_knowledge
from bot.model.answer import Answer
from bot.model.directive import Directive
from bot.render.gsm import count_segments, foreign_characters
from bot.render.sms import sms_pages
from bot.settings import Settings
from channels.sms.gateway import Mt
from channels.sms.gateways.kannel import Kannel
from channels.sms.local_kannel import PASSWORD, SERVICE_NUMBER, USER, LocalKannel
from channels.sms.settings import SmsSettings

PHONE = "+33639980001"
SILENCE_SECONDS = 20


@pytest.fixture(scope="module")
def kannel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKannel]:
    kannel = LocalKannel(tmp_path_factory.mktemp("kannel"), "http://127.0.0.1:9/sms/s", throughput=1000)
    kannel.start()
    yield kannel
    kannel.stop()


@pytest.fixture(scope="module")
def composer() -> Composer:
    settings = Settings(editeur="Communauté de communes d'essai, au nom plus long que la place")
    return Composer(load_knowledge(Path("data"), settings.territoire), settings)


def fiche_texts(composer: Composer, most: int | None) -> Iterator[str]:
    """Pages of every rubrique, simple version and situation (the first, or all), as a first message and as a later one."""
    wording = composer.sms_wording()
    for answer in fiche_answers(composer):
        for is_first in (False, True):
            for page in sms_pages(answer, wording, is_first=is_first)[:most]:
                yield page.text


def fiche_answers(composer: Composer) -> Iterator[Answer]:
    for fiche in composer.knowledge.fiches:
        for rubrique in RUBRIQUES:
            yield composer.fiche(fiche, rubrique)
        yield composer.compose(Directive("simplifier", fiche=fiche), "")
    for situation in composer.knowledge.situations:
        yield composer.compose(Directive("orientation", situation=situation), "")


async def test_every_answer_reaches_the_phone_as_it_was_meant(
    kannel: LocalKannel, composer: Composer
) -> None:
    await check_texts(kannel, list(dict.fromkeys(fiche_texts(composer, 1))))


@pytest.mark.lent
async def test_every_page_of_suite_reaches_the_phone_as_it_was_meant(
    kannel: LocalKannel, composer: Composer
) -> None:
    await check_texts(kannel, list(dict.fromkeys(fiche_texts(composer, None))))


async def check_texts(kannel: LocalKannel, texts: list[str]) -> None:
    kannel.messages.clear()
    await send_all(kannel, texts)
    heard = {message.text for message in kannel.messages}
    assert [text for text in texts if text not in heard] == []
    assert [m.text for m in kannel.messages if m.segments > 2] == []
    assert [m.text for m in kannel.messages if not m.is_gsm] == []
    assert [m.text for m in kannel.messages if m.segments != count_segments(m.text)] == []
    print(f"\n{len(texts)} SMS identical at the phone, {sum(m.segments for m in kannel.messages)} segments")


async def send_all(kannel: LocalKannel, texts: list[str]) -> None:
    settings = SmsSettings(
        sms_kannel_url=kannel.send_url, sms_user=USER, sms_password=PASSWORD, sms_number=SERVICE_NUMBER
    )
    gateway = Kannel(settings)
    async with aiohttp.ClientSession() as session:
        for number, text in enumerate(texts):
            is_gsm = not foreign_characters(text)
            await gateway.send(session, Mt(str(number), PHONE, text, is_gsm, "http://127.0.0.1:9/r"))
    last, seen = time.monotonic(), -1
    while len(kannel.messages) < len(texts) and time.monotonic() - last < SILENCE_SECONDS:
        if len(kannel.messages) != seen:
            last, seen = time.monotonic(), len(kannel.messages)
        await asyncio.sleep(0.1)
