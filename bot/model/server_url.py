"""The address of a server that a setting gives, with a password in it: read, and refused when weak, never repeated."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

SHORTEST_PASSWORD = 12
"""Characters (ANSSI, « Recommandations relatives à l'authentification multifacteur et aux mots de passe », 2021)."""
FEWEST_DIFFERENT = 4


def check_password_strength(password: str) -> None:
    """Raise ValueError, without the password, when it could be guessed."""
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(
            f"mot de passe trop court : {SHORTEST_PASSWORD} caractères au moins, tirés au hasard"
        )
    if len(set(password)) < FEWEST_DIFFERENT:
        raise ValueError("mot de passe trop simple : tirez-le au hasard")


def check_server_url(url: str) -> None:
    """Raise ValueError, without the address, when it cannot be read or holds a weak password."""
    try:
        parts = urlsplit(url)
        host, _port, password = parts.hostname, parts.port, unquote(parts.password or "")
    except ValueError:
        host = None
    if not host or not url.isprintable() or any(char.isspace() for char in url):
        raise ValueError(
            "adresse illisible : dans un mot de passe, @ s'écrit %40, / s'écrit %2F, : s'écrit %3A"
        )
    if password:
        check_password_strength(password)
