"""A task may be delegated: who it goes back to, and whether it has.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_task", sa.Column("owner_id", sa.Text(), nullable=True))
    op.add_column("user_task", sa.Column("delegation", sa.String(length=10), nullable=True))
    owned = sa.text("owner_id IS NOT NULL")
    op.create_index(
        "ix_user_task_owner", "user_task", ["owner_id", "id"], sqlite_where=owned, postgresql_where=owned
    )


def downgrade() -> None:
    op.drop_index("ix_user_task_owner", table_name="user_task")
    for name in ("delegation", "owner_id"):
        op.drop_column("user_task", name)
