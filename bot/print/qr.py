"""QR codes as images that stand in the page."""

from __future__ import annotations

import segno


def qr_image(text: str) -> str:
    """Return the address (`data:`) of a QR code in SVG; a quarter of it may be stained (ISO/IEC 18004, level Q)."""
    uri: str = segno.make(text, error="q", boost_error=False, micro=False).svg_data_uri(border=4)
    return uri
