"""letters that came back"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bounces",
        sa.Column("id", Key, nullable=False),
        sa.Column("letter_id", Key, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("is_permanent", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name="fk_bounces_letter_id_letters", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bounces"),
        sa.UniqueConstraint("letter_id", name="uq_bounces_letter_id"),
    )
    op.create_index("ix_bounces_email", "bounces", ["email"])


def downgrade() -> None:
    op.drop_table("bounces")
