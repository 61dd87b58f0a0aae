"""an index for what is on around one instant"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    columns = ["campaign_id", "is_run", "status", "starts_on", "starts_at", "ends_at"]
    op.create_index("ix_listings_around", "listings", columns)


def downgrade() -> None:
    op.drop_index("ix_listings_around", "listings")
