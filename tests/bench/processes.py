"""What each process takes of the processor and of the memory while people are answered."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress

import psutil

LOADER = "chargeur"
"""This process: it plays the people, and what it takes is taken from the others."""
OTHERS = "autres"
"""The rest of the machine: a measure where this is not small is to be made again."""
_BY_COMMAND = {
    "rasa run": "Rasa",
    "actions.server": "actions",
    "-m channels": "canaux",
    "bot run": "superviseur",
}
_BY_NAME = {
    "postgres": "PostgreSQL", "redis-server": "Redis", "bearerbox": "Kannel", "smsbox": "Kannel", "fakesmsc": "Kannel",
}  # fmt: skip
_ONE_OF_MANY = ("Rasa", "canaux")

Roles = dict[str, list[psutil.Process]]


def roles() -> Roles:
    """Return the processes that this one started, by what they are; a child nobody knows counts with its parent."""
    me = psutil.Process()
    found: dict[str, list[psutil.Process]] = defaultdict(list)
    found[LOADER].append(me)
    tops: dict[str, list[psutil.Process]] = defaultdict(list)
    for child in me.children():
        _sort(child, LOADER, found, tops)
    for kind in _ONE_OF_MANY:
        if len(tops[kind]) > 1:
            for rank, top in enumerate(sorted(tops[kind], key=_port), start=1):
                mine = [top, *(one for one in found[kind] if one in top.children(recursive=True))]
                found[f"{kind} {rank}"] = mine
            del found[kind]
    return dict(found)


def _sort(process: psutil.Process, parent_role: str, found: Roles, tops: Roles) -> None:
    with suppress(psutil.NoSuchProcess):
        role = role_of(process.name(), process.cmdline()) or parent_role
        found[role].append(process)
        if role != parent_role:
            tops[role].append(process)
        for child in process.children():
            _sort(child, role, found, tops)


def role_of(name: str, command: Iterable[str]) -> str | None:
    """Return what a process is by its command, None for one that is not known."""
    words = " ".join(command)
    if name in _BY_NAME:
        return _BY_NAME[name]
    return next((role for part, role in _BY_COMMAND.items() if part in words), None)


def _port(process: psutil.Process) -> tuple[int, int]:
    """Return what Rasas are told apart by: the port on their command line, else the order of their start."""
    words = process.cmdline()
    port = words[words.index("--port") + 1] if "--port" in words[:-1] else "0"
    return int(port) if port.isdigit() else 0, process.pid


def memory_megabytes() -> dict[str, float]:
    """Return the proportional set size (PSS) by role: pages shared by several processes are divided among them."""
    found = {}
    for role, processes in roles().items():
        total = 0
        for process in processes:
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += process.memory_full_info().pss
        found[role] = round(total / 1e6, 1)
    return found


class ProcessorWatch:
    """Measures from its making to `shares`."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._before, self._busy = _used(), _machine_busy()

    def shares(self) -> dict[str, float]:
        """Return the share of one core that each role took, in percent: on two cores they add up to 200 at most."""
        seconds = time.monotonic() - self._started
        after = _used()
        taken = {role: used - self._before.get(role, 0.0) for role, used in after.items()}
        taken[OTHERS] = max(0.0, _machine_busy() - self._busy - sum(taken.values()))
        return {role: round(100 * used / seconds, 1) for role, used in taken.items()}


def _used() -> dict[str, float]:
    """Return the seconds of processor used so far, those of children that ended included."""
    totals: dict[str, float] = {}
    for role, processes in roles().items():
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                ended = 0.0 if role == LOADER else times.children_user + times.children_system
                totals[role] = totals.get(role, 0.0) + times.user + times.system + ended
    return totals


def _machine_busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)
