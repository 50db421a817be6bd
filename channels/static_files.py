"""Files that pages use, read once and kept by browsers for a year under the name of their version."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

mimetypes.add_type("font/woff2", ".woff2")  # not known everywhere
_A_YEAR = "public, max-age=31536000, immutable"
_A_MINUTE = "public, max-age=60"


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their names."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def file_version(content: bytes) -> str:
    """Return a word that changes with the content, so that a file can be kept for a year."""
    return hashlib.sha256(content).hexdigest()[:10]


def file_response(request: web.Request, files: Mapping[str, bytes]) -> web.Response:
    """Return the file whose name is in the address. Raises 404."""
    name = request.match_info["name"]
    content = files.get(name)
    if content is None:
        raise web.HTTPNotFound
    # A font never changes under its name; the rest is asked for under its version.
    is_versioned = name.endswith(".woff2") or request.query.get("v") == file_version(content)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return web.Response(
        body=content,
        content_type=kind,
        charset="utf-8" if kind.startswith("text/") else None,
        headers={"Cache-Control": _A_YEAR if is_versioned else _A_MINUTE},
    )
