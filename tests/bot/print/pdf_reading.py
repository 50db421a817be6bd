"""Read a PDF with poppler, as whoever opens it does."""

from __future__ import annotations

import re
import subprocess
import zlib
from dataclasses import dataclass
from html import unescape
from itertools import groupby

from bot.print.paper import Paper

POINTS_PER_MM = 72 / 25.4
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word and where it stands, in points from the top left of its page."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Page:
    """A page: its size in points, and its words."""

    width: float
    height: float
    words: tuple[Word, ...]

    def body(self, paper: Paper) -> list[Word]:
        """Return the words above the foot of the page."""
        return [word for word in self.words if word.bottom <= self.foot(paper) + 1]

    def foot(self, paper: Paper) -> float:
        """Return where the foot of the page begins."""
        return self.height - (paper.margin + 7) * POINTS_PER_MM

    def last_line(self, paper: Paper) -> str:
        """Return the last line above the foot."""
        ordered = sorted(self.body(paper), key=lambda word: (round(word.bottom), word.left))
        lines = [list(words) for _, words in groupby(ordered, key=lambda word: round(word.bottom))]
        return " ".join(word.text for word in lines[-1]) if lines else ""


def run(tool: str, pdf: bytes, *arguments: str) -> str:
    """Return what a tool of poppler says of a PDF."""
    command = [tool, *arguments, "-", *(["-"] if tool == "pdftotext" else [])]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode("utf-8")


def pages_of(pdf: bytes) -> list[Page]:
    """Return the pages with each of their words."""
    found = _PAGE.findall(run("pdftotext", pdf, "-bbox"))
    return [
        Page(
            float(width),
            float(height),
            tuple(Word(*map(float, box), unescape(text)) for *box, text in _WORD.findall(words)),
        )
        for width, height, words in found
    ]


def body_text(pdf: bytes, paper: Paper) -> str:
    """Return the text without the feet of the pages and without spaces, so that no line or page cuts a sentence."""
    first = pages_of(pdf)[0]
    area = ("-x", "0", "-y", "0", "-W", str(int(first.width)), "-H", str(int(first.foot(paper)) + 1))
    return squeezed(run("pdftotext", pdf, "-raw", "-nopgbrk", *area))


def squeezed(text: str) -> str:
    """Return a text without its spaces."""
    return re.sub(r"\s+", "", text)


def words_out_of_place(pdf: bytes, paper: Paper) -> list[str]:
    """Return the words that leave the page, its margins, or run into its foot."""
    wrong = []
    for number, page in enumerate(pages_of(pdf), start=1):
        margin, foot = paper.margin * POINTS_PER_MM, page.foot(paper)
        for word in page.words:
            inside = word.left >= margin - 1 and word.right <= page.width - margin + 1
            inside = inside and word.top >= margin - 3 and word.bottom <= page.height
            if not inside or word.top + 3 < foot < word.bottom - 3:
                wrong.append(f"page {number}: {word}")
    return wrong


def plain_bytes(pdf: bytes) -> bytes:
    """Return the bytes of a PDF with what its streams hold, uncompressed."""
    parts = [pdf]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def pdf_string(text: str) -> bytes:
    """Return a text as a PDF holds it: its letters, or UTF-16 with its mark in hexadecimal."""
    if text.isascii():
        escaped = re.sub(r"([()\\])", r"\\\1", text)
        return f"({escaped})".encode()
    return f"<feff{text.encode('utf-16-be').hex()}>".encode()
