"""Send one test mail and say in French what went wrong, with what to do. Nothing is stored."""

from __future__ import annotations

from bot.model.mail import is_mail_address, read_mail_server
from bot.service.mail import open_route
from bot.service.smtp import NotTaken, Trouble
from bot.settings import Settings
from bot.store.database import now
from bot.store.mails import Mail

SUBJECT = "Essai de l'assistant d'accès aux droits"
TEXT = """\
Bonjour,

Ceci est un essai. Les alertes de l'assistant arriveront à cette adresse.
Vous n'avez rien à faire.
"""
_NO_SERVER = """\
Aucun serveur d'e-mail n'est réglé : les alertes ne partent pas.
Réglez BOT_SMTP_URL (smtp+starttls://compte:motdepasse@serveur:587) et BOT_MAIL_FROM, puis recommencez."""
_ADVICE = {
    Trouble.UNKNOWN_HOST: "Ce nom de serveur n'existe pas.\nVérifiez BOT_SMTP_URL, et l'accès de cette machine au réseau.",
    Trouble.UNREACHABLE: "Personne ne répond à cette adresse.\n"
    "Vérifiez le serveur et le port de BOT_SMTP_URL. Un pare-feu peut aussi bloquer ce port.",
    Trouble.SLOW: "Le serveur est trop lent à répondre.\n"
    "Vérifiez le port : 465 demande smtps://, 587 demande smtp+starttls://. Sinon, recommencez plus tard.",
    Trouble.CUT: "Le serveur a coupé la connexion.\n"
    "Vérifiez le port : 465 demande smtps://, 587 demande smtp+starttls://. Sinon, recommencez plus tard.",
    Trouble.CERTIFICATE: "Le certificat du serveur n'est pas reconnu : rien n'a été envoyé.\n"
    "Vérifiez que le nom dans BOT_SMTP_URL est celui du certificat.\n"
    "Si votre organisme a sa propre autorité, donnez son fichier PEM dans BOT_SMTP_CA_FILE.",
    Trouble.NO_TLS: "Le serveur ne chiffre pas la connexion de cette façon : rien n'a été envoyé.\n"
    "Le port 465 demande smtps://, le port 587 demande smtp+starttls://.",
    Trouble.LOGIN: "Le serveur refuse le compte ou le mot de passe.\n"
    "Vérifiez-les dans BOT_SMTP_URL. Un signe comme @ ou / s'y écrit %40 ou %2F.\n"
    "Certains fournisseurs demandent un mot de passe d'application.",
    Trouble.GREETING: "Le serveur refuse de parler avec cette machine.\n"
    "Demandez à votre hébergeur si elle a le droit d'envoyer des e-mails.",
    Trouble.SENDER: "Le serveur refuse l'expéditeur.\nDans BOT_MAIL_FROM, mettez une adresse que ce compte peut utiliser.",
    Trouble.RECIPIENT: "Le serveur refuse le destinataire.\n"
    "Vérifiez l'adresse. Si elle est juste, ce serveur demande peut-être un compte dans BOT_SMTP_URL.",
    Trouble.CONTENT: "Le serveur refuse le message lui-même.\n"
    "Il le prend peut-être pour un indésirable : demandez à votre hébergeur.",
    Trouble.UNFORESEEN: "Une erreur imprévue a empêché l'envoi.\nVérifiez BOT_SMTP_URL et BOT_MAIL_FROM.",
}


async def try_mail(settings: Settings, address: str) -> bool:
    """Send one mail; print how it went. Returns whether the server took it."""
    route = open_route(settings)
    if route is None:
        print(_NO_SERVER)
        return False
    if not is_mail_address(address):
        print("Cette adresse n'en est pas une : écrivez-la seule, sans accent, comme agent@mairie.example.")
        return False
    server = read_mail_server(settings.smtp_url)
    print(f"Envoi par {server.host}, port {server.port} ({server.security.value})…")
    try:
        await route.hand_over(Mail(0, now(), 1, address, SUBJECT, TEXT))
    except NotTaken as refusal:
        print(_explain(refusal))
        return False
    print(
        "Le serveur a pris l'e-mail.\n"
        "Vérifiez qu'il arrive. S'il n'est pas là dans dix minutes, regardez dans les indésirables."
    )
    return True


def _explain(refusal: NotTaken) -> str:
    lines = [_ADVICE[refusal.trouble]]
    if refusal.code is not None:
        words = " ".join(part for part in refusal.words.split() if part.isprintable())
        lines.append(f"Réponse du serveur : {refusal.code} {words}")
        if 400 <= refusal.code < 500:
            lines.append("Ce refus est provisoire : recommencez dans quelques minutes.")
    return "\n".join(lines)
