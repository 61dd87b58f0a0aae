"""the log of letters: what went wrong, and by recipient"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

WENT_WRONG = sa.text("status in ('failed','bounced','suppressed','uncertain','expired')")


def upgrade() -> None:
    _collate('"C"')
    op.create_index(
        "ix_letters_went_wrong", "letters", ["status", "id"], sqlite_where=WENT_WRONG, postgresql_where=WENT_WRONG
    )
    op.create_index("ix_letters_by_recipient", "letters", ["recipient", "id"])


def downgrade() -> None:
    op.drop_index("ix_letters_by_recipient", "letters")
    op.drop_index("ix_letters_went_wrong", "letters")
    _collate('"default"')


def _collate(name: str) -> None:
    """SQLite compares by code point anyway; PostgreSQL changes no row for this."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE letters ALTER COLUMN recipient TYPE VARCHAR COLLATE {name}")
