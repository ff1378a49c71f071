"""Open tasks by their due time: the list of cases finds those that are late, though no clock of theirs is.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    only = sa.text("state = 'open' AND due_at IS NOT NULL")
    op.create_index(
        "ix_user_task_due",
        "user_task",
        ["due_at", "instance_id"],
        sqlite_where=only,
        postgresql_where=only,
    )


def downgrade() -> None:
    op.drop_index("ix_user_task_due", table_name="user_task")
