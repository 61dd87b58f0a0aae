"""browsers are reminded by notifications"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("readers", sa.Column("channel", sa.String(), nullable=False, server_default="email"))
    op.add_column("readers", sa.Column("host", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "push_endpoints",
        sa.Column("id", Key, nullable=False),
        sa.Column("reader_id", Key, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("p256dh", sa.String(), nullable=False),
        sa.Column("auth", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["readers.id"], name="fk_push_endpoints_reader_id_readers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_push_endpoints"),
        sa.UniqueConstraint("reader_id", name="uq_push_endpoints_reader_id"),
    )


def downgrade() -> None:
    """Readers that are browsers go: nothing else can reach them."""
    op.execute("delete from readers where channel <> 'email'")
    op.drop_table("push_endpoints")
    op.drop_column("readers", "host")
    op.drop_column("readers", "channel")
