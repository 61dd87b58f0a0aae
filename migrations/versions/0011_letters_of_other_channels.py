"""letters of other channels: who carries them, and to which host"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

WAITING = sa.text("status in ('pending','sending')")


def upgrade() -> None:
    # The defaults stay: what an older version promises while it is being replaced is mail.
    op.add_column("letters", sa.Column("channel", sa.String(), nullable=False, server_default="email"))
    op.add_column("letters", sa.Column("host", sa.String(), nullable=False, server_default=""))
    _index(["channel", "host", "next_try_at"])


def downgrade() -> None:
    _index(["next_try_at"])
    op.drop_column("letters", "host")
    op.drop_column("letters", "channel")


def _index(columns: list[str]) -> None:
    op.drop_index("ix_letters_waiting", "letters")
    op.create_index("ix_letters_waiting", "letters", columns, sqlite_where=WAITING, postgresql_where=WAITING)
