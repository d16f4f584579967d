"""What alembic runs: the migrations, on the connection that database.py gives it.

To change a table, change its class in database.py and add ``versions/0002_….py``, after the model
of the first, with ``down_revision = "0001"``: a test compares what they make with the classes.
"""

from alembic import context

from sandbox.messagerie.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
