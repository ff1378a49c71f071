"""What was shipped and what owners made; how a draft was published.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OVER = "fk_definition_draft_over_definition_id"


def upgrade() -> None:
    op.add_column("deployment", sa.Column("shipped", sa.Text(), server_default="", nullable=False))
    # until now whoever deployed in no person's name did so from the command line, with the files that came
    op.execute("UPDATE deployment SET shipped = 'before 0011' WHERE \"by\" = 'system'")
    with op.batch_alter_table("definition_draft") as table:
        table.add_column(sa.Column("over_definition_id", sa.String(length=36), nullable=True))
        table.add_column(sa.Column("shipped", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("shipped_hash", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("signature", sa.String(length=64), nullable=True))
        table.create_foreign_key(op.f(OVER), "process_definition", ["over_definition_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("definition_draft") as table:
        table.drop_constraint(op.f(OVER), type_="foreignkey")
        for name in ("signature", "shipped_hash", "shipped", "over_definition_id"):
            table.drop_column(name)
    op.drop_column("deployment", "shipped")
