"""A task that nobody has yet is in no list of "my tasks": it needs no entry in the indexes of those lists.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SORTS = ("due_sort", "created_at", "priority", "business_key")
OPEN = "state = 'open'"
TAKEN = "state = 'open' AND assignee_id IS NOT NULL"


def upgrade() -> None:
    _indexes(before=OPEN, after=TAKEN)


def downgrade() -> None:
    _indexes(before=TAKEN, after=OPEN)


def _indexes(before: str, after: str) -> None:
    for sort in SORTS:
        name, was, now = f"ix_user_task_mine_{sort}", sa.text(before), sa.text(after)
        op.drop_index(name, table_name="user_task", sqlite_where=was, postgresql_where=was)
        columns = ["assignee_id", sort, "id"]
        op.create_index(name, "user_task", columns, sqlite_where=now, postgresql_where=now)
