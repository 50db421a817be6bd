"""`bot cles`: what each key opens, a new key, and the end of old ones. Nothing of what is stored is shown."""

from __future__ import annotations

import time

from cryptography.fernet import Fernet

from bot.run.opening import open_current_store
from bot.settings import Settings
from bot.store.cipher import ENCRYPTION, NEXT, load_cipher, read_keys, remove_next, write_keys
from bot.store.rotation import Sealed, count_by_key, seal_everything_again

TAKEN_UP_SECONDS = 300
"""After a new key, before old ones may go: every running process has seen it, and what was being written is written."""


class KeysProblem(Exception):
    """What cannot be done with the keys now; the message says what to do first."""


async def verify_keys(settings: Settings) -> bool:
    """Print what each key opens. Returns False when something opens with none."""
    async with open_current_store(settings) as (database, cipher), database.read() as connection:
        sealed = await count_by_key(connection, cipher)
    print(f"Clé en usage : {sealed.by_key[0]} valeur(s). Clés plus anciennes : {sealed.old} valeur(s).")
    _print_unreadable(sealed)
    return not sealed.unreadable


def prepare_key(settings: Settings) -> None:
    """Make the next key ready: every process opens with it, none encrypts with it yet. For keys copied to several machines."""
    folder = settings.keys_folder
    load_cipher(folder)
    if (folder / NEXT).exists():
        raise KeysProblem(
            f"Une clé est déjà prête : copiez {folder / NEXT} sur chaque machine, puis lancez « bot cles renouveler »."
        )
    write_keys(folder, [Fernet.generate_key()], NEXT)
    print(f"La clé suivante est prête : {folder / NEXT}")
    print(
        "Copiez-la dans le dossier des clés de chaque machine, puis lancez « bot cles renouveler » sur l'une d'elles."
    )


async def renew_key(settings: Settings) -> None:
    """Encrypt with a new key from now on, and seal again what is stored. Started again, it goes on where it stopped."""
    async with open_current_store(settings) as (database, _):
        folder = settings.keys_folder
        if len(read_keys(folder)) > 1 and not (folder / NEXT).exists():
            print(
                "Le dernier renouvellement continue, sans autre clé : les anciennes ne sont pas encore retirées."
            )
        else:
            _put_first(settings)
        count = await seal_everything_again(database, load_cipher(settings.keys_folder))
    print(f"{count} valeur(s) chiffrée(s) de nouveau avec la clé en usage.")
    print("Sauvegardez le dossier des clés. Les anciennes clés ouvrent encore les sauvegardes de la base.")
    print("Dans cinq minutes au moins, « bot cles retirer » retire les anciennes clés.")


async def retire_keys(settings: Settings) -> None:
    """Drop the keys that nothing stored needs any more. Raises KeysProblem when something does, or too soon after a new key."""
    folder = settings.keys_folder
    async with open_current_store(settings) as (database, cipher):
        keys = read_keys(folder)
        if len(keys) == 1:
            print("Il n'y a qu'une clé : rien à retirer.")
            return
        if (folder / NEXT).exists():
            raise KeysProblem(
                "Une clé suivante est prête et pas encore en usage : lancez « bot cles renouveler »."
            )
        age = time.time() - (folder / ENCRYPTION).stat().st_mtime
        if age < TAKEN_UP_SECONDS:
            raise KeysProblem(f"Trop tôt : attendez encore {TAKEN_UP_SECONDS - int(age)} secondes.")
        async with database.write() as connection:  # nothing else is written meanwhile
            sealed = await count_by_key(connection, cipher)
            if sealed.old:
                raise KeysProblem(
                    f"{sealed.old} valeur(s) ont encore besoin d'une ancienne clé : lancez « bot cles renouveler »."
                )
            write_keys(folder, keys[:1])
    print(
        f"{len(keys) - 1} ancienne(s) clé(s) retirée(s). Les sauvegardes d'avant ne s'ouvrent plus qu'avec elles."
    )
    _print_unreadable(sealed)


def _put_first(settings: Settings) -> None:
    """Put the key made ready, or a new one, before the others."""
    folder = settings.keys_folder
    keys = read_keys(folder)
    fresh = keys[-1] if (folder / NEXT).exists() else Fernet.generate_key()
    write_keys(folder, list(dict.fromkeys((fresh, *keys))))
    remove_next(folder)


def _print_unreadable(sealed: Sealed) -> None:
    for name, count in sorted(sealed.unreadable.items()):
        print(
            f"Table {name} : {count} valeur(s) qu'aucune clé n'ouvre. Remettez la clé d'alors, si vous l'avez."
        )
