"""an index from which the map counts what a filter finds"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


is_long = sa.text("ends_on > starts_on")
LASTING = {"sqlite_where": is_long, "postgresql_where": is_long}


def upgrade() -> None:
    columns = ["campaign_id", "status", "city_key", "mode", "starts_on", "ends_on", "type", "entry", "is_free", "country"]
    op.create_index("ix_listings_by_place", "listings", columns)
    # With all its columns, so that it is the better one of the two for what it is for.
    op.drop_index("ix_listings_long", "listings")
    columns = ["campaign_id", "status", "ends_on", "starts_on", "city_key", "mode"]
    op.create_index("ix_listings_long", "listings", columns, **LASTING)


def downgrade() -> None:
    op.drop_index("ix_listings_long", "listings")
    op.create_index("ix_listings_long", "listings", ["campaign_id", "ends_on", "starts_on"], **LASTING)
    op.drop_index("ix_listings_by_place", "listings")
