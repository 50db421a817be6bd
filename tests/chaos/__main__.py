"""`python -m tests.chaos --graine 42 --messages 2000 --moteur sqlite|postgres`: hurt a running assistant, and count.

People write on three channels while faults happen at random, both drawn from the seed: the same seed gives the same
people, messages and faults at the same times; how they fall together is up to the machine. Then everything heals, and
what was acknowledged is counted against what was heard. Ends with 1 when the delivery line is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from tests.chaos.count import API, SMS, by_channel, count
from tests.chaos.faults import Chaos, draw_faults
from tests.chaos.inside import Inside
from tests.chaos.people import (
    MESSAGES_A_SECOND,
    ApiClients,
    Person,
    draw_people,
    live,
    write_by_phone,
    write_on_telegram,
)
from tests.chaos.report import Run, print_run, write_page
from tests.chaos.scene import Scene, open_scene
from tests.chaos.seen import others_of, pending_updates, read_logs

HEALED_SECONDS = 900.0
CALM_LOOKS = 5
APART = "CHAOS_APART"


def main() -> int:
    """Run, print, and return 0 when the delivery line was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--graine", type=int, default=42)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--moteur", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--ecrire", action="store_true", help="put the figures in docs/faults.md")
    parser.add_argument("--journaux", type=Path, help="keep the logs of the assistant in this folder")
    options = parser.parse_args()
    if os.geteuid() == 0 and APART not in os.environ:
        # In a mount namespace of its own: the disk goes with this process, however it ends.
        os.environ[APART] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, "-m", "tests.chaos", *sys.argv[1:]])
    run = asyncio.run(run_chaos(options.graine, options.messages, options.moteur, options.journaux))
    print_run(run)
    if options.ecrire:
        write_page(run)
    return 0 if run.figures.holds else 1


async def run_chaos(seed: int, messages: int, engine: str, logs_to: Path | None = None) -> Run:
    """Do a whole run."""
    people = draw_people(random.Random(seed), messages)
    faults = draw_faults(random.Random(seed + 1), engine, messages / MESSAGES_A_SECOND)
    async with open_scene(engine) as scene, aiohttp.ClientSession() as session, scene.kept():
        clients = ApiClients(scene.bot.base_url, session)
        inside = Inside.open(scene.database_url, scene.bot.var)
        chaos, began = Chaos(scene), time.time()
        await asyncio.gather(chaos.do(faults), *(_live(person, scene, clients) for person in people))
        healed = await heal(scene, inside)
        logs = await read_logs(scene, inside, clients, people)
        logs.cuts = chaos.cuts()
        others = await others_of(scene, clients, people, logs)
        others["seconds until everything was answered, once all was well"] = f"{healed:.0f}"
        await inside.database.close()
        if logs_to:
            shutil.copytree(scene.bot.var / "journaux", logs_to, dirs_exist_ok=True)
            shutil.copy(scene.bot.log, logs_to)
    disk = "a tmpfs filled by a file" if scene.disk.is_mounted else "a limit on the size of files"
    return Run(
        seed, messages, len(people), engine, disk, time.time() - began, began, chaos.done, count(logs),
        by_channel(logs, {person.name: person.channel for person in people}), others,
    )  # fmt: skip


async def _live(person: Person, scene: Scene, clients: ApiClients) -> None:
    if person.channel == API:
        await live(person, clients.write)
    elif person.channel == SMS:
        await live(person, lambda name, text: write_by_phone(scene.kannel, name, text))
    else:
        await live(person, lambda name, text: write_on_telegram(scene.telegram, name, text))


async def heal(scene: Scene, inside: Inside) -> float:
    """Wait until nothing is on its way any more, or too long; return the seconds it took."""
    began, calm = time.monotonic(), 0
    while calm < CALM_LOOKS and time.monotonic() - began < HEALED_SECONDS:
        await asyncio.sleep(1)
        left = await _left(scene, inside)
        calm = 0 if left else calm + 1
    return time.monotonic() - began


async def _left(scene: Scene, inside: Inside) -> bool:
    """Tell whether something waits: in the store, in Kannel, at Telegram, or for an assistant that is not up."""
    with suppress(SQLAlchemyError, OSError, AssertionError, ValueError):
        if not await asyncio.to_thread(scene.bot._is_healthy):
            return True
        status = await asyncio.to_thread(scene.kannel.status)
        queued = "(0 queued)" not in status or status.count("(0 queued)") < status.count("queued)")
        return queued or await inside.waiting() != (0, 0) or bool(await pending_updates(scene))
    return True


if __name__ == "__main__":
    sys.exit(main())
