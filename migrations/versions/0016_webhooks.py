"""webhooks of partners"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", Key, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("organization_id", Key, nullable=False),
        sa.Column("campaign_id", Key, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_webhooks_organization_id_organizations", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_webhooks_campaign_id_campaigns", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.UniqueConstraint("ref", name="uq_webhooks_ref"),
    )
    op.create_index("ix_webhooks_campaign_id_stopped_at", "webhooks", ["campaign_id", "stopped_at"])
    op.create_index("ix_webhooks_organization_id", "webhooks", ["organization_id"])


def downgrade() -> None:
    op.drop_table("webhooks")
