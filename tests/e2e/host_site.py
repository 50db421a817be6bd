"""The site of a mairie, on an origin of its own: pages that put the assistant in a frame."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mairie</title></head>
<body><h1>Mairie</h1><p><a id="avant" href="#apres">Horaires</a></p>
{embed}
<p id="apres"><a id="suite" href="/autre">Nous écrire</a></p></body></html>"""


class HostSite:
    """A site whose page holds whatever stands in `embed`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.embed = ""
        self.headers: dict[str, str] = {}


@contextmanager
def run_host_site(name: str = "localhost") -> Iterator[HostSite]:
    """Serve the site under that name on a free port until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = _PAGE.format(embed=site.embed).encode()
            self.send_response(200)
            for header, value in {"Content-Type": "text/html; charset=utf-8", **site.headers}.items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = HostSite(f"http://{name}:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
