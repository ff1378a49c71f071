"""Two indexes go that cost every step an entry: nobody seeks for the tasks of a case by element any more, and
the candidates of a case are found through its open tasks.

Revision ID: 0016
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_user_task_element", table_name="user_task")
    op.drop_index("ix_candidate_instance", table_name="user_task_candidate")


def downgrade() -> None:
    op.create_index("ix_candidate_instance", "user_task_candidate", ["instance_id", "principal"])
    op.create_index("ix_user_task_element", "user_task", ["instance_id", "process_id", "element_id"])
