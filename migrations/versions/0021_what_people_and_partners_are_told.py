"""people choose their letters one by one; webhooks have a former secret and are told of some changes only"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "letter_stops",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_letter_stops_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter_stops"),
        sa.UniqueConstraint("person_id", "kind", name="uq_letter_stops_person_id_kind"),
    )
    op.execute(
        "INSERT INTO letter_stops (person_id, kind, stopped_at) SELECT person_id, 'season', stopped_at FROM season_stops"
    )
    op.drop_table("season_stops")
    # The defaults stay: what an older version adds while it is being replaced is told of everything.
    op.add_column("webhooks", sa.Column("former_secret", sa.String(), nullable=False, server_default=""))
    op.add_column("webhooks", sa.Column("former_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("webhooks", sa.Column("changes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("webhooks", sa.Column("country", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("country", "changes", "former_until", "former_secret"):
        op.drop_column("webhooks", name)
    op.create_table(
        "season_stops",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_season_stops_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_season_stops"),
        sa.UniqueConstraint("person_id", name="uq_season_stops_person_id"),
    )
    op.execute(
        "INSERT INTO season_stops (person_id, stopped_at) SELECT person_id, stopped_at FROM letter_stops"
        " WHERE kind = 'season'"
    )
    op.drop_table("letter_stops")
