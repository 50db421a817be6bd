"""Count what a run did to people: lost, answered twice, handed over twice, out of order. Given logs, and nothing else.

How each channel counts:

- API: acknowledged when the server answered 2xx to the POST, under the client's own id of the message; a client that
  got anything else sends the same again. What was heard is the transcript as the API gives it at the end.
- SMS: acknowledged when our webhook answered 2xx to Kannel, seen by the relay between the two. What was heard is what
  Kannel took (2xx at the same relay); what the phones then showed is counted beside it, for it is Kannel's doing.
- Telegram: acknowledged when a later getUpdates asked for what follows the update. What was heard is what the Bot API
  server took (sendMessage answered 200).

"Your message is kept" and the numbers given at once for a danger are no answers: they are counted apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

API, SMS, TELEGRAM = "api", "sms", "telegram"
CHANNELS = (API, SMS, TELEGRAM)
NOTED_SECONDS = 0.5
"""A carrier's answer is written down within this time when the store is well."""


@dataclass(frozen=True)
class Asked:
    """A message acknowledged: the question it holds, and the lane in which order is kept."""

    person: str
    question: str
    lane: str


@dataclass(frozen=True)
class Stored:
    """A question as the store holds it, and the rows of the transcript that answer it. `seq` is the order of storage."""

    person: str
    question: str
    seq: int
    answers: tuple[int, ...]


@dataclass(frozen=True)
class Handing:
    """A message handed to a carrier from `began` to `ended`, in seconds. `key` is one and the same for each try; `taken` a 2xx."""

    channel: str
    key: str
    person: str
    began: float
    ended: float
    taken: bool


@dataclass(frozen=True)
class Cut:
    """A sender or its carrier killed, stopped or cut off, from `began` to `ended`."""

    name: str
    channels: tuple[str, ...]
    began: float
    ended: float


@dataclass
class Logs:
    """All that was seen of a run: from outside, and from inside the store."""

    asked: list[Asked] = field(default_factory=list)
    heard: dict[str, list[str]] = field(default_factory=dict)
    """By person, which question each thing heard answers, in order."""
    stored: list[Stored] = field(default_factory=list)
    handed: list[Handing] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)


@dataclass
class Figures:
    """What a run did. All lists must be empty; `repeats` at most `bound`."""

    acknowledged: int
    lost: list[str]
    answered_twice: list[str]
    stored_twice: list[str]
    disorders: list[str]
    unexplained: list[str]
    """Messages handed over again though nothing had cut their hand-over."""
    repeats: int
    bound: int

    @property
    def holds(self) -> bool:
        """Tell whether the delivery line was kept."""
        broken = self.lost or self.answered_twice or self.stored_twice or self.disorders or self.unexplained
        return not broken and self.repeats <= self.bound


def count(logs: Logs) -> Figures:
    """Return the figures of a run."""
    again = repeats_of(logs.handed)
    explained, unexplained = explain(again, logs.handed, logs.cuts)
    return Figures(
        acknowledged=len(logs.asked),
        lost=lost_of(logs),
        answered_twice=[_name(row.person, row.question) for row in logs.stored if len(row.answers) > 1],
        stored_twice=stored_twice_of(logs),
        disorders=disorders_of(logs),
        unexplained=[f"{repeat.person}, {repeat.key}" for repeat in unexplained],
        repeats=len(again),
        bound=len(explained | cuts_within(logs.handed, logs.cuts)),
    )


def lost_of(logs: Logs) -> list[str]:
    """Return what was acknowledged and never answered, as people see it or as the store does."""
    answered = {(row.person, row.question) for row in logs.stored if row.answers}
    lost = []
    for asked in logs.asked:
        is_heard = asked.question in logs.heard.get(asked.person, ())
        if not is_heard or (asked.person, asked.question) not in answered:
            lost.append(_name(asked.person, asked.question) + ("" if is_heard else " (not heard)"))
    return lost


def stored_twice_of(logs: Logs) -> list[str]:
    """Return what is in the store more often than it was acknowledged, of what was acknowledged at all."""
    asked = Counter((one.person, one.question) for one in logs.asked)
    stored = Counter((row.person, row.question) for row in logs.stored)
    return [_name(*key) for key, number in stored.items() if 0 < asked[key] < number]


def disorders_of(logs: Logs) -> list[str]:
    """Return who heard answers in another order than that of storage, within a lane; a repeat counts the first time."""
    lanes = {(asked.person, asked.question): asked.lane for asked in logs.asked}
    stored: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in sorted(logs.stored, key=lambda row: row.seq):
        stored[row.person, lanes.get((row.person, row.question), "")].append(row.question)
    disorders = []
    for (person, lane), questions in stored.items():
        heard = [word for word in dict.fromkeys(logs.heard.get(person, ())) if word in questions]
        if lane and heard != [question for question in questions if question in heard]:
            disorders.append(f"{person}, {lane}: heard {heard}, stored {questions}")
    return disorders


@dataclass(frozen=True)
class Repeat:
    """A message that a carrier had taken at `first` and was given again at `second`."""

    channel: str
    person: str
    key: str
    first: float
    second: float


def repeats_of(handed: Sequence[Handing]) -> list[Repeat]:
    """Return the messages handed over again after a carrier had taken them."""
    tries: dict[tuple[str, str], list[Handing]] = defaultdict(list)
    for handing in sorted(handed, key=lambda handing: handing.began):
        tries[handing.channel, handing.key].append(handing)
    return [
        Repeat(later.channel, later.person, later.key, earlier.began, later.began)
        for same in tries.values()
        for earlier, later in pairwise(same)
        if earlier.taken
    ]


def explain(
    repeats: Sequence[Repeat], handed: Sequence[Handing], cuts: Sequence[Cut]
) -> tuple[set[tuple[int, str]], list[Repeat]]:
    """Return which cuts, by number and channel, explain a repeat each, and the repeats that none does.

    A hand-over lasts until its sender begins another: senders hand over one message at a time, and note the fate of
    each before the next.
    """
    used: set[tuple[int, str]] = set()
    left = []
    for repeat in sorted(repeats, key=lambda repeat: repeat.first):
        until = min((other.began for other in _between(handed, repeat)), default=repeat.second)
        found = [
            (number, repeat.channel)
            for number, cut in enumerate(cuts)
            if repeat.channel in cut.channels and cut.began <= until and cut.ended >= repeat.first
        ]
        free = [cut for cut in found if cut not in used]
        if free:
            used.add(free[0])
        else:
            left.append(repeat)
    return used, left


def cuts_within(handed: Sequence[Handing], cuts: Sequence[Cut]) -> set[tuple[int, str]]:
    """Return which cuts, by number and channel, fell while a message was between us and its carrier, or just taken."""
    return {
        (number, one.channel)
        for number, cut in enumerate(cuts)
        for one in handed
        if one.channel in cut.channels and one.began <= cut.ended and one.ended + NOTED_SECONDS >= cut.began
    }


def _between(handed: Sequence[Handing], repeat: Repeat) -> list[Handing]:
    """Return what the same channel handed over between the two times of a repeat."""
    return [
        one
        for one in handed
        if one.channel == repeat.channel
        and repeat.first < one.began < repeat.second
        and one.key != repeat.key
    ]


def by_channel(logs: Logs, channel_of: Mapping[str, str]) -> dict[str, Counter[str]]:
    """Return what was acknowledged, heard and handed over, by channel."""
    figures: dict[str, Counter[str]] = {channel: Counter() for channel in CHANNELS}
    for asked in logs.asked:
        figures[channel_of[asked.person]]["acknowledged"] += 1
    for person, words in logs.heard.items():
        figures[channel_of[person]]["answers heard"] += len(words)
    for handing in logs.handed:
        figures[handing.channel]["handed over"] += 1
        figures[handing.channel]["handed over and not taken"] += not handing.taken
    return figures


def _name(person: str, question: str) -> str:
    return f"{person}: {question}"
