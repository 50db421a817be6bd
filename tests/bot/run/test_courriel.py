"""One test mail, and what is wrong said in words that tell what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.courriel import _ADVICE, SUBJECT, try_mail
from bot.service.smtp import Trouble
from bot.settings import Settings
from tests.bot.service.smtp_server import SENDER, Certificate, Mailbox, free_port, smtp_server

ADDRESS = "agent@mairie.example"


def settings_of(port: int, scheme: str = "smtp", login: str = "", ca_file: str = "") -> Settings:
    url = f"{scheme}://{login}127.0.0.1:{port}"
    return Settings(smtp_url=url, mail_from=SENDER, smtp_ca_file=ca_file)


async def test_a_mail_that_arrives(capsys: pytest.CaptureFixture[str]) -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        assert await try_mail(settings_of(port), ADDRESS)
    assert [message["Subject"] for message in mailbox.messages] == [SUBJECT]
    assert "Le serveur a pris l'e-mail." in capsys.readouterr().out


async def test_a_certificate_of_the_organisation_is_trusted_when_it_is_set(tmp_path: Path) -> None:
    certificate, mailbox = Certificate(tmp_path), Mailbox()
    with smtp_server(mailbox, tls=certificate) as port:
        assert not await try_mail(settings_of(port, "smtps"), ADDRESS)
        assert await try_mail(settings_of(port, "smtps", ca_file=str(certificate.path)), ADDRESS)
    assert len(mailbox.received) == 1


async def test_without_a_server_the_settings_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert not await try_mail(Settings(), ADDRESS)
    text = capsys.readouterr().out
    assert "BOT_SMTP_URL" in text
    assert "BOT_MAIL_FROM" in text


async def test_what_is_no_address_is_not_written_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert not await try_mail(settings_of(free_port()), f"Agent <{ADDRESS}>")
    assert "Cette adresse n'en est pas une" in capsys.readouterr().out


async def test_nobody_listens_and_the_port_is_to_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert not await try_mail(settings_of(free_port()), ADDRESS)
    assert "Vérifiez le serveur et le port" in capsys.readouterr().out


async def test_a_wrong_password_is_said_and_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = Certificate(tmp_path)
    with smtp_server(Mailbox(), starttls=certificate, needs_account=True) as port:
        settings = settings_of(port, "smtp+starttls", "compte:faux-secret@", str(certificate.path))
        assert not await try_mail(settings, ADDRESS)
    text = capsys.readouterr().out
    assert "refuse le compte ou le mot de passe" in text
    assert "Réponse du serveur : 535" in text
    assert "secret" not in text


async def test_a_refusal_for_now_says_to_try_again(capsys: pytest.CaptureFixture[str]) -> None:
    mailbox = Mailbox()
    mailbox.on_recipient.append("450 4.7.1 greylisted \x1b[31m")
    with smtp_server(mailbox) as port:
        assert not await try_mail(settings_of(port), ADDRESS)
    text = capsys.readouterr().out
    assert "Réponse du serveur : 450 4.7.1 greylisted" in text
    assert "provisoire" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_its_advice(trouble: Trouble) -> None:
    assert len(_ADVICE[trouble].splitlines()) >= 2
