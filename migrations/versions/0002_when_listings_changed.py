"""listings know when they changed and which date of their event they are"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INDEX = "ix_listings_campaign_id_position_changed_at_id"


def upgrade() -> None:
    with op.batch_alter_table("listings") as batch:
        batch.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE listings SET changed_at = (SELECT changed_at FROM events WHERE events.id = listings.event_id), "
        "position = (SELECT count(*) FROM listings AS earlier "
        "WHERE earlier.event_id = listings.event_id AND earlier.id < listings.id)"
    )
    with op.batch_alter_table("listings") as batch:
        batch.alter_column("position", server_default=None)
        batch.alter_column("changed_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.create_index(INDEX, ["campaign_id", "position", "changed_at", "id"])


def downgrade() -> None:
    with op.batch_alter_table("listings") as batch:
        batch.drop_index(INDEX)
        batch.drop_column("changed_at")
        batch.drop_column("position")
