"""Running cases may be moved to another version of their process.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "instance_migration",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("from_definition_id", sa.String(length=36), nullable=False),
        sa.Column("to_definition_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_instance_migration_by")),
        *(
            sa.ForeignKeyConstraint(
                [f"{end}_definition_id"],
                ["process_definition.id"],
                name=op.f(f"fk_instance_migration_{end}_definition_id"),
            )
            for end in ("from", "to")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_migration")),
    )
    op.create_index("ix_instance_migration_process", "instance_migration", ["process_id", "at", "id"])
    op.create_table(
        "instance_migration_case",
        sa.Column("migration_id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("obstacles", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_instance_migration_case_instance_id")
        ),
        sa.ForeignKeyConstraint(
            ["migration_id"], ["instance_migration.id"], name=op.f("fk_instance_migration_case_migration_id")
        ),
        sa.PrimaryKeyConstraint("migration_id", "instance_id", name=op.f("pk_instance_migration_case")),
    )
    op.create_index("ix_instance_migration_case", "instance_migration_case", ["migration_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_instance_migration_case", table_name="instance_migration_case")
    op.drop_table("instance_migration_case")
    op.drop_index("ix_instance_migration_process", table_name="instance_migration")
    op.drop_table("instance_migration")
