"""The gateways, one file each; a new one is a file here and a line in this list."""

from __future__ import annotations

from collections.abc import Mapping

from channels.sms.gateway import OpenGateway
from channels.sms.gateways.generic import open_generic
from channels.sms.gateways.kannel import open_kannel
from channels.sms.gateways.twilio import open_twilio

GATEWAYS: Mapping[str, OpenGateway] = {
    "kannel": open_kannel,
    "twilio": open_twilio,
    "generique": open_generic,
}
