"""the console: requests with an owner, accounts, what is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('accounts',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('name_enc', sa.LargeBinary(), nullable=False),
    sa.Column('email_enc', sa.LargeBinary(), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('must_change', sa.Boolean(), nullable=False),
    sa.Column('totp_enc', sa.LargeBinary(), nullable=True),
    sa.Column('totp_step', sa.Integer(), nullable=True),
    sa.Column('hours', sa.String(length=200), nullable=False),
    sa.Column('shortcuts', sa.Boolean(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(), nullable=True),
    sa.Column('disabled', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('login'),
    sqlite_autoincrement=True
    )
    op.create_table('closures',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('territoire', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=True),
    sa.Column('outcome', sa.String(length=24), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('closures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closures_day'), ['day'], unique=False)

    op.create_table('journal',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=24), nullable=False),
    sa.Column('reference', sa.String(length=12), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_journal_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_journal_at'), ['at'], unique=False)

    op.create_table('mails',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('body_enc', sa.LargeBinary(), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mails_created_at'), ['created_at'], unique=False)
        batch_op.create_index('ix_mails_due', ['status', 'next_attempt_at'], unique=False)

    op.create_table('misses',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('answered', sa.String(length=64), nullable=True),
    sa.Column('expected', sa.String(length=64), nullable=True),
    sa.Column('words_enc', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('misses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_misses_at'), ['at'], unique=False)

    op.create_table('closure_marks',
    sa.Column('closure_id', sa.Integer(), nullable=False),
    sa.Column('family', sa.String(length=16), nullable=False),
    sa.Column('value', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['closure_id'], ['closures.id'], ),
    sa.PrimaryKeyConstraint('closure_id', 'family', 'value')
    )
    op.create_table('demande_events',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('reference', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('body_enc', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['reference'], ['demandes.reference'], ),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('demande_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_demande_events_reference'), ['reference'], unique=False)

    op.create_table('followups',
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=True),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=True),
    sa.Column('answer', sa.String(length=10), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], ),
    sa.PrimaryKeyConstraint('conversation_id', 'kind')
    )
    with op.batch_alter_table('followups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_followups_due_at'), ['due_at'], unique=False)

    op.create_table('sessions',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('last_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('is_whole', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], ),
    sa.PrimaryKeyConstraint('token_hash')
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sessions_account_id'), ['account_id'], unique=False)

    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('talk', sa.String(length=10), server_default='bot', nullable=False))

    with op.batch_alter_table('demandes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('urgency', sa.Integer(), server_default='2', nullable=False))
        batch_op.add_column(sa.Column('subject', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('moyen', sa.String(length=12), server_default='', nullable=False))
        batch_op.add_column(sa.Column('commune', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('due_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('late_told_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('account_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('taken_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('person_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('replied_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('outcome', sa.String(length=24), nullable=True))
        batch_op.create_index(batch_op.f('ix_demandes_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_demandes_due_at'), ['due_at'], unique=False)
        batch_op.create_index('ix_demandes_status', ['status', 'urgency', 'created_at'], unique=False)



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('demandes', schema=None) as batch_op:
        batch_op.drop_index('ix_demandes_status')
        batch_op.drop_index(batch_op.f('ix_demandes_due_at'))
        batch_op.drop_index(batch_op.f('ix_demandes_account_id'))
        batch_op.drop_column('outcome')
        batch_op.drop_column('closed_at')
        batch_op.drop_column('replied_at')
        batch_op.drop_column('person_at')
        batch_op.drop_column('taken_at')
        batch_op.drop_column('account_id')
        batch_op.drop_column('late_told_at')
        batch_op.drop_column('due_at')
        batch_op.drop_column('commune')
        batch_op.drop_column('moyen')
        batch_op.drop_column('subject')
        batch_op.drop_column('urgency')

    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.drop_column('talk')

    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sessions_account_id'))

    op.drop_table('sessions')
    with op.batch_alter_table('followups', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_followups_due_at'))

    op.drop_table('followups')
    with op.batch_alter_table('demande_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_demande_events_reference'))

    op.drop_table('demande_events')
    op.drop_table('closure_marks')
    with op.batch_alter_table('misses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_misses_at'))

    op.drop_table('misses')
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.drop_index('ix_mails_due')
        batch_op.drop_index(batch_op.f('ix_mails_created_at'))

    op.drop_table('mails')
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_journal_at'))
        batch_op.drop_index(batch_op.f('ix_journal_account_id'))

    op.drop_table('journal')
    with op.batch_alter_table('closures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closures_day'))

    op.drop_table('closures')
    op.drop_table('accounts')
