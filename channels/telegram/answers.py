"""What is said on Telegram and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import labels
from bot.answers.compose import Composer
from bot.model.answer import Answer, AnswerType


def where(composer: Composer) -> Answer:
    """Ask for the commune or the position, which a phone can share here."""
    return composer.say(AnswerType.LIEU, "telegram.position", labels.PERSON)


def in_private(composer: Composer, *, link: str) -> Answer:
    """Say in a group that personal matters are told in private."""
    return composer.say(AnswerType.CONFIDENTIALITE, "telegram.en_prive", lien=link)


def unknown_order(composer: Composer) -> Answer:
    """Say that a command does not exist, and what can be written instead."""
    return composer.say(AnswerType.INCOMPRIS, "telegram.commande_inconnue", labels.HELP, labels.PERSON)


def privacy(composer: Composer) -> Answer:
    """Return what is kept here, and that Telegram itself can read what is written on it."""
    ours, theirs = composer.privacy(), composer.say(AnswerType.CONFIDENTIALITE, "telegram.tiers")
    return replace(ours, blocks=(*ours.blocks, *theirs.blocks))
