"""Programs join in: tokens, what a modeler says of a deployment, a program's own key of a case.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_token_sha256")),
    )
    op.create_index("ix_api_token_person", "api_token", ["person_id", "created_at"], unique=False)
    op.create_table(
        "deployment_resource",
        sa.Column("deployment_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deployment_resource_deployment_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_hash"], ["source.hash"], name=op.f("fk_deployment_resource_source_hash")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "name", name=op.f("pk_deployment_resource")),
    )
    for name in ("name", "source"):
        op.add_column("deployment", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("process_instance", sa.Column("client_key", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("process_instance", "client_key")
    for name in ("source", "name"):
        op.drop_column("deployment", name)
    op.drop_table("deployment_resource")
    op.drop_index("ix_api_token_person", table_name="api_token")
    op.drop_table("api_token")
