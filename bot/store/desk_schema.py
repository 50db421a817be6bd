"""The tables of the console: who answers, what was done, what is counted (see bot/store/schema.py)."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.schema import metadata

# What was done with a request, in order: taken, answered, noted, handed on, closed. A note is read by operators only.
demande_events = sa.Table(
    "demande_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("reference", sa.String(12), sa.ForeignKey("demandes.reference"), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("account_id", sa.Integer),
    sa.Column("body_enc", sa.LargeBinary),
    sqlite_autoincrement=True,
)

# How requests ended, without anyone's id: what is counted stays when the request is gone.
closures = sa.Table(
    "closures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("day", sa.Date, nullable=False, index=True),
    sa.Column("territoire", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(64)),
    sa.Column("outcome", sa.String(24), nullable=False),
    sqlite_autoincrement=True,
)

# The kinds of non-recours and what blocked, as many as apply to an end.
closure_marks = sa.Table(
    "closure_marks",
    metadata,
    sa.Column("closure_id", sa.Integer, sa.ForeignKey("closures.id"), primary_key=True),
    sa.Column("family", sa.String(16), primary_key=True),
    sa.Column("value", sa.String(80), primary_key=True),
)

# Where the assistant went wrong, as operators saw it: their words of it, kept for training.
misses = sa.Table(
    "misses",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("answered", sa.String(64)),
    sa.Column("expected", sa.String(64)),
    sa.Column("words_enc", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# Who works at the console. The password is an Argon2id hash; name, e-mail and one-time secret are encrypted.
accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("name_enc", sa.LargeBinary, nullable=False),
    sa.Column("email_enc", sa.LargeBinary),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False, default=False),
    sa.Column("totp_enc", sa.LargeBinary),
    sa.Column("totp_step", sa.Integer),  # of the last code used: none is used twice
    sa.Column(
        "hours", sa.String(200), nullable=False, default=""
    ),  # OpenStreetMap; empty: those of the office
    sa.Column("shortcuts", sa.Boolean, nullable=False, default=True),
    sa.Column("failures", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", sa.DateTime),
    sa.Column("disabled", sa.Boolean, nullable=False, default=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sqlite_autoincrement=True,
)

# Who is signed in. The token is kept as a keyed hash only.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("last_at", sa.DateTime, nullable=False),
    sa.Column("expires_at", sa.DateTime, nullable=False),
    sa.Column("is_whole", sa.Boolean, nullable=False, default=True),  # False until the one-time code is given
)

# What operators did and read, by whom and about which request: their own trail, and the proof of who read what.
journal = sa.Table(
    "journal",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("account_id", sa.Integer, index=True),
    sa.Column("action", sa.String(24), nullable=False),
    sa.Column("reference", sa.String(12)),
    sqlite_autoincrement=True,
)

# E-mails to hand to the mail server; address and words are emptied once it took them.
mails = sa.Table(
    "mails",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("created_at", sa.DateTime, nullable=False, index=True),
    sa.Column("body_enc", sa.LargeBinary),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_attempt_at", sa.DateTime, nullable=False),
    sa.Index("ix_mails_due", "status", "next_attempt_at"),
    sqlite_autoincrement=True,
)

# Questions to ask later, of whoever agreed: "avez-vous reçu ce droit ?".
followups = sa.Table(
    "followups",
    metadata,
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("kind", sa.String(10), primary_key=True),
    sa.Column("subject", sa.String(64)),
    sa.Column("due_at", sa.DateTime, nullable=False, index=True),
    sa.Column("asked_at", sa.DateTime),
    sa.Column("answer", sa.String(10)),
)
