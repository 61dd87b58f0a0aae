"""every filter is a list in the order of dates, with its counts and a text index

The lists, the counts and the index are made of what is published already. City keys and words of one or two letters are
as the code of this version writes them once `flask calendar rebuild` ran, or when a listing changes next.
"""

from math import cos, radians, sin

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.String().with_variant(sa.String(collation="C"), "postgresql")
NEW = (
    ("sort_key", sa.BigInteger(), "id"),
    ("unit_x", sa.Double(), "longitude"),
    ("unit_y", sa.Double(), "unit_x"),
    ("unit_z", sa.Double(), "unit_y"),
)
ORDER = "ix_listings_campaign_id_type_starts_on_starts_local_id"
BOX = "ix_listings_campaign_id_latitude_longitude"
# Minutes since 1900 in the upper bits, then the event, then its date: see campaign/calendar/order.py.
SORT_KEY = {
    "sqlite": "CAST(round((julianday(starts_local) - julianday('1900-01-01')) * 1440) AS INTEGER) * 17179869184"
    " + event_id % 67108864 * 256 + position",
    "postgresql": "(floor(extract(epoch FROM starts_local - timestamp '1900-01-01') / 60))::bigint * 17179869184"
    " + event_id % 67108864 * 256 + position",
}
TERMS = {
    "*": "true",
    "'country:' || country": "country <> ''",
    "'city:' || city_key": "city_key <> ''",
    "'type:' || type": "true",
    "'mode:' || mode": "true",
    "'entry:' || entry": "entry IS NOT NULL",
    "free": "is_free",
}


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    is_copied = engine == "sqlite"
    with op.batch_alter_table("listings", recreate="always" if is_copied else "auto") as batch:
        batch.drop_index(ORDER)
        for name, kind, before in NEW:
            # SQLite reads what stands before the long texts of a row without touching them.
            place = {"insert_after": before} if is_copied else {}
            batch.add_column(sa.Column(name, kind, nullable=True), **place)
    op.execute(f"UPDATE listings SET sort_key = {SORT_KEY[engine]}")
    _unit_vectors()
    with op.batch_alter_table("listings") as batch:
        batch.alter_column("sort_key", existing_type=sa.BigInteger(), nullable=False)
        batch.create_unique_constraint("uq_listings_sort_key", ["sort_key"])
        batch.create_index(BOX, ["campaign_id", "latitude", "longitude"])
    _terms()
    _counts()
    _texts(engine)
    with op.batch_alter_table("listings") as batch:
        batch.drop_column("search_text")


def _unit_vectors() -> None:
    connection = op.get_bind()
    places = connection.execute(
        sa.text("SELECT DISTINCT latitude, longitude FROM listings WHERE latitude IS NOT NULL AND longitude IS NOT NULL")
    ).all()
    for lat, lon in places:
        north, east = radians(lat), radians(lon)
        connection.execute(
            sa.text(
                "UPDATE listings SET unit_x = :x, unit_y = :y, unit_z = :z WHERE latitude = :lat AND longitude = :lon"
            ),
            {"x": cos(north) * cos(east), "y": cos(north) * sin(east), "z": sin(north), "lat": lat, "lon": lon},
        )


def _terms() -> None:
    op.execute("CREATE TABLE old_terms AS SELECT DISTINCT listing_id, term FROM listing_terms")
    op.drop_table("listing_terms")
    op.create_table(
        "listing_terms",
        sa.Column("campaign_id", Key, nullable=False, autoincrement=False),
        sa.Column("is_run", sa.Boolean(), nullable=False),
        sa.Column("term", Word, nullable=False),
        sa.Column("sort_key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("listing_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name="fk_listing_terms_listing_id_listings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "is_run", "term", "sort_key", name="pk_listing_terms"),
        sqlite_with_rowid=False,
    )
    columns = "INSERT INTO listing_terms (campaign_id, is_run, term, sort_key, listing_id)"
    for term, condition in TERMS.items():
        word = term if "||" in term else f"'{term}'"
        op.execute(f"{columns} SELECT campaign_id, is_run, {word}, sort_key, id FROM listings WHERE {condition}")
    op.execute(
        f"{columns} SELECT campaign_id, is_run, term, sort_key, listings.id FROM old_terms"
        " JOIN listings ON listings.id = old_terms.listing_id"
    )
    op.drop_table("old_terms")
    op.create_index("ix_listing_terms_listing_id", "listing_terms", ["listing_id"])


def _counts() -> None:
    op.create_table(
        "term_counts",
        sa.Column("campaign_id", Key, nullable=False, autoincrement=False),
        sa.Column("term", Word, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("cities", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "term", "day", name="pk_term_counts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_term_counts_campaign_id_day_term", "term_counts", ["campaign_id", "day", "term"])
    columns = "INSERT INTO term_counts (campaign_id, term, day, events, cities)"
    op.execute(
        f"{columns} SELECT t.campaign_id, t.term, l.starts_on, count(*),"
        " CASE WHEN t.term = '*' THEN count(DISTINCT nullif(l.city_key, '')) ELSE 0 END"
        " FROM listing_terms t JOIN listings l ON l.id = t.listing_id WHERE NOT t.is_run"
        " GROUP BY t.campaign_id, t.term, l.starts_on"
    )
    for term, condition in (("event", "true"), ("event:online", "mode <> 'in_person'")):
        op.execute(
            f"{columns} SELECT campaign_id, '{term}', starts_on, count(*), 0 FROM listings"
            f" WHERE position = 0 AND status = 'published' AND {condition} GROUP BY campaign_id, starts_on"
        )


def _texts(engine: str) -> None:
    op.create_table(
        "listing_texts",
        sa.Column("listing_id", Key, nullable=False, autoincrement=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name="fk_listing_texts_listing_id_listings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name="pk_listing_texts"),
    )
    op.execute("INSERT INTO listing_texts (listing_id, search_text) SELECT id, search_text FROM listings")
    if engine == "sqlite":
        _follow_with_fts5()
        return
    _need_trigrams()
    op.execute("CREATE INDEX ix_listing_texts_trigrams ON listing_texts USING gin (search_text gin_trgm_ops)")


def _follow_with_fts5() -> None:
    """The text index of SQLite reads the texts from their table, and triggers tell it what changes there."""
    op.execute(
        "CREATE VIRTUAL TABLE listing_search USING fts5"
        "(search_text, content='listing_texts', content_rowid='listing_id', tokenize='trigram')"
    )
    forget = (
        "INSERT INTO listing_search(listing_search, rowid, search_text)"
        " VALUES ('delete', old.listing_id, old.search_text)"
    )
    learn = "INSERT INTO listing_search(rowid, search_text) VALUES (new.listing_id, new.search_text)"
    for when, what in (("INSERT", learn), ("DELETE", forget), ("UPDATE", f"{forget}; {learn}")):
        op.execute(
            f"CREATE TRIGGER listing_texts_{when.lower()} AFTER {when} ON listing_texts BEGIN {what}; END"
        )
    op.execute("INSERT INTO listing_search(listing_search) VALUES ('rebuild')")


def _need_trigrams() -> None:
    """pg_trgm may be installed by whoever may create objects in the database; a locked-down server needs its operator."""
    connection = op.get_bind()
    if connection.scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")):
        return
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION pg_trgm"))
    except sa.exc.DBAPIError as error:
        raise RuntimeError(
            "The search needs the extension pg_trgm of PostgreSQL (package postgresql-contrib). Ask whoever runs the "
            f"server to run this in the database as a superuser, then run the migration again: "
            f"CREATE EXTENSION pg_trgm; The server said: {error.orig}"
        ) from error


def downgrade() -> None:
    with op.batch_alter_table("listings") as batch:
        batch.add_column(sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE listings SET search_text ="
        " (SELECT search_text FROM listing_texts WHERE listing_texts.listing_id = listings.id)"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE listing_search")
    op.drop_table("listing_texts")
    op.drop_table("term_counts")
    op.execute(
        "CREATE TABLE old_terms AS SELECT listing_id, term FROM listing_terms"
        " WHERE term LIKE 'spoken:%' OR term LIKE 'access:%' OR term LIKE 'org:%'"
    )
    op.drop_table("listing_terms")
    op.create_table(
        "listing_terms",
        sa.Column("id", Key, nullable=False),
        sa.Column("listing_id", Key, nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name="fk_listing_terms_listing_id_listings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_listing_terms"),
    )
    op.execute("INSERT INTO listing_terms (listing_id, term) SELECT listing_id, term FROM old_terms")
    op.drop_table("old_terms")
    op.create_index("ix_listing_terms_listing_id", "listing_terms", ["listing_id"])
    op.create_index("ix_listing_terms_term_listing_id", "listing_terms", ["term", "listing_id"])
    with op.batch_alter_table("listings") as batch:
        batch.drop_index(BOX)
        batch.drop_constraint("uq_listings_sort_key", type_="unique")
        for name, _kind, _before in NEW:
            batch.drop_column(name)
        batch.alter_column("search_text", existing_type=sa.Text(), server_default=None)
        batch.create_index(ORDER, ["campaign_id", "type", "starts_on", "starts_local", "id"])
