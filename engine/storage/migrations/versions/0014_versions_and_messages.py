"""The cases of a version are found by an index; what nobody read of messages is gone.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_index("ix_instance_definition", "process_instance", ["definition_id", "state", "id"])
    op.drop_column("message", "keys")


def downgrade() -> None:
    op.add_column("message", sa.Column("keys", JSON, server_default=sa.text("'{}'"), nullable=False))
    op.drop_index("ix_instance_definition", table_name="process_instance")
