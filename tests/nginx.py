"""A real nginx with the configuration of deploy/nginx, on other ports and with a certificate of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path


def make_certificate(folder: Path) -> None:
    """Write a certificate for this machine, signed by itself."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
               "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "privkey.pem"),
               "-out", str(folder / "fullchain.pem")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)


def run_folder(folder: Path, configuration: Path, upstreams: dict[int, int], port: int) -> list[str]:
    """Write the configuration for this folder, with other ports, and return the arguments of nginx."""
    text = configuration.read_text(encoding="utf-8")
    for written, real in upstreams.items():
        text = _swap(text, f"127.0.0.1:{written}", f"127.0.0.1:{real}")
    text = _swap(text, "listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;")
    text = _swap(text, "    listen 80;\n", f"    listen unix:{folder}/http.sock;\n")
    for line in ("    listen [::]:443 ssl http2;\n", "    listen [::]:80;\n"):
        text = _swap(text, line, "")
    text = _swap(text, "/etc/letsencrypt/live/droits.example", str(folder))
    text = _swap(text, "/var/log/nginx", str(folder))
    (folder / "assistant.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log emerg;\nevents {{}}\n"
        f"http {{\n"
        + "".join(f"  {name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        + f"  include {folder}/assistant.conf;\n}}\n",
        encoding="utf-8",
    )  # fmt: skip
    return ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


def _swap(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new)
