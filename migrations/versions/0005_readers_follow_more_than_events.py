"""A reader may follow more than single events.

An address becomes a row of its own with its wishes; what it follows are rows beside it. Addresses that asked for
several events become one reader, with the language and zone they gave last. Reminders that are planned or sent keep
their rows; what they are about is written in the new form.
"""

from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = "('reminder', 'reminder_change', 'reminder_confirm', 'reminder_set')"
_LETTERS = sa.table(
    "letters",
    sa.column("id", _KEY),
    sa.column("kind", sa.String()),
    sa.column("subject_id", _KEY),
    sa.column("recipient_id", _KEY),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("context", sa.JSON()),
)


def upgrade() -> None:
    op.create_table(
        "readers",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("days", sa.String(), nullable=False),
        sa.Column("is_changes_only", sa.Boolean(), nullable=False),
        sa.Column("feed_round", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readers")),
        sa.UniqueConstraint("email", name=op.f("uq_readers_email")),
    )
    op.execute(
        "INSERT INTO readers (email, language, zone, days, is_changes_only, feed_round, created_at, confirmed_at) "
        "SELECT s.email, s.language, s.zone, '7,1', false, 1, s.asked_at, "
        "(SELECT max(c.confirmed_at) FROM subscriptions c WHERE c.email = s.email) "
        "FROM subscriptions s WHERE s.id = (SELECT max(n.id) FROM subscriptions n WHERE n.email = s.email)"
    )
    _widen_subscriptions()
    _rewrite(_FORWARD)
    op.execute(
        "UPDATE letters SET recipient_id = "
        "(SELECT s.reader_id FROM subscriptions s WHERE s.id = letters.recipient_id) "
        f"WHERE kind IN {_KINDS}"
    )
    with op.batch_alter_table("letters") as batch:
        batch.create_index(batch.f("ix_letters_recipient_id_kind"), ["recipient_id", "kind"])


def _widen_subscriptions() -> None:
    with op.batch_alter_table("subscriptions") as batch:
        batch.add_column(sa.Column("reader_id", _KEY, nullable=True))
        batch.add_column(sa.Column("campaign_id", _KEY, nullable=True))
        batch.add_column(sa.Column("kind", sa.String(length=40), nullable=False, server_default="event"))
        batch.add_column(sa.Column("topic", sa.String(), nullable=True))
        batch.add_column(sa.Column("query", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE subscriptions SET topic = 'event:' || event_id, "
        "reader_id = (SELECT r.id FROM readers r WHERE r.email = subscriptions.email), "
        "campaign_id = (SELECT e.campaign_id FROM events e WHERE e.id = subscriptions.event_id)"
    )
    with op.batch_alter_table("subscriptions") as batch:
        batch.drop_constraint(batch.f("uq_subscriptions_event_id_email"), type_="unique")
        batch.drop_index(batch.f("ix_subscriptions_email"))
        for gone in ("email", "language", "zone"):
            batch.drop_column(gone)
        for filled in ("reader_id", "campaign_id"):
            batch.alter_column(filled, existing_type=_KEY, nullable=False)
        batch.alter_column("topic", existing_type=sa.String(), nullable=False)
        batch.alter_column("event_id", existing_type=_KEY, nullable=True)
        batch.alter_column("kind", existing_type=sa.String(length=40), server_default=None)
        batch.alter_column("query", existing_type=sa.String(), server_default=None)
        for column, table in (("reader_id", "readers"), ("campaign_id", "campaigns")):
            name = batch.f(f"fk_subscriptions_{column}_{table}")
            batch.create_foreign_key(name, table, [column], ["id"], ondelete="CASCADE")
        batch.create_unique_constraint(batch.f("uq_subscriptions_reader_id_topic"), ["reader_id", "topic"])
        batch.create_index(batch.f("ix_subscriptions_event_id"), ["event_id"])
        batch.create_index(
            batch.f("ix_subscriptions_campaign_id_kind_query"), ["campaign_id", "kind", "query"]
        )


def downgrade() -> None:
    """Whatever follows more than an event is lost; so are wishes that single events never had."""
    with op.batch_alter_table("letters") as batch:
        batch.drop_index(batch.f("ix_letters_recipient_id_kind"))
    op.execute("DELETE FROM subscriptions WHERE kind <> 'event'")
    _rewrite(_BACK)
    op.execute(
        "UPDATE letters SET recipient_id = (SELECT s.id FROM subscriptions s "
        "WHERE s.reader_id = letters.recipient_id AND s.event_id = letters.subject_id) "
        f"WHERE kind IN {_KINDS}"
    )
    with op.batch_alter_table("subscriptions") as batch:
        for name, kind in (("email", sa.String()), ("language", sa.String()), ("zone", sa.String())):
            batch.add_column(sa.Column(name, kind, nullable=True))
    for name in ("email", "language", "zone"):
        op.execute(
            f"UPDATE subscriptions SET {name} = "
            f"(SELECT r.{name} FROM readers r WHERE r.id = subscriptions.reader_id)"
        )
    with op.batch_alter_table("subscriptions") as batch:
        batch.drop_index(batch.f("ix_subscriptions_campaign_id_kind_query"))
        batch.drop_index(batch.f("ix_subscriptions_event_id"))
        batch.drop_constraint(batch.f("uq_subscriptions_reader_id_topic"), type_="unique")
        for column, table in (("reader_id", "readers"), ("campaign_id", "campaigns")):
            batch.drop_constraint(batch.f(f"fk_subscriptions_{column}_{table}"), type_="foreignkey")
        for gone in ("reader_id", "campaign_id", "kind", "topic", "query"):
            batch.drop_column(gone)
        for name in ("email", "language", "zone"):
            batch.alter_column(name, existing_type=sa.String(), nullable=False)
        batch.alter_column("event_id", existing_type=_KEY, nullable=False)
        batch.create_unique_constraint(batch.f("uq_subscriptions_event_id_email"), ["event_id", "email"])
        batch.create_index(batch.f("ix_subscriptions_email"), ["email"])
    op.drop_table("readers")


def _rewrite(forms) -> None:
    """What letters say of their subject: one date of an event became a list, the subscription is named."""
    connection = op.get_bind()
    columns = (_LETTERS.c.id, _LETTERS.c.kind, _LETTERS.c.subject_id, _LETTERS.c.recipient_id)
    asked = sa.select(*columns, _LETTERS.c.due_at, _LETTERS.c.context).where(_LETTERS.c.kind.in_(forms))
    for letter_id, kind, event_id, recipient_id, due_at, said in connection.execute(asked).all():
        context = forms[kind](said, event_id, recipient_id, due_at)
        connection.execute(_LETTERS.update().where(_LETTERS.c.id == letter_id).values(context=context))


def _many(said, event_id, _subscription_id, due_at):
    at = due_at if due_at.tzinfo else due_at.replace(tzinfo=UTC)
    item = [event_id, said["position"], said["offset"], said["schedule_version"], at.astimezone(UTC).isoformat()]
    return {"items": [item]}


def _one(said, *_about):
    _event, position, offset, version, _at = said["items"][0]
    return {"position": position, "offset": offset, "schedule_version": version}


_FORWARD = {
    "reminder": _many,
    "reminder_change": lambda said, _event, subscription, _due: {**said, "subscription": subscription},
    "reminder_set": lambda _said, _event, subscription, _due: {"subscriptions": [subscription]},
}
_BACK = {
    "reminder": _one,
    "reminder_change": lambda said, *_about: {k: v for k, v in said.items() if k != "subscription"},
}
