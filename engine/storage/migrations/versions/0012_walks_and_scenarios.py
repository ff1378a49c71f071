"""Walks through drafts and versions of processes, and the scenarios kept of them.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
AT = sa.DateTime(timezone=True)
WHO = sa.String(length=64)


def upgrade() -> None:
    op.create_table(
        "definition_walk",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", WHO, nullable=False),
        sa.Column("began_at", AT, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_definition_walk_person_id")),
        sa.PrimaryKeyConstraint("subject", "person_id", name=op.f("pk_definition_walk")),
    )
    op.create_table(
        "definition_scenario",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("began_at", AT, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("expected", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", WHO, nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("updated_by", WHO, nullable=False),
        sa.Column("updated_at", AT, nullable=False),
        sa.Column("deleted_by", WHO, nullable=True),
        sa.Column("deleted_at", AT, nullable=True),
        sa.Column("delete_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_scenario")),
    )
    op.create_index(
        "ix_definition_scenario_process", "definition_scenario", ["process_id", "deleted_at", "name"]
    )


def downgrade() -> None:
    op.drop_index("ix_definition_scenario_process", table_name="definition_scenario")
    op.drop_table("definition_scenario")
    op.drop_table("definition_walk")
