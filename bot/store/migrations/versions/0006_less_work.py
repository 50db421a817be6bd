"""less work: what waited behind another is marked, and old messages are found without reading all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('behind', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('ix_messages_at', 'messages', ['at'], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_index('ix_messages_at', table_name='messages')
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.drop_column('behind')
