"""What Telegram takes as HTML (core.telegram.org/bots/api#html-style), and nothing else.

Stricter than the server where its page is: a message that Telegram refuses is one that nobody ever reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_UNITS = 4096
"""UTF-16 code units of a message once its tags and entities are read."""
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z][a-z0-9-]*)(?P<attributes>(?:\s[^<>]*)?)>"
    r"|&(?P<entity>\#x[0-9A-Fa-f]{1,6}|\#[0-9]{1,7}|[a-z]+);"
    r"|(?P<text>[^<>&]+)"
)
_QUOTED = re.compile(r"""\s([a-z]+)=(?:"([^"]*)"|'([^']*)')""")
_WITHOUT_ATTRIBUTES = frozenset(
    ["b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "pre", "tg-spoiler"]
)
_ADDRESS = re.compile(r"(?:https?|tg|tel|mailto):\S+")
_LANGUAGE = re.compile(r"language-[\w+#-]+")


class NotTelegramHtml(AssertionError):
    """What Telegram would refuse, and why."""


@dataclass
class _Reading:
    """A message as far as it was read."""

    words: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def words_of(html: str) -> str:
    """Return what a person sees of a message. Raises NotTelegramHtml."""
    reading, at = _Reading(), 0
    while at < len(html):
        token = _TOKEN.match(html, at)
        if token is None:
            raise NotTelegramHtml(f"neither a tag nor an entity: {html[at : at + 20]!r}")
        _read(reading, token)
        at = token.end()
    if reading.open:
        raise NotTelegramHtml(f"never closed: {reading.open}")
    words = "".join(reading.words)
    if not words.strip():
        raise NotTelegramHtml("nothing to read")
    if (length := len(words.encode("utf-16-le", "surrogatepass")) // 2) > MAX_UNITS:
        raise NotTelegramHtml(f"{length} units")
    return words


def _read(reading: _Reading, token: re.Match[str]) -> None:
    if token["text"]:
        reading.words.append(token["text"])
    elif token["entity"]:
        reading.words.append(_character(token["entity"]))
    elif token["close"]:
        if token["attributes"] or not reading.open or reading.open.pop() != token["tag"]:
            raise NotTelegramHtml(f"closed out of order: {token[0]}")
    else:
        _check_opening(token["tag"], token["attributes"], reading.open)
        reading.open.append(token["tag"])


def _character(entity: str) -> str:
    if entity.startswith("#"):
        code = int(entity[1:].replace("x", "0x"), 16 if "x" in entity else 10)
        if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise NotTelegramHtml(f"no such character: &{entity};")
        return chr(code)
    if entity not in _NAMED:
        raise NotTelegramHtml(f"unknown entity: &{entity};")
    return _NAMED[entity]


def _check_opening(tag: str, attributes: str, around: list[str]) -> None:
    given = {name: double or single for name, double, single in _QUOTED.findall(attributes)}
    if _QUOTED.sub("", attributes).strip() or not _may_have(tag, given, around):
        raise NotTelegramHtml(f"not a tag of Telegram's: <{tag}{attributes}>")
    if around and around[-1] in {"pre", "code"} and tag != "code":
        raise NotTelegramHtml(f"<{tag}> within <{around[-1]}>")
    if tag == "blockquote" and tag in around:
        raise NotTelegramHtml("a quotation within a quotation")


def _may_have(tag: str, given: dict[str, str], around: list[str]) -> bool:
    if tag == "a":
        return list(given) == ["href"] and _ADDRESS.fullmatch(given["href"]) is not None
    if tag == "code":
        is_language = around[-1:] == ["pre"] and _LANGUAGE.fullmatch(given.get("class", "")) is not None
        return not given or (list(given) == ["class"] and is_language)
    return (tag in _WITHOUT_ATTRIBUTES or tag == "blockquote") and not given
