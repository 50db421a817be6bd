"""Large text, small screens, wide spacing, fingers and paper: nothing is cut, hidden or too small to touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.states import walk
from tests.running import RunningBot

PROBLEMS = dict[str, list[str]]
MIN_TARGET_PX = 44
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }
"""
TWICE = "html { font-size: calc(2 * %s) !important }"


class Layout(NamedTuple):
    """A window, and what its owner asks of the text."""

    width: int
    height: int
    style: str = ""


LAYOUTS = {
    "zoom 400 %": Layout(320, 256),
    "zoom 400 % and text spacing": Layout(320, 256, SPACING),  # WCAG 1.4.10 and 1.4.12
    "text 200 %": Layout(1280, 800, TWICE),  # WCAG 1.4.4
    "text 200 % on a telephone": Layout(360, 640, TWICE),
}

# The page's policy refuses a <style> of ours; a sheet made by the debugging protocol is not one.
_DRESS = """style => {
  document.adoptedStyleSheets = [];
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style.replace('%s', getComputedStyle(document.documentElement).fontSize));
  document.adoptedStyleSheets = [sheet];
}"""
# What does not fit: beside the window, cut by its own box, or taller than the box drawn around it.
_MISFITS = """() => {
  const name = element => element.outerHTML.slice(0, 90);
  const isMeantHidden = element => element.closest('.hors-vue, .evitement') || !element.checkVisibility();
  const found = document.scrollingElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  for (const element of document.querySelectorAll('body, body *')) {
    if (isMeantHidden(element) || ['TEXTAREA', 'INPUT', 'BR'].includes(element.tagName)) continue;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (box.right > innerWidth + 1 || box.left < -1) found.push('beside the window: ' + name(element));
    const isBox = style.overflow !== 'visible' || element.matches('button, .bouton, .reponse, label, summary');
    if (isBox && style.display !== 'inline' && element !== document.body
        && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1))
      found.push('cut: ' + name(element));
  }
  return found;
}"""
# A radio button and its label are one target; a link alone in its block is not "in a sentence" (WCAG 2.5.8).
_SMALL_TARGETS = """smallest => [...document.querySelectorAll(
    'button, .bouton, nav a, textarea, summary, .radio label, .urgence li a, .fiches a, p > a, li > a, ' +
    'input:not([type=hidden]):not([type=radio])')]
  .filter(target => target.checkVisibility() && !target.closest('.evitement'))
  .filter(target => target.tagName !== 'A' || target.matches('.bouton, nav a, .urgence li a, .fiches a')
    || target.parentElement.textContent.trim() === target.textContent.trim())
  .map(target => [target.getBoundingClientRect(), target.outerHTML.slice(0, 90)])
  .filter(([box]) => box.width < smallest - 0.1 || box.height < smallest - 0.1)
  .map(([box, name]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${name}`)"""
_PRINTED = """() => {
  const seen = element => element.checkVisibility();
  const found = [...document.querySelectorAll('form, nav, button, .bouton')].filter(seen).map(e => e.outerHTML);
  const following = title => {
    let next = title.nextElementSibling;
    while (next && !(seen(next) && next.innerText.trim())) next = next.nextElementSibling;
    return next;
  };
  const empty = [...document.querySelectorAll('main h2')].filter(seen)
    .filter(title => !following(title) || following(title).tagName === 'H2');
  const top = document.querySelector('h1').getBoundingClientRect().top;
  if (top < document.querySelector('.nom').getBoundingClientRect().bottom) found.push('the title beside the header');
  return [...found, ...empty.map(title => 'a title of nothing: ' + title.outerHTML)].map(words => words.slice(0, 90));
}"""


@pytest.fixture(scope="module")
def problems(browser: Browser, running_bot: RunningBot) -> Iterator[dict[str, PROBLEMS]]:
    """Return what is wrong, by check and by state, from one walk through the pages without their script."""
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    found: dict[str, PROBLEMS] = defaultdict(dict)
    for state in walk(page, running_bot.base_url):
        for name, layout in LAYOUTS.items():
            found[name][state] = _misfits(page, layout)
        page.evaluate(_DRESS, "")
        found["targets"][state] = _small_targets(page)
        found["print"][state] = _print_faults(page)
    yield found
    context.close()


def _misfits(page: Page, layout: Layout) -> list[str]:
    page.set_viewport_size({"width": layout.width, "height": layout.height})
    page.evaluate(_DRESS, "")
    page.evaluate(_DRESS, layout.style)
    found: list[str] = page.evaluate(_MISFITS)
    return found


def _small_targets(page: Page) -> list[str]:
    found: list[str] = []
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        found += page.evaluate(_SMALL_TARGETS, MIN_TARGET_PX)
    return found


def _print_faults(page: Page) -> list[str]:
    page.emulate_media(media="print")
    faults: list[str] = page.evaluate(_PRINTED)
    if not page.locator("h1").is_visible():
        faults.append("no title")
    page.emulate_media(media="screen")
    return faults


def _wrong(found: PROBLEMS) -> PROBLEMS:
    assert "conversation gone" in found  # the last state: the walk went to its end
    return {state: faults for state, faults in found.items() if faults}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_is_cut_and_nothing_scrolls_sideways(problems: dict[str, PROBLEMS], layout: str) -> None:
    assert _wrong(problems[layout]) == {}


def test_whatever_is_touched_is_44_pixels_wide_and_high(problems: dict[str, PROBLEMS]) -> None:
    assert _wrong(problems["targets"]) == {}


def test_paper_gets_the_words_without_forms_and_menus(problems: dict[str, PROBLEMS]) -> None:
    assert _wrong(problems["print"]) == {}
