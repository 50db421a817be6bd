"""Whatever a gateway, or somebody in its place, sends: never a failure, nothing lost, nothing logged."""

from __future__ import annotations

import ast
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.sms.conftest import DIALECTS, PHONE, OpenLine, Wire, path_of
from tests.hypothesis_async import run_examples
from tests.running import ROOT

FEW = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NAMES = (
    "from",
    "text",
    "charset",
    "coding",
    "id",
    "etat",
    "From",
    "Body",
    "MessageSid",
    "MessageStatus",
    "udh",
    "x",
)
BYTES = st.binary(max_size=40)
FORM = st.lists(st.tuples(st.sampled_from(NAMES), BYTES), max_size=8)
HEADERS = st.dictionaries(
    st.sampled_from(
        ("X-Kannel-From", "X-Kannel-Coding", "X-Kannel-UDH", "X-Signature", "X-Moment", "X-Twilio-Signature")
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
)
KINDS = st.sampled_from(
    (
        "text/plain; charset=x",
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain; charset=\x7f",
        "",
    )
)
_counter = iter(range(10_000_000))


@pytest.mark.parametrize("gateway", ["kannel", "twilio", "generique"])
async def test_anything_at_all_sent_to_a_webhook_is_no_failure(
    open_line: OpenLine, gateway: str, capfd: pytest.CaptureFixture[str]
) -> None:
    line = await open_line(gateway)

    @FEW
    @given(
        FORM, BYTES, HEADERS, KINDS, st.sampled_from(("message", "accuse")), st.sampled_from(("GET", "POST"))
    )
    async def attack(
        form: list[tuple[str, bytes]],
        body: bytes,
        headers: dict[str, str],
        kind: str,
        action: str,
        method: str,
    ) -> None:
        query = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in form)
        wire = Wire(
            method, path_of(action, query), headers | {"Content-Type": kind.replace("\x7f", "")}, body
        )
        assert (await line.call(wire)).status in (200, 400, 403)

    await run_examples(attack)
    assert "sms_call_failed" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.id)
async def test_whatever_a_person_writes_is_taken_or_refused_in_words(
    open_line: OpenLine, dialect: Any
) -> None:
    line = await open_line(dialect.gateway)

    @FEW
    @given(st.text(min_size=1, max_size=200))
    async def write(text: str) -> None:
        before = len(await line.transcript())
        status = (
            await line.call(dialect.message(PHONE, f"mon mari me frappe {text}", f"k{next(_counter)}"))
        ).status
        assert status == 200
        assert len(await line.transcript()) > before  # stored before it was acknowledged

    await run_examples(write)


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "+33",
        "0" * 400,
        "'; DROP TABLE addresses; --",
        "+33639980001\x00",
        "{{7*7}}",
        "\u202e+33639980001",
    ],
)
async def test_a_sender_that_is_no_number_is_answered_by_nothing(
    open_line: OpenLine, dialect: Any, sender: str
) -> None:
    line = await open_line(dialect.gateway)
    try:
        wire = dialect.message(sender, "bonjour")
        status = (await line.call(wire)).status
    except (ValueError, UnicodeError):
        return  # no HTTP client can write it
    assert status in (200, 400)
    assert await line.queued() == 0


def test_secrets_of_webhooks_are_compared_in_constant_time() -> None:
    """No `==` beside a secret, a signature, a token or a code."""
    wrong = []
    for package in ("bot", "channels"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                    words = ast.unparse(node).lower()
                    if any(
                        word in words
                        for word in ("secret", "signature", "token", "hachage", "digest", ".mark")
                    ):
                        wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {words}")
    # A column of the database: what is compared there is a keyed hash, of which time tells nothing.
    assert [one for one in wrong if "_hash" not in one and ".c." not in one] == []
