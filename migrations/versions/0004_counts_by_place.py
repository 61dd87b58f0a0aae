"""counts by place, kept ready for the map and the day around the world"""

import json
from collections import Counter
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
is_long = sa.text("ends_on > starts_on")


def upgrade() -> None:
    places = op.create_table(
        "listed_places",
        sa.Column("id", Key, nullable=False),
        sa.Column("campaign_id", Key, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_listed_places_campaign_id_campaigns", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_listed_places"),
        sa.UniqueConstraint("campaign_id", "key", name="uq_listed_places_campaign_id_key"),
    )
    counts = op.create_table(
        "listed_counts",
        sa.Column("id", Key, nullable=False),
        sa.Column("campaign_id", Key, nullable=False),
        sa.Column("place_id", Key, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_listed_counts_campaign_id_campaigns", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["listed_places.id"], name="fk_listed_counts_place_id_listed_places", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_listed_counts"),
        sa.UniqueConstraint("campaign_id", "period", "place_id", name="uq_listed_counts_campaign_id_period_place_id"),
    )
    op.create_index("ix_listed_counts_place_id", "listed_counts", ["place_id"])
    op.create_index(
        "ix_listings_long",
        "listings",
        ["campaign_id", "ends_on", "starts_on"],
        sqlite_where=is_long,
        postgresql_where=is_long,
    )
    _count(places, counts)


def _count(places: sa.Table, counts: sa.Table) -> None:
    """Count what is published already; the words of a place are those of one of its listings."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT campaign_id, mode, city_key, country, latitude, longitude, time_zone, starts_on, card"
            " FROM listings WHERE status = 'published' ORDER BY id"
        )
    )
    found: dict[tuple[int, str], dict[str, object]] = {}
    numbers: Counter[tuple[int, int, str]] = Counter()
    for campaign, mode, city, country, latitude, longitude, zone, starts_on, card in rows:
        key = "" if mode == "online" else city
        name = (json.loads(card) if isinstance(card, str) else card)["city"]
        known = {"name": name, "country": country, "latitude": latitude, "longitude": longitude, "time_zone": zone}
        nowhere = {"name": "", "country": "", "latitude": None, "longitude": None, "time_zone": "UTC"}
        found[campaign, key] = {"campaign_id": campaign, "key": key, **(known if key else nowhere)}
        day = date.fromisoformat(str(starts_on)[:10])
        for period in (day.year * 10000 + day.month * 100 + day.day, day.year * 100 + day.month):
            numbers[campaign, period, key] += 1
    if not found:
        return
    connection.execute(places.insert(), list(found.values()))
    ids = {(r.campaign_id, r.key): r.id for r in connection.execute(sa.select(places))}
    connection.execute(
        counts.insert(),
        [
            {"campaign_id": campaign, "place_id": ids[campaign, key], "period": period, "events": number}
            for (campaign, period, key), number in numbers.items()
        ],
    )


def downgrade() -> None:
    op.drop_index("ix_listings_long", "listings")
    op.drop_table("listed_counts")
    op.drop_table("listed_places")
