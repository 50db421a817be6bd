"""people known by an address, and what is handed to a gateway."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pages_enc', sa.LargeBinary(), nullable=True))
    op.create_table('addresses',
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('address_enc', sa.LargeBinary(), nullable=False),
    sa.Column('presented', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id']),
    sa.PrimaryKeyConstraint('conversation_id')
    )
    op.create_index('ix_addresses_address_hash', 'addresses', ['address_hash'], unique=False)
    op.create_table('deliveries',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=True),
    sa.Column('message_seq', sa.Integer(), nullable=True),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('address_enc', sa.LargeBinary(), nullable=True),
    sa.Column('text_enc', sa.LargeBinary(), nullable=True),
    sa.Column('lane', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('gateway_hash', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('public_id'),
    sqlite_autoincrement=True
    )
    op.create_index('ix_deliveries_conversation_id', 'deliveries', ['conversation_id'], unique=False)
    op.create_index('ix_deliveries_address_hash', 'deliveries', ['address_hash'], unique=False)
    op.create_index('ix_deliveries_created_at', 'deliveries', ['created_at'], unique=False)
    op.create_index('ix_deliveries_gateway_hash', 'deliveries', ['gateway_hash'], unique=False)
    op.create_index('ix_deliveries_due', 'deliveries', ['status', 'channel', 'next_attempt_at'], unique=False)
    op.create_table('received',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index('ix_received_at', 'received', ['at'], unique=False)
    op.create_table('message_parts',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('group_hash', sa.String(length=64), nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('body_enc', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('group_hash', 'number'),
    sqlite_autoincrement=True
    )
    op.create_index('ix_message_parts_group_hash', 'message_parts', ['group_hash'], unique=False)
    op.create_index('ix_message_parts_address_hash', 'message_parts', ['address_hash'], unique=False)
    op.create_index('ix_message_parts_at', 'message_parts', ['at'], unique=False)
    op.create_table('address_days',
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('limit_told', sa.Boolean(), nullable=False),
    sa.Column('text_hash', sa.String(length=64), nullable=True),
    sa.Column('repeats', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('address_hash', 'day')
    )
    op.create_table('counters',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'name')
    )


def downgrade() -> None:
    """Undo."""
    for table in ('counters', 'address_days', 'message_parts', 'received', 'deliveries', 'addresses'):
        op.drop_table(table)
    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.drop_column('pages_enc')
