"""The tables. Columns ending in `_enc` are encrypted (bot/store/cipher.py); hashes are keyed."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("last_at", sa.DateTime, nullable=False, index=True),
    # The form in progress, the choices last shown, and the SMS pages that SUITE gives.
    sa.Column("flow_enc", sa.LargeBinary),
    sa.Column("choices_enc", sa.LargeBinary),
    sa.Column("pages_enc", sa.LargeBinary),
    # Whom the person is talking to: `bot`, or `operator` once one of them took the request.
    sa.Column("talk", sa.String(10), nullable=False, server_default="bot"),
)

# Where a conversation is written to, on channels that know people by an address (a phone number). The address is
# encrypted and found by its keyed hash; of several conversations of one address, the newest is the one in hand.
addresses = sa.Table(
    "addresses",
    metadata,
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("address_hash", sa.String(64), nullable=False, index=True),
    sa.Column("address_enc", sa.LargeBinary, nullable=False),
    sa.Column("presented", sa.Boolean, nullable=False, default=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)

# The transcript. `seq` is the order of storage, which is the order of everything.
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column(
        "conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False, index=True
    ),
    sa.Column("sender", sa.String(16), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("body_enc", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# One row a message received. `dedupe_key` is the sender's own id of the message.
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("message_seq", sa.Integer, sa.ForeignKey("messages.seq"), primary_key=True),
    sa.Column("conversation_id", sa.String(32), nullable=False, index=True),
    sa.Column("dedupe_key", sa.String(160), nullable=False, unique=True),
    sa.Column("status", sa.String(8), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_attempt_at", sa.DateTime, nullable=False),
    sa.Column("delay_told", sa.Boolean, nullable=False, default=False),
    sa.Column("done_at", sa.DateTime),
    # It came while an earlier one waited: what needs no understanding of it was not looked at yet.
    sa.Column("behind", sa.Boolean, nullable=False, server_default=sa.false()),
    # The process that answers it now; void once that process holds no lease any more.
    sa.Column("holder", sa.String(32)),
    sa.Index("ix_inbox_pending", "status", "next_attempt_at"),
)

# One row a message to deliver. Pages and the API come and fetch ("pull"): delivered when served.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("message_seq", sa.Integer, sa.ForeignKey("messages.seq"), primary_key=True),
    sa.Column("conversation_id", sa.String(32), nullable=False, index=True),
    sa.Column("in_reply_to", sa.Integer, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_attempt_at", sa.DateTime, nullable=False),
    sa.Column("delivered_at", sa.DateTime),
    sa.Index("ix_outbox_pending", "status", "next_attempt_at"),
)

# One row a message to hand to a gateway, with its text as it is to be sent. Text and address are emptied as soon as
# they are handed over: what stays is a state and a count.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("public_id", sa.String(32), nullable=False, unique=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("conversation_id", sa.String(32), index=True),
    sa.Column("message_seq", sa.Integer),
    sa.Column("address_hash", sa.String(64), nullable=False, index=True),
    sa.Column("address_enc", sa.LargeBinary),
    sa.Column("text_enc", sa.LargeBinary),
    # 0 a danger, 1 an answer, 2 what nobody asked for just now: order is kept within a lane.
    sa.Column("lane", sa.Integer, nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("created_at", sa.DateTime, nullable=False, index=True),
    sa.Column("next_attempt_at", sa.DateTime, nullable=False),
    sa.Column("expires_at", sa.DateTime, nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
    sa.Column("gateway_hash", sa.String(64), index=True),
    sa.Index("ix_deliveries_due", "status", "channel", "next_attempt_at"),
    sqlite_autoincrement=True,
)

# What a gateway gave us lately, by a keyed hash: the same thing given again is not processed again.
received = sa.Table(
    "received",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
)

# Parts of a long message, from gateways that do not join them, until the last one is there.
message_parts = sa.Table(
    "message_parts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("group_hash", sa.String(64), nullable=False, index=True),
    sa.Column("address_hash", sa.String(64), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("body_enc", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.UniqueConstraint("group_hash", "number"),
    sqlite_autoincrement=True,
)

# How much an address wrote and was sent on one day, for the limits; gone two days later.
address_days = sa.Table(
    "address_days",
    metadata,
    sa.Column("address_hash", sa.String(64), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("received", sa.Integer, nullable=False, default=0),
    sa.Column("sent", sa.Integer, nullable=False, default=0),
    sa.Column("limit_told", sa.Boolean, nullable=False, default=False),
    # The last text by its keyed hash, and how often it came in a row: a machine at the other end says the same again.
    sa.Column("text_hash", sa.String(64)),
    sa.Column("repeats", sa.Integer, nullable=False, default=0),
)

# Counts by day, of nobody: segments sent, signatures refused.
counters = sa.Table(
    "counters",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False, default=0),
)

# Requests to a person. What the person gave is encrypted; what a queue sorts by is not, and names nobody.
demandes = sa.Table(
    "demandes",
    metadata,
    sa.Column("reference", sa.String(12), primary_key=True),
    sa.Column("code_hash", sa.String(64), nullable=False),
    sa.Column("conversation_id", sa.String(32), index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("territoire", sa.String(64), nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False, index=True),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("details_enc", sa.LargeBinary, nullable=False),
    # 0 a danger was told, 1 something that cannot wait, 2 the rest.
    sa.Column("urgency", sa.Integer, nullable=False, server_default="2"),
    sa.Column("subject", sa.String(64)),
    sa.Column("moyen", sa.String(12), nullable=False, server_default=""),
    sa.Column("commune", sa.String(80)),
    # When somebody must have taken it; then when the person was told that nobody did.
    sa.Column("due_at", sa.DateTime, index=True),
    sa.Column("late_told_at", sa.DateTime),
    sa.Column("account_id", sa.Integer, index=True),
    sa.Column("taken_at", sa.DateTime),
    # The last words of the person and of the operator since it was taken: who is waited for.
    sa.Column("person_at", sa.DateTime),
    sa.Column("replied_at", sa.DateTime),
    sa.Column("closed_at", sa.DateTime),
    sa.Column("outcome", sa.String(24)),
    sa.Index("ix_demandes_status", "status", "urgency", "created_at"),
)

# Errors that people reported: about which fiche, when it is known, and never by whom.
signalements = sa.Table(
    "signalements",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("fiche", sa.String(64)),
    sa.Column("rubrique", sa.String(32)),
    sa.Column("words_enc", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# Who asked to be sent nothing more: a keyed hash of the address, no content.
oppositions = sa.Table(
    "oppositions",
    metadata,
    sa.Column("address_hash", sa.String(64), primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)

# What happened, without content and without anyone's id: kept to show that erasures were done.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("event", sa.String(32), nullable=False),
    sqlite_autoincrement=True,
)

# Conversations whose trace in Rasa is still to be erased: written in the transaction that erases ours.
rasa_erasures = sa.Table(
    "rasa_erasures",
    metadata,
    sa.Column("conversation_id", sa.String(32), primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
)

# What one process alone does among several, and which processes live: held until a moment, renewed before it.
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("holder", sa.String(32), nullable=False),
    sa.Column("until", sa.DateTime, nullable=False),
)
