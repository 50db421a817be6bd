"""What is read of an update of Telegram: a message of the assistant's, or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update, User

from bot.answers import choices
from bot.answers.compose import Composer
from bot.knowledge.fiche import RUBRIQUES
from bot.model.answer import Answer
from bot.service.correspondence import Inbound
from bot.settings import load_settings
from channels.telegram import answers
from channels.telegram.buttons import values_by_word, word_of
from channels.telegram.updates import ALLOWED_UPDATES, COMMANDS, Read, UpdateReader
from tests.channels.talking import knowledge
from tests.channels.telegram import incoming
from tests.channels.telegram.incoming import (
    AWA,
    CONTENTS,
    GROUP,
    NAME,
    PRIVATE,
    ROBOT,
    SERVICES,
    answer_to,
    edited,
    message,
    old_tap,
    tap,
    update,
)

VALUES = values_by_word(knowledge().taxonomy)
READER = UpdateReader(User.de_json(ROBOT, None), lambda: VALUES)
CHAT, GROUP_CHAT = str(PRIVATE["id"]), str(GROUP["id"])
LINK = "https://t.me/assistant_essai_bot"
OTHER_ROBOT = {"id": 777, "is_bot": True, "first_name": "Autre", "username": "autre_bot"}
PERSONAL_WORDS = ("personne", "PERSONNE", "un humain", "effacer", "Effacer ma conversation", "stop", "arrêt")
PERSONAL_COMMANDS = ("personne", "effacer", "stop")


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(knowledge(), load_settings({}))


def read(data: dict[str, Any]) -> Read:
    """Return what is read of an update as it comes over the wire."""
    return READER.read(Update.de_json(json.loads(json.dumps(data)), None))


def inbound(data: dict[str, Any]) -> Inbound:
    """Return the message that an update is."""
    found = read(data).inbound
    assert found is not None
    return found


def reply(data: dict[str, Any], composer: Composer) -> Answer:
    """Return the answer that an update asks for, nothing being left to understand."""
    found = inbound(data)
    assert (found.text, found.choice) == (None, None)
    assert found.reply is not None
    return found.reply(composer)


def is_left(data: dict[str, Any]) -> bool:
    return read(data).inbound is None


def is_private_invitation(data: dict[str, Any], composer: Composer) -> bool:
    answer = reply(data, composer)
    return answer == answers.in_private(composer, link=LINK) and answer.choices == ()


# -- a private chat


def test_a_text_is_what_the_person_wrote() -> None:
    data = incoming.text("combien pour le rsa ?")
    assert inbound(data) == Inbound(
        "telegram", CHAT, "combien pour le rsa ?", f"update:123456:{data['update_id']}"
    )
    assert (read(data).chat, read(data).callback) == (PRIVATE["id"], None)


def test_the_same_update_has_the_same_key_and_another_has_another() -> None:
    first, second = incoming.text("bonjour"), incoming.text("bonjour")
    assert inbound(first).key == inbound(first).key != inbound(second).key


def test_two_robots_never_take_the_update_of_one_for_that_of_the_other() -> None:
    data = incoming.text("bonjour")
    other = UpdateReader(User.de_json(OTHER_ROBOT, None), lambda: VALUES).read(Update.de_json(data, None))
    assert other.inbound is not None
    assert other.inbound.key != inbound(data).key


def test_an_edited_text_is_asked_again() -> None:
    assert inbound(edited("combien pour l'apl ?")).text == "combien pour l'apl ?"


def test_the_words_of_a_photo_are_what_the_person_wrote() -> None:
    photo = CONTENTS["photo"] | {"caption": "mon courrier de la CAF"}
    assert inbound(update(message=message(**photo))).text == "mon courrier de la CAF"
    changed = update(edited_message=message(**photo, edit_date=incoming.DATE + 5))
    assert inbound(changed).text == "mon courrier de la CAF"


def test_a_command_under_a_photo_is_a_command() -> None:
    assert inbound(update(message=message(**CONTENTS["photo"], caption="/stop"))).text == "STOP"


def test_the_robots_own_name_is_taken_off_a_text() -> None:
    assert inbound(incoming.text(f"{NAME} combien pour le rsa ?")).text == "combien pour le rsa ?"


@pytest.mark.parametrize("kind", sorted(CONTENTS))
def test_what_is_no_text_is_told_so(kind: str) -> None:
    data = update(message=message(**CONTENTS[kind]))
    found = inbound(data)
    assert (found.text, found.choice, found.reply) == (None, None, None)


def test_a_position_gives_the_places_around_it(composer: Composer) -> None:
    data = update(message=message(location={"latitude": 48.1904, "longitude": -2.1952}))
    answer = reply(data, composer)
    assert answer == composer.places_around(48.1904, -2.1952)
    assert "Saint-Méen-le-Grand" in answer.places[0].address


def test_a_venue_gives_the_places_around_it(composer: Composer) -> None:
    spot = {"latitude": 48.1147, "longitude": -1.6794}
    data = update(
        message=message(location=spot, venue={"location": spot, "title": "Gare", "address": "Rennes"})
    )
    assert reply(data, composer) == composer.places_around(48.1147, -1.6794)


def test_a_position_that_follows_its_phone_is_answered_once() -> None:
    live = {"latitude": 48.1904, "longitude": -2.1952, "live_period": 900, "horizontal_accuracy": 12.0}
    assert not is_left(update(message=message(location=live)))
    moved = update(edited_message=message(location=live | {"heading": 90}, edit_date=incoming.DATE + 10))
    assert is_left(moved)


# -- commands


@pytest.mark.parametrize("suffix", ["", NAME, NAME.upper()], ids=["alone", "named", "shouted"])
@pytest.mark.parametrize(
    ("command", "choice", "word"),
    [
        ("aide", choices.HELP, None),
        ("personne", choices.PERSON, None),
        ("simple", None, "SIMPLE"),
        ("effacer", None, "EFFACER"),
        ("stop", None, "STOP"),
        ("help", None, "AIDE"),
        ("settings", None, "AIDE"),
        ("AIDE", choices.HELP, None),
        ("Stop", None, "STOP"),
    ],
)
def test_a_command_is_the_word_or_the_choice_it_stands_for(
    command: str, choice: str | None, word: str | None, suffix: str
) -> None:
    found = inbound(incoming.text(f"/{command}{suffix}"))
    assert (found.choice, found.text, found.reply) == (choice, word, None)


@pytest.mark.parametrize("suffix", ["", NAME])
def test_start_gives_the_welcome(composer: Composer, suffix: str) -> None:
    assert reply(incoming.text(f"/start{suffix}"), composer) == composer.welcome()


@pytest.mark.parametrize("suffix", ["", NAME])
def test_lieu_asks_for_the_commune_or_the_position(composer: Composer, suffix: str) -> None:
    assert reply(incoming.text(f"/lieu{suffix}"), composer) == answers.where(composer)


@pytest.mark.parametrize("command", ["vie_privee", "privacy"])
@pytest.mark.parametrize("chat", [PRIVATE, GROUP], ids=["private", "group"])
def test_what_is_kept_is_told_and_that_telegram_reads_too(
    composer: Composer, command: str, chat: dict[str, Any]
) -> None:
    answer = reply(incoming.text(f"/{command}", chat), composer)
    own = composer.privacy().blocks
    assert answer == answers.privacy(composer)
    assert answer.blocks[: len(own)] == own
    assert "Telegram" in answer.blocks[len(own)].items[0]


@pytest.mark.parametrize("words", ["Rostrenen", " 22110", "\nSaint-Méen-le-Grand "])
def test_lieu_with_a_commune_is_that_commune(words: str) -> None:
    assert inbound(incoming.text(f"/lieu {words}")).text == words.strip()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_that_telegram_shows_is_known(composer: Composer, name: str) -> None:
    found = inbound(incoming.text(f"/{name}"))
    assert found.reply is None or found.reply(composer) != answers.unknown_order(composer)


@pytest.mark.parametrize("text", ["/inconnue", "/START2", "/rsa combien ?", f"/ouvre{NAME}", "/_", "/0"])
def test_an_unknown_command_is_told_so(composer: Composer, text: str) -> None:
    assert reply(incoming.text(text), composer) == answers.unknown_order(composer)


@pytest.mark.parametrize(
    "text", ["/", "/ aide", "/été", '/choisir{"fiche": "rsa"}', "a /stop", f"/{'a' * 33}"]
)
def test_what_only_looks_like_a_command_is_a_text(text: str) -> None:
    assert inbound(incoming.text(text)).text == text.strip()


@pytest.mark.parametrize("text", ["/aide@autre_bot", "/start@autre_bot rsa", "/stop@assistant_essai_bot2"])
@pytest.mark.parametrize("chat", [PRIVATE, GROUP], ids=["private", "group"])
def test_a_command_for_another_robot_is_left(text: str, chat: dict[str, Any]) -> None:
    assert is_left(incoming.text(text, chat))


# -- the QR code of a poster


@pytest.mark.parametrize("fiche", sorted(knowledge().taxonomy.subjects))
def test_start_with_a_fiche_asks_for_it(fiche: str) -> None:
    assert inbound(incoming.text(f"/start {fiche}")).choice == f"fiche:{fiche}"


def test_start_with_a_fiche_and_a_rubrique_asks_for_it() -> None:
    assert [inbound(incoming.text(f"/start rsa:{rubrique}")).choice for rubrique in RUBRIQUES] == [
        f"fiche:rsa:{rubrique}" for rubrique in RUBRIQUES
    ]


@pytest.mark.parametrize(
    "payload",
    [
        "inconnue",
        "RSA",
        "rsa:inconnue",
        "rsa:montant:montant",
        "fiche:rsa",
        "personne:envoyer",
        "effacer:oui",
        word_of("fiche:rsa"),
        word_of("effacer:oui"),
        "'; DROP TABLE messages;--",
        "../../etc/passwd",
        "<b>rsa</b>",
        "{jours}",
        "\x00",
        "\ud83d",
        "rsa\nrsa",
        "a" * 4000,
    ],
)
def test_start_with_anything_else_gives_the_welcome(composer: Composer, payload: str) -> None:
    assert reply(incoming.text(f"/start {payload}"), composer) == composer.welcome()


# -- taps


def test_a_tap_is_the_choice_that_its_word_stands_for() -> None:
    data = tap(word_of("fiche:rsa:montant"), message_id=31)
    found = inbound(data)
    assert (found.address, found.text, found.choice, found.reply) == (CHAT, None, "fiche:rsa:montant", None)
    assert found.key == f"update:123456:{data['update_id']}"
    assert (read(data).chat, read(data).callback) == (PRIVATE["id"], "4382bfdwdsb323b2d9")


def test_two_taps_on_a_button_are_twins_and_those_on_two_buttons_or_messages_are_not() -> None:
    word, other = word_of("aide"), word_of("personne")
    first, again = inbound(tap(word)), inbound(tap(word))
    assert first.key != again.key
    assert first.twin == again.twin is not None
    assert len({first.twin, inbound(tap(other)).twin, inbound(tap(word, message_id=13)).twin}) == 3


@pytest.mark.parametrize("word", ["", "fiche:rsa", "effacer:oui", "A" * 16, "é" * 32, "x" * 64])
def test_a_tap_whose_word_means_nothing_is_told_so_and_its_button_stops_turning(
    composer: Composer, word: str
) -> None:
    assert reply(tap(word), composer) == answers.unknown_order(composer)
    assert read(tap(word)).callback


def test_a_tap_on_a_message_too_old_to_be_said_where_only_stops_its_button_turning() -> None:
    assert read(old_tap(word_of("aide"))) == Read(None, callback="4382bfdwdsb323b2d9")


def test_a_tap_on_a_message_too_old_to_be_read_is_still_a_choice() -> None:
    found = inbound(old_tap(word_of("aide"), message={"chat": PRIVATE, "message_id": 3, "date": 0}))
    assert (found.address, found.choice) == (CHAT, choices.HELP)


def test_a_tap_on_a_game_means_nothing(composer: Composer) -> None:
    data = tap("")
    del data["callback_query"]["data"]
    data["callback_query"]["game_short_name"] = "echecs"
    assert reply(data, composer) == answers.unknown_order(composer)


# -- what nobody wrote


@pytest.mark.parametrize("kind", sorted(SERVICES))
@pytest.mark.parametrize("chat", [PRIVATE, GROUP], ids=["private", "group"])
def test_what_nobody_wrote_is_left(kind: str, chat: dict[str, Any]) -> None:
    assert is_left(update(message=message(chat, **SERVICES[kind])))


@pytest.mark.parametrize("chat", [PRIVATE, GROUP], ids=["private", "group"])
@pytest.mark.parametrize("text", ["/aide", f"{NAME} bonjour"])
def test_the_words_of_a_robot_are_left(chat: dict[str, Any], text: str) -> None:
    data = incoming.text(text, chat)
    data["message"]["from"] = OTHER_ROBOT
    assert is_left(data)


@pytest.mark.parametrize(
    "data",
    [
        update(channel_post=message({"id": -100777, "title": "Un canal", "type": "channel"}, text="bonjour")),
        update(poll=CONTENTS["poll"]["poll"]),
        update(inline_query={"id": "1", "from": AWA, "query": "rsa", "offset": ""}),
        update(
            my_chat_member={
                "chat": PRIVATE,
                "from": AWA,
                "date": incoming.DATE,
                "old_chat_member": {"user": ROBOT, "status": "member"},
                "new_chat_member": {"user": ROBOT, "status": "kicked", "until_date": 0},
            }
        ),
        update(tout_nouveau={"id": 1}),
        update(),
    ],
    ids=lambda data: next(iter(data.keys() - {"update_id"}), "nothing"),
)
def test_what_was_not_asked_for_is_left(data: dict[str, Any]) -> None:
    assert not data.keys() & set(ALLOWED_UPDATES)
    assert is_left(data)


def test_a_field_that_telegram_added_since_changes_nothing() -> None:
    data = incoming.text("bonjour", tout_nouveau={"a": [1]})
    data["message"]["from"] = AWA | {"tout_nouveau": True}
    assert inbound(data).text == "bonjour"


# -- a group


@pytest.mark.parametrize(
    "text", ["bonjour à tous", "personne", "stop", "assistant_essai_bot ?", "@awa bonjour"]
)
def test_in_a_group_what_is_not_for_us_is_left(text: str) -> None:
    assert is_left(incoming.text(text, GROUP))


def test_in_a_group_an_answer_to_somebody_else_is_left() -> None:
    assert is_left(incoming.text("combien ?", GROUP, reply_to_message=answer_to(AWA)))
    assert is_left(incoming.text("combien ?", GROUP, reply_to_message=answer_to(OTHER_ROBOT)))


@pytest.mark.parametrize("kind", sorted(CONTENTS))
def test_in_a_group_what_is_no_text_is_left_unless_it_names_us(kind: str) -> None:
    content = CONTENTS[kind]
    assert is_left(update(message=message(GROUP, **content)))
    assert not is_left(update(message=message(GROUP, **content | {"caption": f"et ça, {NAME} ?"})))


def test_in_a_group_a_position_that_is_not_for_us_is_left() -> None:
    assert is_left(update(message=message(GROUP, location={"latitude": 48.19, "longitude": -2.19})))


@pytest.mark.parametrize("text", [f"{NAME} combien ?", f"combien {NAME}?", f"{NAME.upper()}, combien ?"])
def test_in_a_group_a_message_that_names_us_is_read_without_our_name(text: str) -> None:
    found = inbound(incoming.text(text, GROUP))
    assert found.address == GROUP_CHAT
    assert found.text is not None
    assert "combien" in found.text
    assert "assistant_essai_bot" not in found.text.lower()


def test_in_a_group_an_answer_to_us_is_read() -> None:
    found = inbound(incoming.text("et combien ?", GROUP, reply_to_message=answer_to(ROBOT)))
    assert (found.address, found.text) == (GROUP_CHAT, "et combien ?")


def test_in_a_group_a_command_is_read() -> None:
    assert inbound(incoming.text("/aide", GROUP)).choice == choices.HELP
    assert inbound(incoming.text(f"/aide{NAME}", GROUP)).choice == choices.HELP


def test_in_a_group_a_command_for_another_robot_within_a_sentence_is_left() -> None:
    assert is_left(incoming.text("essayez plutôt /aide@autre_bot", GROUP))


def test_in_a_group_a_robot_whose_name_begins_like_ours_is_not_us() -> None:
    assert is_left(incoming.text(f"{NAME}2 bonjour", GROUP))


def test_in_a_group_a_tap_answers_the_group() -> None:
    found = inbound(tap(word_of("fiche:rsa"), GROUP))
    assert (found.address, found.choice) == (GROUP_CHAT, "fiche:rsa")


# -- personal matters in a group


@pytest.mark.parametrize("command", PERSONAL_COMMANDS)
@pytest.mark.parametrize("suffix", ["", NAME])
def test_a_personal_command_in_a_group_gives_the_private_invitation(
    composer: Composer, command: str, suffix: str
) -> None:
    assert is_private_invitation(incoming.text(f"/{command}{suffix}", GROUP), composer)


@pytest.mark.parametrize("word", PERSONAL_WORDS)
def test_a_personal_word_in_a_group_gives_the_private_invitation(composer: Composer, word: str) -> None:
    assert is_private_invitation(incoming.text(f"{NAME} {word}", GROUP), composer)
    assert is_private_invitation(incoming.text(word, GROUP, reply_to_message=answer_to(ROBOT)), composer)
    assert is_private_invitation(incoming.text(f"/lieu {word}", GROUP), composer)


@pytest.mark.parametrize(
    "value", sorted(v for v in choices.PLAIN_VALUES if v.split(":")[0] in {"personne", "effacer"})
)
def test_a_personal_button_in_a_group_gives_the_private_invitation(composer: Composer, value: str) -> None:
    assert is_private_invitation(tap(word_of(value), GROUP), composer)


def test_the_same_in_a_private_chat_is_done() -> None:
    assert inbound(incoming.text("/personne")).choice == choices.PERSON
    assert inbound(incoming.text("effacer")).text == "effacer"
    assert inbound(tap(word_of(choices.PERSON_CALL))).choice == choices.PERSON_CALL


def test_what_is_not_personal_is_answered_in_a_group() -> None:
    for value in (choices.HELP, choices.PLACES, "fiche:rsa:montant"):
        assert inbound(tap(word_of(value), GROUP)).choice == value


# -- anything


TEXTS = st.one_of(
    st.text(),
    st.text(st.characters()).map(lambda text: f"/{text}"),
    st.from_regex(r"\A/[A-Za-z0-9_]{1,40}(@\w{1,20})?(\s.{0,20})?\Z"),
    st.sampled_from([f"/start{NAME} ", f"{NAME} ", "/lieu ", "/"]).flatmap(
        lambda lead: st.text().map(lambda text: lead + text)
    ),
)
SHAPES = st.sampled_from(
    [
        *(
            lambda text, kind=kind: update(message=message(**SERVICES[kind], caption=text))
            for kind in SERVICES
        ),
        *(
            lambda text, kind=kind: update(message=message(**CONTENTS[kind] | {"caption": text}))
            for kind in CONTENTS
        ),
        incoming.text,
        edited,
        tap,
        old_tap,
        lambda text: incoming.text(text, GROUP),
        lambda text: incoming.text(text, GROUP, reply_to_message=answer_to(ROBOT)),
        lambda text: tap(text, GROUP),
        lambda text: update(message=message({"id": -5, "type": "group", "title": text}, text=text)),
        lambda text: update(
            message=message(text=text, **{"from": AWA | {"first_name": text, "username": text}})
        ),
        lambda text: old_tap(text, message={"chat": PRIVATE, "message_id": 3, "date": 0}),
    ]
)


@settings(deadline=None, max_examples=300)
@given(SHAPES, TEXTS)
def test_whatever_the_words_an_update_is_read(shape: Any, text: str) -> None:
    found = Update.de_json(shape(text), None)
    result = READER.read(found)
    if result.inbound is not None:
        assert result.inbound.key == f"update:123456:{found.update_id}"
        assert result.inbound.choice is None or result.inbound.choice in VALUES.values()


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_in_a_group_no_words_ever_begin_a_form(text: str) -> None:
    for data in (incoming.text(f"{NAME} {text}", GROUP), incoming.text(text, GROUP), tap(text, GROUP)):
        found = READER.read(Update.de_json(data, None)).inbound
        assert found is None or not (found.choice or "").startswith(("personne", "effacer"))
