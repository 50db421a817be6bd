"""One line an event, in the form that was chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from bot.service.logs import configure_logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the logs of the other tests as they were."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def lines(capsys: pytest.CaptureFixture[str], log_format: str) -> list[str]:
    configure_logs(log_format)
    log = structlog.get_logger()
    log.info("message_stored", conversation="0123abcd", number=3, words="été\nci-gît")
    try:
        int("06 39 98 00 01")
    except ValueError:
        log.exception("answer_failed", conversation="0123abcd")
    return capsys.readouterr().out.splitlines()


def test_json_is_one_object_a_line_with_the_same_fields(capsys: pytest.CaptureFixture[str]) -> None:
    stored, failed = (json.loads(line) for line in lines(capsys, "json"))
    assert (stored["event"], stored["level"], stored["conversation"]) == (
        "message_stored",
        "info",
        "0123abcd",
    )
    assert stored["number"] == 3
    assert stored["timestamp"].endswith("Z")
    assert (failed["event"], failed["level"], failed["error"]) == ("answer_failed", "error", "ValueError")
    assert "test_logs.py" in failed["where"]


@pytest.mark.parametrize("log_format", ["json", "logfmt"])
def test_no_form_quotes_what_an_error_says(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    written = lines(capsys, log_format)
    assert len(written) == 2
    assert not any("06 39 98" in line or "Traceback" in line for line in written)


def test_logfmt_is_what_is_written_unless_asked(capsys: pytest.CaptureFixture[str]) -> None:
    stored, _ = lines(capsys, "logfmt")
    assert stored.startswith("timestamp=")
    assert " level=info event=message_stored " in stored
