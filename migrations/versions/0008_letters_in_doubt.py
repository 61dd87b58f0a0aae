"""letters in doubt, mail servers that rest, alarms"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("letters") as batch:
        batch.add_column(sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("letters") as batch:
        batch.alter_column("doubts", server_default=None)
    op.create_table(
        "mail_hosts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", INSTANT, nullable=True),
        sa.Column("free_at", INSTANT, nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_hosts")),
        sa.UniqueConstraint("name", name=op.f("uq_mail_hosts_name")),
    )
    op.create_table(
        "alarms",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("name", name=op.f("uq_alarms_name")),
    )


def downgrade() -> None:
    op.drop_table("alarms")
    op.drop_table("mail_hosts")
    with op.batch_alter_table("letters") as batch:
        batch.drop_column("doubts")
