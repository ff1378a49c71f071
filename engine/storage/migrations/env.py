"""Alembic runs this file; the connection comes from `engine.storage.migrate`."""

from alembic import context

from engine.storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
