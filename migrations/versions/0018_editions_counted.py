"""events of an edition by country, kind and language, counted in advance"""

from alembic import op

revision = "0018"
down_revision = "0017"

COLUMNS = "INSERT INTO term_counts (campaign_id, term, day, events, cities)"
IS_AN_EVENT = "l.position = 0 AND l.status = 'published'"


def upgrade() -> None:
    op.execute(
        f"{COLUMNS} SELECT t.campaign_id, 'event:' || t.term, l.starts_on, count(*), 0"
        f" FROM listing_terms t JOIN listings l ON l.id = t.listing_id WHERE {IS_AN_EVENT}"
        " AND (t.term LIKE 'country:%' OR t.term LIKE 'type:%' OR t.term LIKE 'spoken:%')"
        " GROUP BY t.campaign_id, t.term, l.starts_on"
    )
    op.execute(
        f"{COLUMNS} SELECT l.campaign_id, 'event:invented', l.starts_on, count(*), 0"
        f" FROM listings l JOIN events e ON e.id = l.event_id WHERE {IS_AN_EVENT} AND e.is_demonstration"
        " GROUP BY l.campaign_id, l.starts_on"
    )


def downgrade() -> None:
    op.execute("DELETE FROM term_counts WHERE term LIKE 'event:%' AND term <> 'event:online'")
