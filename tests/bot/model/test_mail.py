"""Addresses, senders and servers of mails: what is read, and what is refused without being quoted."""

from __future__ import annotations

import pytest

from bot.model.mail import MailServer, Security, Sender, is_mail_address, read_mail_server, read_sender


@pytest.mark.parametrize("text", ["a@b.example", "agent.un+console@mairie.example", "alerte@localhost"])
def test_a_plain_address_is_one(text: str) -> None:
    assert is_mail_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "agent",
        "@mairie.example",
        "agent@",
        "a b@mairie.example",
        "a..b@mairie.example",
        ".a@mairie.example",
        "a@mairie..example",
        "a@-mairie.example",
        "a@mairie.example\n",
        "a@mairie.example\r\nBcc: b@mairie.example",
        "a@mairie.example,b@mairie.example",
        "<a@mairie.example>",
        "Nom <a@mairie.example>",
        '"a b"@mairie.example',
        "é@mairie.example",
        "a@mairie.example ",
        "a@b@mairie.example",
        f"{'a' * 65}@mairie.example",
        f"a@{'b.' * 130}example",
    ],
)
def test_what_is_more_or_less_than_an_address_is_none(text: str) -> None:
    assert not is_mail_address(text)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("droits@mairie.example", Sender("", "droits@mairie.example")),
        (" Accès aux droits <droits@mairie.example> ", Sender("Accès aux droits", "droits@mairie.example")),
        ('"Accès, droits" <droits@mairie.example>', Sender("Accès, droits", "droits@mairie.example")),
    ],
)
def test_a_sender_has_an_address_and_may_have_a_name(text: str, sender: Sender) -> None:
    assert read_sender(text) == sender
    assert sender.domain == "mairie.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Accès aux droits",
        "Nom <>",
        "A\r\nBcc: b <a@mairie.example>",
        "A <a@mairie.example> B <b@c.example>",
    ],
)
def test_what_is_no_sender_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Nom <adresse>"):
        read_sender(text)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://relais.example", MailServer("relais.example", 25, Security.NONE)),
        ("smtp+starttls://relais.example", MailServer("relais.example", 587, Security.STARTTLS)),
        ("smtps://relais.example/", MailServer("relais.example", 465, Security.TLS)),
        ("smtp://[::1]:2525", MailServer("::1", 2525, Security.NONE)),
        (
            "smtps://compte%40mairie.example:m%2Ft%3Ap@relais.example:8465",
            MailServer("relais.example", 8465, Security.TLS, "compte@mairie.example", "m/t:p"),
        ),
        ("smtp://a:b@localhost:1025", MailServer("localhost", 1025, Security.NONE, "a", "b")),
    ],
)
def test_a_server_is_read_from_its_url(url: str, server: MailServer) -> None:
    assert read_mail_server(url) == server


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("relais.example", "commence par"),
        ("http://relais.example", "commence par"),
        ("smtp://relais.example:0x19", "le port"),
        ("smtp://relais.example:99999", "le port"),
        ("smtp://", "nom du serveur"),
        ("smtp://rel ais.example", "rien ne suit"),
        ("smtp://relais.example\n", "rien ne suit"),
        ("smtp://relais_un.example", "nom du serveur"),
        ("smtps://relais.example/boite", "rien ne suit"),
        ("smtps://a:secret?@relais.example", "rien ne suit"),
        ("smtps://a@relais.example", "compte et un mot de passe"),
        ("smtp://a:secret@relais.example", "en clair"),
    ],
)
def test_a_wrong_url_is_refused_without_being_quoted(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refusal:
        read_mail_server(url)
    assert "secret" not in str(refusal.value)


def test_a_server_does_not_show_its_password() -> None:
    assert "secret" not in repr(read_mail_server("smtps://a:secret@relais.example"))
