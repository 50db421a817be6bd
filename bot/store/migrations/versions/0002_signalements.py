"""errors that people reported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('signalements',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('fiche', sa.String(length=64), nullable=True),
    sa.Column('rubrique', sa.String(length=32), nullable=True),
    sa.Column('words_enc', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('signalements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signalements_at'), ['at'], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('signalements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signalements_at'))

    op.drop_table('signalements')
