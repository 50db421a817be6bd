"""What stands in deploy/ is made of commands, settings and addresses that exist, and nginx takes its configuration."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import _parser
from bot.settings import ENV_PREFIX, read_settings, refuse_unknown_settings
from channels import registry
from channels.api.events import stream_events
from channels.console.live import stream
from channels.console.routes import ROUTES as CONSOLE_ROUTES
from channels.routes import API_ROUTES
from channels.telegram.webhook import MAX_BODY
from tests.nginx import make_certificate, run_folder

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
NGINX = DEPLOY / "nginx" / "assistant.conf"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose" / "compose.yml").read_text(encoding="utf-8"))
OURS = {name: one for name, one in COMPOSE["services"].items() if "build" in one}
HARDENING = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "UMask": "0077",
    "User": "assistant",
}


def lines_of(unit: Path, name: str) -> list[str]:
    found = [line.partition("=") for line in unit.read_text(encoding="utf-8").splitlines()]
    return [value for key, _, value in found if key == name]


def variables(file: Path) -> dict[str, str]:
    lines = [
        line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]
    return dict(line.split("=", 1) for line in lines)


def accept(arguments: list[str]) -> None:
    """Fail when `bot` would refuse these arguments."""
    try:
        _parser().parse_args(arguments)
    except SystemExit as refusal:
        raise AssertionError(arguments) from refusal


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_one_of_our_commands_as_nobody_else_may(unit: Path) -> None:
    (command,) = lines_of(unit, "ExecStart")
    program, *arguments = shlex.split(command.replace("%i", "8081"))
    assert program == "/opt/assistant/.venv/bin/bot"
    accept(arguments)
    for name, value in HARDENING.items():
        assert lines_of(unit, name) == [value], name
    assert lines_of(unit, "MemoryMax")
    assert lines_of(unit, "EnvironmentFile") == ["/etc/assistant/assistant.env", "/etc/assistant/secrets.env"]


def test_every_timer_has_its_service_and_every_place_it_writes_to_is_open_to_it() -> None:
    for timer in (DEPLOY / "systemd").glob("*.timer"):
        service = timer.with_suffix(".service")
        (target,) = lines_of(service, "ReadWritePaths")
        assert target in lines_of(service, "ExecStart")[0]


def test_the_settings_of_the_units_and_of_compose_are_settings() -> None:
    given = {
        **variables(DEPLOY / "systemd" / "assistant.env"),
        **variables(DEPLOY / "systemd" / "secrets.env"),
        **variables(DEPLOY / "compose" / "secrets.exemple"),
    }
    for one in OURS.values():
        given |= one["environment"]
    dockerfile = (DEPLOY / "compose" / "Dockerfile").read_text(encoding="utf-8")
    given |= dict(re.findall(r"^\s+(BOT_\w+)=(\S+?)(?: \\)?$", dockerfile, re.MULTILINE))
    ours = {name: value for name, value in given.items() if name.startswith(ENV_PREFIX)}
    assert {"BOT_VAR", "BOT_KEYS", "BOT_MODELS", "BOT_DATABASE_URL", "BOT_REDIS_URL"} <= set(ours)
    refuse_unknown_settings(registry.settings_class(), ours)
    read_settings(
        registry.settings_class(), {k: v.replace("A_REMPLACER", "x7Qm2pLw9Rt4Zk8v") for k, v in ours.items()}
    )


def test_a_password_left_to_fill_is_refused() -> None:
    with pytest.raises(Exception, match="BOT_DATABASE_URL"):
        read_settings(registry.settings_class(), variables(DEPLOY / "systemd" / "secrets.env"))


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_runs_one_of_our_commands_and_may_do_little(name: str) -> None:
    one = OURS[name]
    accept(one["command"])
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in one


def test_compose_names_what_it_waits_for_and_where_each_rasa_and_the_actions_are() -> None:
    services = COMPOSE["services"]
    for name, one in services.items():
        assert set(one.get("depends_on", {})) <= set(services), name
        assert set(one["networks"]) <= set(COMPOSE["networks"]), name
        assert "build" in one or re.search(r":\d", one["image"]), name
    settings = OURS["canaux-1"]["environment"]
    assert settings["BOT_RASA_URLS"].split() == [f"http://{name}:5005" for name in ("rasa-1", "rasa-2")]
    assert settings["BOT_ACTIONS_URL"] == "http://actions:5055"
    assert "exterieur" not in services["rasa-1"]["networks"] + services["postgres"]["networks"]


def test_the_image_takes_everything_that_runs_and_nothing_that_is_not_there() -> None:
    dockerfile = (DEPLOY / "compose" / "Dockerfile").read_text(encoding="utf-8")
    taken = [
        word for line in re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE) for word in line.split()
    ]
    assert [name for name in taken if not (ROOT / name).exists()] == []
    needed = {
        "actions",
        "bot",
        "channels",
        "data",
        "config.yml",
        "credentials.yml",
        "domain.yml",
        "endpoints.yml",
    }
    assert needed <= set(taken)
    ignored = (DEPLOY / "compose" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in taken} <= set(ignored)


def test_nginx_of_compose_is_the_other_one_with_its_own_names() -> None:
    def body(path: Path) -> str:
        text = path.read_text(encoding="utf-8")
        return text[text.index("upstream") :]

    wanted = (
        body(NGINX)
        .replace("127.0.0.1:8081", "canaux-1:8080")
        .replace("127.0.0.1:8082", "canaux-2:8080")
        .replace("/etc/letsencrypt/live/droits.example/", "/etc/nginx/certificat/")
    )
    assert body(DEPLOY / "compose" / "nginx.conf") == wanted


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    arguments = run_folder(tmp_path, NGINX, {8081: 8081, 8082: 8082}, port=8443)
    done = subprocess.run(["/usr/sbin/nginx", "-t", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_nginx_writes_no_address_no_id_and_lets_nobody_say_where_they_come_from() -> None:
    text = re.sub(r"#.*", "", NGINX.read_text(encoding="utf-8"))
    servers = text.split("\nserver {")[1:]
    assert all("access_log off;" in server for server in servers)
    assert re.findall(r"error_log (\S+?)(?: (\w+))?;", text) == [
        ("/dev/null", ""),
        ("/var/log/nginx/assistant.log", "emerg"),
    ]
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "proxy_add_x_forwarded_for" not in text
    assert "non_idempotent" not in text


def test_nginx_holds_back_no_stream_and_takes_what_the_largest_webhook_sends() -> None:
    text = NGINX.read_text(encoding="utf-8")
    (pattern,) = re.findall(r"location ~ (\S+) \{", text)
    streams = [
        route.path
        for route in (*API_ROUTES, *CONSOLE_ROUTES)
        if getattr(route, "handler", None) in {stream_events, stream}
    ]
    paths = [re.sub(r"\{.*?\}", "c0ffee", path) for path in streams]
    assert len(paths) >= 2
    assert [path for path in paths if not re.search(pattern, path)] == []
    assert "proxy_buffering off;" in text[text.index("location ~") :]
    assert f"client_max_body_size {MAX_BODY // 1024}k;" in text
