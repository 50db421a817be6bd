"""A gateway described by a file: which fields it sends, how it signs, how it is written to (docs/sms.md).

Calls may be a query, a form or JSON (`a.b` names a field within another). The signature is an HMAC over the body and,
when the gateway sends one, a time: an old one is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl

import aiohttp
import yaml
from pydantic import AnyHttpUrl, BaseModel, Extra, Field, ValidationError, validator

from bot.model.validation_french import french_message
from bot.service.correspondence import Part
from bot.settings import SettingsError
from bot.store.deliveries import BUFFERED, DELIVERED, REJECTED, SENT, UNDELIVERED
from channels.handing import CannotSend
from channels.sms.charset import decode
from channels.sms.gateway import (
    BadCall,
    BadSignature,
    Call,
    Dlr,
    Mo,
    Mt,
    SmsGateway,
    check_status,
    is_number,
)
from channels.sms.settings import SmsSettings

_STATES = (BUFFERED, SENT, DELIVERED, REJECTED, UNDELIVERED)
FILLED = ("numero", "texte", "service", "id", "accuse", "compte", "mot_de_passe")
"""What stands between braces in the description of a sending."""
_ALGORITHMS = ("sha1", "sha256", "sha512")
_SECONDS = 15


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class Signature(_Strict):
    """How calls are signed: hex HMAC of the body, followed by the time when `horodatage` names its header."""

    entete: str
    algorithme: str = "sha256"
    horodatage: str | None = None
    fenetre_secondes: int = Field(300, gt=0)

    @validator("algorithme")
    def _is_known(cls, value: str) -> str:
        if value not in _ALGORITHMS:
            raise ValueError(f"valeurs possibles : {', '.join(_ALGORITHMS)}")
        return value


class Parties(_Strict):
    """The fields that say which part of a long message this is."""

    reference: str
    numero: str
    total: str


class Reception(_Strict):
    """The fields of an incoming message."""

    expediteur: str
    texte: str
    identifiant: str | None = None
    parties: Parties | None = None
    charset: str = "utf-8"


class Envoi(_Strict):
    """How a message is handed over. `{numero} {texte} {service} {id} {accuse} {compte} {mot_de_passe}` are filled."""

    adresse: AnyHttpUrl
    methode: Literal["POST", "PUT"] = "POST"
    format: Literal["json", "formulaire"] = "json"
    entetes: dict[str, str] = {}
    champs: dict[str, Any]
    identifiant: str | None = None

    @validator("entetes", "champs")
    def _names_are_known(cls, value: Any) -> Any:
        try:
            _filled(value, dict.fromkeys(FILLED, ""))
        except (KeyError, ValueError, IndexError, AttributeError):
            raise ValueError(
                f"entre accolades, seulement : {', '.join(FILLED)} (doublez une accolade à garder)"
            ) from None
        return value


class Accuse(_Strict):
    """The fields of a delivery report, and what its states mean."""

    etat: str
    notre_identifiant: str | None = None
    identifiant: str | None = None
    etats: dict[str, str]

    @validator("etats")
    def _states_are_known(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(value.values()) - set(_STATES))
        if unknown:
            raise ValueError(f"état inconnu : {', '.join(unknown)} (possibles : {', '.join(_STATES)})")
        return value


class Description(_Strict):
    """The whole file."""

    reception: Reception
    envoi: Envoi
    signature: Signature | None = None
    accuse: Accuse | None = None


class Generic:
    """The gateway that a description describes."""

    def __init__(self, description: Description, settings: SmsSettings) -> None:
        self._description = description
        self._settings = settings

    def check(self, call: Call) -> None:
        """Check the signature in constant time, and that it is fresh; without one described, the path is the guard."""
        rule = self._description.signature
        if rule is None:
            return
        # What is read is what is signed: the query of a GET, the body of the rest.
        signed = call.query if call.method == "GET" else call.body
        moment = call.headers.get(rule.horodatage or "", "")
        if rule.horodatage:
            if not is_number(moment) or abs(call.now - int(moment)) > rule.fenetre_secondes:
                raise BadSignature
            signed += moment.encode()
        key = self._settings.sms_password.encode()
        expected = hmac.new(key, signed, getattr(hashlib, rule.algorithme)).hexdigest()
        given = call.headers.get(rule.entete, "").lower().encode("utf-8", "replace")
        if not key or not hmac.compare_digest(expected.encode(), given):
            raise BadSignature

    def read_message(self, call: Call) -> Mo:
        """Read the fields that the description names."""
        rule = self._description.reception
        fields = _fields(call, rule.charset)
        is_readable, raw = fields is not None, fields or {}
        if not is_readable:
            raw = _fields(call, "iso-8859-1") or {}
        sender = _named(raw, rule.expediteur)
        if not sender:
            raise BadCall(rule.expediteur)
        return Mo(
            sender,
            _named(raw, rule.texte) if is_readable else None,
            _named(raw, rule.identifiant) or None if rule.identifiant else None,
            _part(raw, rule.parties) if rule.parties and is_readable else None,
        )

    def read_report(self, call: Call) -> Dlr | None:
        """Read the fields of a report."""
        rule = self._description.accuse
        fields = _fields(call, "utf-8")
        if rule is None or fields is None:
            raise BadCall("accuse")
        state = _named(fields, rule.etat)
        if not state:
            raise BadCall(rule.etat)
        status = rule.etats.get(state)
        ours = _named(fields, rule.notre_identifiant) if rule.notre_identifiant else ""
        theirs = _named(fields, rule.identifiant) if rule.identifiant else ""
        if not ours and not theirs:
            raise BadCall(rule.notre_identifiant or rule.identifiant or "identifiant")
        return Dlr(status, ours=ours or None, theirs=theirs or None) if status else None

    async def send(self, session: aiohttp.ClientSession, message: Mt) -> str | None:
        """Write to the address described and return the id found in its answer."""
        rule = self._description.envoi
        account = (self._settings.sms_user, self._settings.sms_password)
        told = (message.number, message.text, self._settings.sms_number, message.id, message.report_url)
        values = dict(zip(FILLED, (*told, *account), strict=True))
        body = _filled(rule.champs, values)
        content = {"json": body} if rule.format == "json" else {"data": body}
        try:
            async with session.request(
                rule.methode,
                str(rule.adresse),
                headers=_filled(rule.entetes, values),
                timeout=aiohttp.ClientTimeout(total=_SECONDS),
                allow_redirects=False,  # a number and a text go where the settings say, and nowhere else
                **content,
            ) as response:
                check_status(response.status, response.headers.get("Retry-After"))
                answer = await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise CannotSend(type(error).__name__, retry=True, away=True) from error
        return _id_in(answer, rule.identifiant) if rule.identifiant else None


def open_generic(settings: SmsSettings) -> SmsGateway:
    """Return the gateway of the file. Raises SettingsError that says what to mend in it."""
    return Generic(read_description(settings.sms_generic_file), settings)


def read_description(path: Path) -> Description:
    """Return the description in a YAML file. Raises SettingsError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
            raise SettingsError(f"BOT_SMS_GENERIC_FILE : {path} : il faut les clés reception et envoi")
        return Description.parse_obj(data)
    except OSError as error:
        raise SettingsError(f"BOT_SMS_GENERIC_FILE : {path} ne se lit pas ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"BOT_SMS_GENERIC_FILE : {path} n'est pas du YAML lisible") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(place) for place in e['loc'])} : {french_message(dict(e))}"
            for e in error.errors()
        )
        raise SettingsError(f"BOT_SMS_GENERIC_FILE : {path} : {wrong}") from error


def _fields(call: Call, charset: str) -> dict[str, Any] | None:
    """Return the fields of a call: JSON, else the form, else the query. None when the charset does not read them."""
    if call.method == "GET":
        return _pairs(call.query, charset)
    if "json" in call.headers.get("Content-Type", ""):
        text = decode(call.body, charset)
        try:
            data = json.loads(text) if text is not None else None
        except (ValueError, RecursionError):
            raise BadCall("JSON") from None
        if data is not None and not isinstance(data, dict):
            raise BadCall("JSON")
        return data
    return _pairs(call.body, charset)


def _pairs(raw: bytes, charset: str) -> dict[str, Any] | None:
    try:
        return dict(parse_qsl(raw.decode("ascii"), keep_blank_values=True, encoding=charset, errors="strict"))
    except (UnicodeDecodeError, LookupError):
        return None


def _named(fields: dict[str, Any], path: str) -> str:
    found: Any = fields
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""


def _part(fields: dict[str, Any], rule: Parties) -> Part | None:
    """Return which part this is, None for a message that has only one."""
    reference, number, total = (_named(fields, name) for name in (rule.reference, rule.numero, rule.total))
    if not reference or not total:
        return None
    if not is_number(total) or not is_number(number):
        raise BadCall(rule.total)
    if int(total) < 2:
        return None
    if not 1 <= int(number) <= int(total) <= 255:
        raise BadCall(rule.numero)
    return Part(reference, int(number), int(total))


def _filled(template: Any, values: dict[str, str]) -> Any:
    if isinstance(template, dict):
        return {name: _filled(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, values) for value in template]
    if not isinstance(template, str):
        return template
    for name, value in values.items():  # each name once: a text that holds "{id}" stays as it is
        if template == f"{{{name}}}":
            return value
    return template.format_map(values)


def _id_in(answer: bytes, path: str) -> str | None:
    try:
        data = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    return _named(data, path) or None if isinstance(data, dict) else None
