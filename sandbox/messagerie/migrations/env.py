"""What alembic runs: the migrations, on the connection that database.py gives it."""

from alembic import context

from sandbox.messagerie.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
