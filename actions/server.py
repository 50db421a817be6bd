"""The action server, on loopback only: rasa-sdk's own command listens on every address."""

from __future__ import annotations

import argparse
import logging

from rasa_sdk.endpoint import create_app


def main() -> None:
    """Serve the actions of this package on 127.0.0.1 until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    logging.basicConfig(level=logging.WARNING)
    app = create_app("actions", cors_origins="")
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False, debug=False, motd=False)


if __name__ == "__main__":
    main()
