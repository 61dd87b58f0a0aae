"""Events that are due, and confirmed readers of them; promised by the planning that serves everybody."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.core.db import db, insert_or, transaction
from campaign.events import service as listing
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Entry, Mode, Status, Type
from campaign.events.models import Event
from campaign.mail import service as mail
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.mail.office import Office
from campaign.reminders import planning
from campaign.reminders.models import Kind, Reader, Subscription

_AT_ONCE = 200
# Two hours before is the one reminder that falls due at any second.
BEFORE = timedelta(hours=2)


def publish(title: str, due_at: datetime, *, zone: str = "Etc/UTC") -> tuple[int, str]:
    """Publish an event whose reminder falls due at this instant; answers its id and its short name."""
    details = EventDetails(
        title=title,
        description="An invented event for the fault suite.",
        type=Type.CEREMONY,
        starts=(due_at + BEFORE).astimezone(ZoneInfo(zone)).replace(tzinfo=None),
        time_zone=zone,
        mode=Mode.HYBRID,
        venue="Main hall",
        city="London",
        country="GB",
        spoken=("en",),
        entry=Entry.OPEN,
    )
    with transaction():
        event = listing.draft(details, campaign=_campaign(), by=None, organization_id=None)
        event.move_to(Status.SUBMITTED)
        listing.publish(event, by=None)
    return event.id, event.ref


def _campaign() -> Campaign:
    found = db.session.scalar(select(Campaign).where(Campaign.slug == "khojaly"))
    if found is None:
        found = Campaign(slug="khojaly", names={"en": "Khojaly"}, month=2, day=26, settings={})
        db.session.add(found)
        db.session.flush()
    return found


def follow(event_id: int, addresses: list[str]) -> None:
    """Let the owners of these addresses follow the event; what they are owed is planned.

    Of very many, the first are planned and the others get the same letters; planning must find nothing to add.
    """
    with transaction():
        planned = list(_readers(event_id, addresses[:_AT_ONCE]))
        planning.replan(planned)
    for first in range(_AT_ONCE, len(addresses), _AT_ONCE):
        with transaction():
            readers = list(_readers(event_id, addresses[first : first + _AT_ONCE]))
            _promise_the_same(planned[0], readers)
            assert planning.replan(readers[:5]) == 0


def _promise_the_same(model: Reader, readers: Sequence[Reader]) -> None:
    office = Office.current()
    rows = []
    for letter in db.session.scalars(
        select(Letter).where(Letter.recipient_id == model.id, Letter.status == LetterStatus.PENDING)
    ):
        known = {column.key: getattr(letter, column.key) for column in Letter.__table__.columns if column.key != "id"}
        for reader in readers:
            key = letter.key.replace(f":{model.id}:", f":{reader.id}:", 1)
            own = {"key": key, "message_id": mail.message_id(key, office)}
            rows.append(known | own | {"recipient": reader.email, "recipient_id": reader.id})
    db.session.execute(insert(Letter), rows)


def _readers(event_id: int, addresses: list[str]) -> Iterator[Reader]:
    if not addresses:
        return  # An insert of no rows would be one of defaults.
    event = db.session.get(Event, event_id)
    assert event is not None
    now, asked = clock.now(), {"language": "en", "zone": "", "days": "7,1", "is_changes_only": False, "feed_round": 1}
    rows = [{"email": to, **asked, "created_at": now, "confirmed_at": now} for to in addresses]
    db.session.execute(insert_or(Reader).on_conflict_do_nothing(index_elements=["email"]), rows)
    readers = db.session.scalars(select(Reader).where(Reader.email.in_(addresses))).all()
    wish = {"kind": Kind.EVENT, "topic": f"event:{event_id}", "query": "", "asked_at": now, "confirmed_at": now}
    about = {"campaign_id": event.campaign_id, "event_id": event_id, "ended_at": None, **wish}
    db.session.execute(insert(Subscription), [{"reader_id": reader.id, **about} for reader in readers])
    yield from readers
