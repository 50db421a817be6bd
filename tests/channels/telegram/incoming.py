"""Updates as Telegram writes them, by hand after core.telegram.org/bots/api: what a robot is sent."""

from __future__ import annotations

from itertools import count
from typing import Any

ROBOT = {
    "id": 123456,
    "is_bot": True,
    "first_name": "Assistant d'essai",
    "username": "assistant_essai_bot",
}
NAME = f"@{ROBOT['username']}"
AWA = {"id": 5001, "is_bot": False, "first_name": "Awa", "last_name": "Secretova", "language_code": "fr"}
PRIVATE = {"id": 5001, "first_name": "Awa", "last_name": "Secretova", "type": "private"}
GROUP = {"id": -1001234567890, "title": "Groupe d'essai", "type": "supergroup"}
DATE = 1795000000
_FILE = {"file_id": "AgACAgQ", "file_unique_id": "AQADw7", "file_size": 24356}
_UPDATES = count(700_000_000)
_MESSAGES = count(40)

CONTENTS: dict[str, dict[str, Any]] = {
    "voice": {"voice": {**_FILE, "duration": 3, "mime_type": "audio/ogg"}},
    "audio": {"audio": {**_FILE, "duration": 120, "title": "Chanson"}},
    "photo": {"photo": [{**_FILE, "width": 90, "height": 60}, {**_FILE, "width": 1280, "height": 853}]},
    "sticker": {
        "sticker": {
            **_FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "🙂",
        }
    },
    "document": {"document": {**_FILE, "file_name": "avis.pdf", "mime_type": "application/pdf"}},
    "video": {"video": {**_FILE, "width": 640, "height": 480, "duration": 4}},
    "video note": {"video_note": {**_FILE, "length": 240, "duration": 4}},
    "animation": {
        "animation": {**_FILE, "width": 320, "height": 240, "duration": 2},
        "document": {**_FILE, "file_name": "rire.gif"},
    },
    "contact": {"contact": {"phone_number": "+33639980001", "first_name": "Ali", "user_id": 5002}},
    "poll": {
        "poll": {
            "id": "511", "question": "Quand ?", "options": [{"persistent_id": "1", "text": "Lundi", "voter_count": 0}], "total_voter_count": 0,
            "is_closed": False, "is_anonymous": True, "type": "regular",
            "allows_multiple_answers": False, "allows_revoting": True, "members_only": False,
        }
    },
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
}  # fmt: skip
"""What is no text, by its name."""
SERVICES: dict[str, dict[str, Any]] = {
    "joined": {"new_chat_members": [AWA], "new_chat_member": AWA, "new_chat_participant": AWA},
    "robot joined": {"new_chat_members": [ROBOT]},
    "left": {"left_chat_member": AWA, "left_chat_participant": AWA},
    "title": {"new_chat_title": "Un autre nom"},
    "photo changed": {"new_chat_photo": [{**_FILE, "width": 90, "height": 60}]},
    "photo deleted": {"delete_chat_photo": True},
    "created": {"group_chat_created": True},
    "migrated": {"migrate_to_chat_id": -1009876543210},
    "pinned": {"pinned_message": {"message_id": 4, "date": DATE, "chat": GROUP, "text": "Avant."}},
    "timer": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    "video chat": {"video_chat_ended": {"duration": 12}},
    "topic": {"forum_topic_created": {"name": "Sujet", "icon_color": 7322096}},
    "proximity": {"proximity_alert_triggered": {"traveler": AWA, "watcher": AWA, "distance": 10}},
}
"""What nobody wrote, by its name."""


def update(**kind: dict[str, Any]) -> dict[str, Any]:
    """Return an update of one kind, with a number of its own."""
    return {"update_id": next(_UPDATES), **kind}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    """Return a message with its content."""
    return {"message_id": next(_MESSAGES), "from": AWA, "chat": chat, "date": DATE, **content}


def text(words: str, chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    """Return the update of a text: /words at its beginning and @names are marked, as any client marks them."""
    return update(
        message=message(chat, text=words, **({"entities": marks} if (marks := _marks(words)) else {}), **more)
    )


def edited(words: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    """Return the update of a text that was changed."""
    return update(edited_message=message(chat, text=words, edit_date=DATE + 60))


def tap(word: str, chat: dict[str, Any] = PRIVATE, message_id: int = 12) -> dict[str, Any]:
    """Return the update of a tap on a button of a message of the robot."""
    under = {"message_id": message_id, "from": ROBOT, "chat": chat, "date": DATE, "text": "Bonjour."}
    return old_tap(word, message=under)


def old_tap(word: str, **message: Any) -> dict[str, Any]:
    """Return the update of a tap on a message that Telegram no longer gives."""
    query = {"id": "4382bfdwdsb323b2d9", "from": AWA, "chat_instance": "-1234", "data": word, **message}
    return update(callback_query=query)


def answer_to(sender: dict[str, Any], chat: dict[str, Any] = GROUP) -> dict[str, Any]:
    """Return an earlier message, as one that answers it quotes it."""
    return {"message_id": 8, "from": sender, "chat": chat, "date": DATE - 60, "text": "Avant."}


def _marks(words: str) -> list[dict[str, Any]]:
    marks, at = [], 0
    for word in words.split(" "):
        kind = {"/": "bot_command", "@": "mention"}.get(word[:1])
        if kind and len(word) > 1:
            offset = len(words[:at].encode("utf-16-le", "surrogatepass")) // 2
            marks.append(
                {
                    "type": kind,
                    "offset": offset,
                    "length": len(word.encode("utf-16-le", "surrogatepass")) // 2,
                }
            )
        at += len(word) + 1
    return marks
