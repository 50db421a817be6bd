"""The checker of Telegram's HTML takes what Telegram takes and refuses what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.telegram.render import _escape
from tests.channels.telegram.telegram_html import MAX_UNITS, NotTelegramHtml, words_of


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("Bonjour.\n\nÀ < bientôt".replace("<", "&lt;"), "Bonjour.\n\nÀ < bientôt"),
        ("<b>a <i>b</i></b> c", "a b c"),
        ("<strong>a</strong><em>b</em><u>c</u><ins>d</ins><s>e</s><strike>f</strike><del>g</del>", "abcdefg"),
        ("<tg-spoiler>a</tg-spoiler><blockquote>b <b>c</b></blockquote>", "ab c"),
        ("<code>a</code><pre>b</pre>", "ab"),
        ('<pre><code class="language-python">a</code></pre>', "a"),
        ('<a href="https://exemple.test/?a=1&amp;b=2">ici</a>', "ici"),
        ("&lt;&gt;&amp;&quot;&#39;&#x27;&#233;", "<>&\"''é"),
        ('"guillemets" et l\'apostrophe', '"guillemets" et l\'apostrophe'),
        ("é" * MAX_UNITS, "é" * MAX_UNITS),
        ("😀" * (MAX_UNITS // 2), "😀" * (MAX_UNITS // 2)),
        (f"<b>{'&amp;' * MAX_UNITS}</b>", "&" * MAX_UNITS),
    ],
)
def test_what_telegram_takes_is_taken(html: str, words: str) -> None:
    assert words_of(html) == words


@pytest.mark.parametrize(
    "html",
    [
        "",
        "  \n ",
        "<b></b>",
        "<b> \n</b>",
        "a < b",
        "a > b",
        "a & b",
        "AT&T",
        "a&b;",
        "a &nbsp; b",
        "a &eacute; b",
        "a &apos; b",
        "a &lt b",
        "&#0;",
        "&#xD800;",
        "&#x110000;",
        "<b>a",
        "a</b>",
        "<b>a</i>",
        "<b>a<i>b</b></i>",
        "<i>a</i></i>",
        "<b>a</b",
        "<p>a</p>",
        "a<br>b",
        "a<br/>b",
        "<h1>a</h1>",
        "<ul><li>a</li></ul>",
        "<span>a</span>",
        "<img src='a'>",
        "<script>a</script>",
        "<!-- a -->b",
        "<>a</>",
        '<b class="a">a</b>',
        "<b onclick='a'>a</b>",
        "<b a>a</b>",
        "<a>a</a>",
        '<a href="">a</a>',
        '<a href="javascript:a()">a</a>',
        "<a href=https://exemple.test>a</a>",
        '<a href="https://exemple.test" title="a">a</a>',
        '<code class="language-python">a</code>',
        "<pre><b>a</b></pre>",
        "<code><i>a</i></code>",
        "<blockquote>a<blockquote>b</blockquote></blockquote>",
        "é" * (MAX_UNITS + 1),
        "😀" * (MAX_UNITS // 2) + "a",
    ],
)
def test_what_telegram_refuses_is_refused(html: str) -> None:
    with pytest.raises(NotTelegramHtml):
        words_of(html)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_any_text_once_escaped_is_read_as_it_was(text: str) -> None:
    assert words_of(_escape(text)) == text


@settings(deadline=None)
@given(st.text("ab<>&/;#bi x=\"'", max_size=30))
def test_what_is_taken_holds_no_mark_that_was_not_read(html: str) -> None:
    try:
        words = words_of(html)
    except NotTelegramHtml:
        return
    assert words_of(_escape(words)) == words
