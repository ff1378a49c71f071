"""Search looks for what begins with a character: on PostgreSQL pairs are sorted as bytes, whatever the
language of the database. Single characters are no longer kept; those that are there do no harm.

Revision ID: 0017
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sort_as('COLLATE "C"')


def downgrade() -> None:
    _sort_as("")


def _sort_as(collation: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE search_gram ALTER COLUMN gram TYPE varchar(2) {collation}")
        op.execute("ANALYZE search_gram")  # what was known of the column is gone with its type
