"""what visitors report about public listings"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mistakes",
        sa.Column("id", Key, nullable=False),
        sa.Column("event_id", Key, nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("concern", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("resolved_by", Key, nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_mistakes_event_id_events", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["resolved_by"], ["people.id"], name="fk_mistakes_resolved_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_mistakes"),
        sa.UniqueConstraint("token", name="uq_mistakes_token"),
    )
    op.create_index("ix_mistakes_state_id", "mistakes", ["state", "id"])
    op.create_index("ix_mistakes_event_id", "mistakes", ["event_id"])


def downgrade() -> None:
    op.drop_table("mistakes")
