"""how events went, told by their organisers"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "field_reports",
        sa.Column("id", Key, nullable=False),
        sa.Column("event_id", Key, nullable=False),
        sa.Column("told_by", Key, nullable=True),
        sa.Column("present_least", sa.Integer(), nullable=True),
        sa.Column("present_most", sa.Integer(), nullable=True),
        sa.Column("online", sa.Integer(), nullable=True),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_field_reports_event_id_events", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["told_by"], ["people.id"], name="fk_field_reports_told_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_field_reports"),
        sa.UniqueConstraint("event_id", name="uq_field_reports_event_id"),
    )


def downgrade() -> None:
    op.drop_table("field_reports")
