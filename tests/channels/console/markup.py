"""What can be checked of a page without a browser: tags that close, ids that are one, references that lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

_VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect"}
_HEADING = re.compile(r"h[1-6]")
_REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.references: set[str] = set()
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) != len(attrs):
            self.faults.append(f"an attribute twice in <{tag}>")
        if "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"<{tag}> holds style or script")
        if tag == "form" and "form" in self.open:
            self.faults.append("a form in a form")
        self._note_references(tag, given)
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden" and "hidden" not in given:
            self.fields.append(given)
        if _HEADING.fullmatch(tag):
            self.levels.append(int(tag[1]))
        if tag not in _VOID:
            self.open.append(tag)

    def _note_references(self, tag: str, given: dict[str, str | None]) -> None:
        if given.get("id"):
            self.ids[str(given["id"])] += 1
        for name in _REFERENCES:
            self.references |= set(str(given.get(name) or "").split())
        if tag == "label":
            self.labelled.add(str(given.get("for")))
        if tag == "a" and str(given.get("href")).startswith("#"):
            self.references.add(str(given["href"])[1:])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self.open[-1] if self.open else 'nothing'}>")
            return
        self.open.pop()


def faults_of(text: str) -> list[str]:
    """Return what is wrong with a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    levels = reader.levels
    return [
        *reader.faults,
        *(f"<{tag}> never closes" for tag in reader.open),
        *(f"id {name} stands {count} times" for name, count in reader.ids.items() if count > 1),
        *(f"nothing has the id {name}" for name in sorted(reader.references - set(reader.ids))),
        *(
            f"field {field.get('name')} has no label"
            for field in reader.fields
            if field.get("id") not in reader.labelled and "aria-label" not in field
        ),
        *([] if levels.count(1) == 1 and levels[0] == 1 else ["not one h1, first"]),
        *(f"h{a} then h{b}" for a, b in pairwise(levels) if b > a + 1),
    ]
