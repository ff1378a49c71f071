"""Drafts of processes: their files, and what was done to them.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
WHO = sa.String(length=64)
HASH = sa.String(length=64)
ID = sa.String(length=36)


def upgrade() -> None:
    definition = ["process_definition.id"]
    op.create_table(
        "definition_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("base_definition_id", ID, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_by", WHO, nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("updated_by", WHO, nullable=False),
        sa.Column("updated_at", AT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("submitted_by", WHO, nullable=True),
        sa.Column("submitted_at", AT, nullable=True),
        sa.Column("decided_by", WHO, nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("definition_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["base_definition_id"], definition, name=op.f("fk_definition_draft_base_definition_id")
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], definition, name=op.f("fk_definition_draft_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_draft")),
    )
    op.create_index("ix_definition_draft_state", "definition_draft", ["state", "updated_at"])
    op.create_index("ix_definition_draft_process", "definition_draft", ["process_id", "state"])
    op.create_table(
        "definition_draft_file",
        sa.Column("draft_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_hash", HASH, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_by", WHO, nullable=False),
        sa.Column("updated_at", AT, nullable=False),
        *_references("definition_draft_file"),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_definition_draft_file")),
    )
    op.create_table(
        "definition_draft_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("draft_id", ID, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by", WHO, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("source_hash", HASH, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_references("definition_draft_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_draft_event")),
    )
    op.create_index("ix_definition_draft_event_draft", "definition_draft_event", ["draft_id", "id"])


def _references(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["draft_id"], ["definition_draft.id"], name=op.f(f"fk_{table}_draft_id")),
        sa.ForeignKeyConstraint(["source_hash"], ["source.hash"], name=op.f(f"fk_{table}_source_hash")),
    ]


def downgrade() -> None:
    op.drop_index("ix_definition_draft_event_draft", table_name="definition_draft_event")
    op.drop_table("definition_draft_event")
    op.drop_table("definition_draft_file")
    for name in ("process", "state"):
        op.drop_index(f"ix_definition_draft_{name}", table_name="definition_draft")
    op.drop_table("definition_draft")
