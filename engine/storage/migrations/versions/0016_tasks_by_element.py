"""Nothing looks for the tasks of a case by element any more, and every task cost an entry in that index.

Revision ID: 0016
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_user_task_element", table_name="user_task")


def downgrade() -> None:
    op.create_index("ix_user_task_element", "user_task", ["instance_id", "process_id", "element_id"])
