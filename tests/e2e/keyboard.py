"""A person with a keyboard and nothing else: Tab, Enter, Space, arrows and letters; each stop must be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

MAX_STOPS = 120
MIN_OUTLINE_PX = 2.0
MIN_CONTRAST = 3.0
"""WCAG 1.4.11, between the focus ring and what is behind it."""

# The stop under the focus. `place` is its rank among all elements, which is the order of reading.
_STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  let behind = at.parentElement, paint = 'rgba(0, 0, 0, 0)';
  while (behind && paint === 'rgba(0, 0, 0, 0)') {
    paint = getComputedStyle(behind).backgroundColor;
    behind = behind.parentElement;
  }
  const light = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(value => value / 255)
      .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [light(style.outlineColor), light(paint)].sort((a, b) => a - b);
  return {
    tag: at.tagName.toLowerCase(),
    id: at.id,
    name: (at.labels && at.labels.length ? at.labels[0].innerText : at.innerText).replace(/\\s+/g, ' ').trim(),
    place: [...document.querySelectorAll('*')].indexOf(at),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    contrast: (high + 0.05) / (low + 0.05),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    top: box.top + scrollY, left: box.left, height: box.height,
  };
}"""

# All that Tab must reach: of a group of radio buttons, one.
_CONTROLS = """() => {
  const groups = new Set();
  return [...document.querySelectorAll('a[href], button, input, textarea, select, summary')].filter(control => {
    if (control.type === 'hidden' || !control.checkVisibility()) return false;
    if (control.type !== 'radio') return true;
    const isFirst = !groups.has(control.name);
    groups.add(control.name);
    return isFirst;
  }).length;
}"""


@dataclass(frozen=True)
class Stop:
    """What has the focus: its name as people read it, its place in reading order, and how it is shown."""

    tag: str
    id: str
    name: str
    place: int
    outline: float
    contrast: float
    inView: bool  # noqa: N815 - named as the script names it
    top: float
    left: float
    height: float


class Keyboard:
    """Types into a page, and refuses a stop that cannot be seen."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def stop(self) -> Stop | None:
        """Return what has the focus, or None when the page itself has it."""
        found = self._page.evaluate(_STOP)
        return Stop(**found) if found else None

    def count_controls(self) -> int:
        """Return how many controls Tab must reach."""
        return int(self._page.evaluate(_CONTROLS))

    def tab(self, *, back: bool = False) -> Stop | None:
        """Go to the next stop, which must be in view with a ring that stands out."""
        self._page.keyboard.press("Shift+Tab" if back else "Tab")
        stop = self.stop()
        if stop is not None:
            assert stop.outline >= MIN_OUTLINE_PX, stop
            assert stop.contrast >= MIN_CONTRAST, stop
            assert stop.inView, stop
        return stop

    def tab_to(self, is_wanted: Callable[[Stop], bool]) -> Stop:
        """Press Tab until the stop that is wanted."""
        seen: list[str] = []
        for _ in range(MAX_STOPS):
            stop = self.tab()
            if stop is None:
                continue  # past the last one: the next Tab starts again
            if is_wanted(stop):
                return stop
            seen.append(stop.name)
        raise AssertionError(f"never reached; the stops were {seen}")

    def tab_to_name(self, name: str) -> Stop:
        """Press Tab until the control of that name, spaces taken alike."""
        return self.tab_to(lambda stop: stop.name == name)

    def type_in(self, name: str, words: str) -> None:
        """Write in the field of that label, in place of what it holds."""
        self.tab_to_name(name)
        self._page.keyboard.press("Control+A")
        self._page.keyboard.type(words)

    def follow(self, name: str) -> None:
        """Press Enter on the link or button of that name and wait for the page it leads to."""
        self.tab_to_name(name)
        self.enter()

    def enter(self) -> None:
        """Press Enter and wait for the next page."""
        with self._page.expect_navigation():
            self._page.keyboard.press("Enter")

    def all_stops(self, *, back: bool = False) -> list[Stop]:
        """Return every stop from one end of the page to the other. Fails when Tab goes round in a part of it."""
        stops: list[Stop] = []
        places: set[int] = set()
        while True:
            stop = self.tab(back=back)
            if stop is None or stop.place in places:
                break
            stops.append(stop)
            places.add(stop.place)
        assert stop is None or stop.place == stops[0].place, f"a trap at {stop}"
        return stops
