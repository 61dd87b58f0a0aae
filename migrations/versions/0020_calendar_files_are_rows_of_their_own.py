"""the texts of calendar files stand in a table of their own, as bytes, in the order of lists"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What stands for the beginning of an event's short link until a file is put together, and the line it is in.
MARK = "\x1a"
WITH_ADDRESS = "substr(vevent, 1, length(vevent) - length(:last)) || 'URL:' || :mark || ref || :newline || :last"
BYTES = {"sqlite": "CAST({} AS BLOB)", "postgresql": "convert_to({}, 'UTF8')"}
TEXT = {"sqlite": "CAST(v.vevent AS TEXT)", "postgresql": "convert_from(v.vevent, 'UTF8')"}
VALUES = {"last": "END:VEVENT\r\n", "newline": "\r\n", "mark": MARK}


def upgrade() -> None:
    connection = op.get_bind()
    op.create_table(
        "listing_vevents",
        sa.Column("campaign_id", Key, nullable=False, autoincrement=False),
        sa.Column("is_run", sa.Boolean(), nullable=False),
        sa.Column("sort_key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("listing_id", Key, nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("vevent", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name="fk_listing_vevents_listing_id_listings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "is_run", "sort_key", name="pk_listing_vevents"),
        sqlite_with_rowid=False,
    )
    columns = "campaign_id, is_run, sort_key, {}, time_zone, starts_on, ends_on"
    packed = BYTES[connection.dialect.name].format(WITH_ADDRESS)
    connection.execute(
        sa.text(
            f"INSERT INTO listing_vevents ({columns.format('listing_id')}, vevent)"
            f" SELECT {columns.format('id')}, {packed} FROM listings ORDER BY campaign_id, is_run, sort_key"
        ),
        VALUES,
    )
    op.create_index("ix_listing_vevents_listing_id", "listing_vevents", ["listing_id"])
    zones = ["campaign_id", "is_run", "sort_key", "time_zone", "starts_on", "ends_on"]
    op.create_index("ix_listing_vevents_zones", "listing_vevents", zones)
    op.drop_column("listings", "vevent")


def downgrade() -> None:
    connection = op.get_bind()
    with op.batch_alter_table("listings") as batch:
        batch.add_column(sa.Column("vevent", sa.Text(), nullable=False, server_default=""))
    text = TEXT[connection.dialect.name]
    connection.execute(
        sa.text(
            f"UPDATE listings SET vevent = (SELECT replace({text}, 'URL:' || :mark || listings.ref || :newline, '')"
            " FROM listing_vevents v WHERE v.listing_id = listings.id)"
        ),
        {"mark": MARK, "newline": "\r\n"},
    )
    op.drop_table("listing_vevents")
    with op.batch_alter_table("listings") as batch:
        batch.alter_column("vevent", existing_type=sa.Text(), server_default=None)
