"""figures of letters: what was sent lately, by channel"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

SENT = sa.text("status = 'sent'")


def upgrade() -> None:
    op.create_index("ix_letters_sent", "letters", ["channel", "sent_at"], sqlite_where=SENT, postgresql_where=SENT)


def downgrade() -> None:
    op.drop_index("ix_letters_sent", "letters")
