"""Suspension of cases and of versions, with who did it and why; cases also wait for signals.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("process_instance", "process_definition"):
        op.add_column(
            table, sa.Column("suspended", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    kind = sa.Column("kind", sa.String(length=10), nullable=False, server_default="message")
    op.add_column("message_wait", kind)
    op.create_table(
        "definition_change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("definition_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["process_definition.id"], name=op.f("fk_definition_change_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_change")),
    )
    op.create_index("ix_definition_change", "definition_change", ["definition_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_definition_change", table_name="definition_change")
    op.drop_table("definition_change")
    op.drop_column("message_wait", "kind")
    for table in ("process_definition", "process_instance"):
        op.drop_column(table, "suspended")
