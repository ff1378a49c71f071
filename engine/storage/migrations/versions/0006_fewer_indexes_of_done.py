"""The list of what somebody has done is sorted by when it was done or by number; due times and priorities no
longer matter there, and each index of that list cost every completion an entry.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SORTS = ("due_sort", "created_at", "priority")
DONE = sa.text("completed_by IS NOT NULL")


def upgrade() -> None:
    for sort in SORTS:
        op.drop_index(_name(sort), table_name="user_task")


def downgrade() -> None:
    for sort in SORTS:
        columns = ["completed_by", sort, "id"]
        op.create_index(_name(sort), "user_task", columns, sqlite_where=DONE, postgresql_where=DONE)


def _name(sort: str) -> str:
    return f"ix_user_task_done_{sort}"
