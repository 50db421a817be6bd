"""The action server listens on loopback only."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from actions import server


def test_it_serves_this_package_on_loopback_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    served: dict[str, Any] = {}

    class App:
        def run(self, **options: Any) -> None:
            served.update(options)

    monkeypatch.setattr(
        server,
        "create_app",
        lambda package, cors_origins: served.update(package=package, cors=cors_origins) or App(),
    )
    monkeypatch.setattr(sys, "argv", ["server", "--port", "5099"])
    server.main()
    assert (served["package"], served["host"], served["port"], served["cors"]) == (
        "actions",
        "127.0.0.1",
        5099,
        "",
    )
    assert served["access_log"] is False


def test_without_a_port_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["server"])
    with pytest.raises(SystemExit):
        server.main()
