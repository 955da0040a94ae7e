"""Alembic asks this file for the connection; `bot.storage.schema` hands it over."""

from alembic import context

from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller commits all migrations together
)
context.run_migrations()
