"""`python -m channels`: serve the pages and the API."""

import sys

from channels.server import main

if __name__ == "__main__":
    sys.exit(main())
