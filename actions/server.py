"""The action server, on loopback unless told otherwise: rasa-sdk's own command listens on every address."""

from __future__ import annotations

import argparse
import logging

from rasa_sdk.endpoint import create_app


def main() -> None:
    """Serve the actions of this package until stopped, on 127.0.0.1 unless another address is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    app = create_app("actions", cors_origins="")
    app.run(host=given.host, port=given.port, workers=1, access_log=False, debug=False, motd=False)


if __name__ == "__main__":
    main()
