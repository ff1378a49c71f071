"""Who typed the personal entries of a task's draft.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("user_task", sa.Column("draft_by", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("user_task", "draft_by")
