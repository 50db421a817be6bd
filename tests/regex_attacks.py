"""Attack every regular expression of our code with strings made from itself: `python -m tests.regex_attacks`.

Each part that may repeat is repeated, behind what leads to it and before what cannot match: where a match can be split in
many ways, the time grows faster than the text. Prints, as JSON, the patterns attacked and those that took too long.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "channels", "actions")
HEAVY = ("bot.nlu", "actions")
"""They import Rasa: their patterns are read in their files."""
LONGEST = 2_000
"""Characters of a message (bot/service/intake.py)."""
TOO_LONG_SECONDS = 1.5
"""Of processor, for one match: squared growth costs a hundred times less, cubed growth much more."""
ENDS = ("\x00", "\n")
_LIKED = "a0 -.<"
_CATEGORIES = {
    constants.CATEGORY_DIGIT: str.isdigit,
    constants.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    constants.CATEGORY_SPACE: str.isspace,
    constants.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    constants.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    constants.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}
_REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT)
_CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
Pattern = tuple[str, int]


def collect() -> dict[Pattern, str]:
    """Return every pattern of our code with a place it is compiled at."""
    found: dict[Pattern, str] = {}
    compile_one = re._compile  # type: ignore[attr-defined]

    def noted(pattern: Any, flags: int) -> Any:
        made = compile_one(pattern, flags)
        frame = sys._getframe(2)
        if isinstance(made.pattern, str) and _is_ours(frame.f_code.co_filename):
            found.setdefault((made.pattern, made.flags), f"{frame.f_code.co_filename}:{frame.f_lineno}")
        return made

    re._compile = noted  # type: ignore[attr-defined]
    for package in PACKAGES:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.startswith(HEAVY) and "migrations" not in module.name:
                importlib.import_module(module.name)
    importlib.import_module("bot.knowledge.loader").load_knowledge(ROOT / "data", "saint-meen-montauban")
    re._compile = compile_one  # type: ignore[attr-defined]
    for pattern, place in _written():
        found.setdefault((pattern, re.compile(pattern).flags), place)
    return found


def _is_ours(name: str) -> bool:
    return any(name.startswith(f"{ROOT / package}/") for package in PACKAGES)


def _written() -> Iterator[tuple[str, str]]:
    """Yield the patterns that stand in calls as plain strings."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _is_regex_call(node) and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value, f"{path}:{node.lineno}"


def _is_regex_call(node: ast.Call) -> bool:
    called = node.func
    return (
        isinstance(called, ast.Attribute)
        and called.attr in _CALLS
        and isinstance(called.value, ast.Name)
        and called.value.id == "re"
    )


def attacks(pattern: str, flags: int) -> Iterator[tuple[str, str]]:
    """Yield what leads to each part that repeats, and one turn of it."""
    tree = parser.parse(pattern, flags)
    for liked in _LIKED:
        for rank in range(2):
            yield from _repeated(tree, "", liked, rank)
    yield "", "a"
    yield "", " "


def _repeated(tree: Any, before: str, liked: str, rank: int) -> Iterator[tuple[str, str]]:
    for op, value in tree:
        if op in _REPEATS:
            _least, most, body = value
            if most > 10:
                yield before, _sample(body, liked, rank)
            yield from _repeated(body, before, liked, rank)
        elif op is constants.SUBPATTERN:
            yield from _repeated(value[3], before, liked, rank)
        elif op is constants.BRANCH:
            for branch in value[1]:
                yield from _repeated(branch, before, liked, rank)
        elif op in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _repeated(value[1], before, liked, rank)
        before += _sample([(op, value)], liked, rank)


def _sample(tree: Any, liked: str, rank: int) -> str:
    text = ""
    for op, value in tree:
        if op is constants.LITERAL:
            text += chr(value)
        elif op is constants.NOT_LITERAL:
            text += next(char for char in liked + _LIKED if ord(char) != value)
        elif op is constants.ANY:
            text += liked
        elif op is constants.IN:
            text += _one_of(value, liked)
        elif op in _REPEATS:
            text += _sample(value[2], liked, rank) * max(1, value[0])
        elif op is constants.SUBPATTERN:
            text += _sample(value[3], liked, rank)
        elif op is constants.ATOMIC_GROUP:
            text += _sample(value, liked, rank)
        elif op is constants.BRANCH:
            text += _sample(value[1][rank % len(value[1])], liked, rank)
    return text


def _one_of(items: Any, liked: str) -> str:
    negated = items[0][0] is constants.NEGATE
    firsts = [
        chr(v[0] if op is constants.RANGE else v)
        for op, v in items
        if op in (constants.LITERAL, constants.RANGE)
    ]
    for char in (liked, *_LIKED, *firsts):
        if any(_holds(item, char) for item in items) is not negated:
            return char
    return "a"


def _holds(item: Any, char: str) -> bool:
    op, value = item
    if op is constants.LITERAL:
        return ord(char) == value
    if op is constants.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return op is constants.CATEGORY and _CATEGORIES[value](char)


def slow_text(pattern: str, flags: int) -> str | None:
    """Return the beginning of a text on which a pattern takes too long, None when there is none."""
    made = re.compile(pattern, flags & ~re.DEBUG)
    for before, turn in set(attacks(pattern, flags)):
        for end in ENDS if turn else ():
            text = before + turn * (LONGEST // len(turn)) + end
            for match in (made.search, made.fullmatch):
                signal.setitimer(signal.ITIMER_PROF, TOO_LONG_SECONDS)
                try:
                    match(text)
                except TimeoutError:
                    return text[:60]
                finally:
                    signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _give_up(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Attack all."""
    signal.signal(signal.SIGPROF, _give_up)
    patterns = collect()
    slow = {
        f"{place} {pattern[:100]}": text
        for (pattern, flags), place in patterns.items()
        if (text := slow_text(pattern, flags)) is not None
    }
    print(
        json.dumps(
            {"attacked": [f"{place} {pattern}" for (pattern, _), place in patterns.items()], "slow": slow}
        )
    )


if __name__ == "__main__":
    main()
