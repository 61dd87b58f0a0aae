"""Plans the letters about followed filters: an hourly sweep over the coming day and a half, safe to run twice.

A letter is planned only where there is something to tell. Its key names the wish and the day, so a second sweep, or a
second scheduler, promises nothing more; a sweep that was missed for a day costs nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from campaign.campaigns import days
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core.db import database_now, transaction
from campaign.mail import service as mail
from campaign.mail.service import Promise
from campaign.places import moments, zones
from campaign.reminders import due, queries, rhythm
from campaign.reminders.models import Kind, Subscription
from campaign.reminders.ports import calendar
from campaign.reminders.rhythm import Letter

AHEAD = timedelta(hours=36)
LETTER = {Kind.COMING: "follow_coming", Kind.WEEKLY: "follow_weekly", Kind.DAY: "follow_day"}
REVIEW = "follow_review"
REVIEW_AFTER = timedelta(days=21)
KINDS = (*LETTER.values(), REVIEW)
# So many events are told in full; the rest is a number and a link.
SHOWN = 12


def sweep() -> int:
    """Promise what falls due soon, a batch of wishes at a time; gives how many letters were new."""
    found = last = 0
    while True:
        with transaction():
            rows = queries.filters_after(last)
            found += mail.promise_all(_due(rows), again=True) if rows else 0
            last = rows[-1].id if rows else last
        if not rows:
            return found


def plan(subscription: Subscription) -> None:
    """The same for one wish, in the transaction that confirms it."""
    if subscription.kind is not Kind.EVENT:
        mail.promise_all(_due([subscription]), again=True)


def _due(rows: Sequence[Subscription]) -> Iterator[Promise]:
    now, is_there = database_now(), _Something()
    known = {c.id: c for c in campaigns.among({row.campaign_id for row in rows})}
    for row in rows:
        day = days.coming(known[row.campaign_id], now)
        for letter in rhythm.between(row.kind, row.reader.zone, day, now, now + AHEAD):
            if is_there.to_tell(row, letter):
                yield _promise(row, letter, known[row.campaign_id])
        yield from _review(row, known[row.campaign_id], day, now)


def _review(row: Subscription, campaign: Campaign, coming: date, now: datetime) -> Iterator[Promise]:
    """Three weeks after the day: how it was kept. One letter however much of the campaign somebody follows."""
    day = days.in_year(campaign, coming.year - 1)
    zone = row.reader.zone if zones.is_zone(row.reader.zone) else rhythm.NOWHERE
    at = moments.instant(datetime.combine(day + REVIEW_AFTER, due.MORNING), zone)
    if not now < at <= now + AHEAD:
        return
    yield Promise(
        key=f"{REVIEW}:{campaign.id}:{day.year}:{row.reader_id}",
        kind=REVIEW,
        to=row.reader.email,
        language=row.reader.language,
        context={"campaign": campaign.id, "day": day.isoformat()},
        due_at=at,
        expires_at=at + REVIEW_AFTER,
        subject="follow",
        subject_id=row.id,
        recipient_id=row.reader_id,
    )


class _Something:
    """Whether a filter finds anything in some days; many readers follow the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str, date, date, datetime | None], bool] = {}

    def to_tell(self, row: Subscription, letter: Letter) -> bool:
        if self._has(row.campaign_id, row.query, letter.first, letter.last):
            return True
        return row.kind is Kind.WEEKLY and self._has(row.campaign_id, row.query, letter.on, date.max, since(letter))

    def _has(self, campaign_id: int, query: str, first: date, last: date, after: datetime | None = None) -> bool:
        key = campaign_id, query, first, last, after
        if key not in self._known:
            until = None if last == date.max else last
            total, _rows = calendar().coming(campaign_id, query, first, until, since=after, limit=0)
            self._known[key] = total > 0
        return self._known[key]


def since(letter: Letter) -> datetime:
    """What was published since then is new in a weekly letter."""
    return letter.at - rhythm.WEEK


def key(kind: Kind, on: date) -> tuple[str, str]:
    """What stands before and after the number of a wish in the key of its letter of a day."""
    return f"{LETTER[kind]}:", f":{on.isoformat()}"


def _promise(row: Subscription, letter: Letter, campaign: Campaign) -> Promise:
    return Promise(
        key=str(row.id).join(key(row.kind, letter.on)),
        kind=LETTER[row.kind],
        to=row.reader.email,
        language=row.reader.language,
        context={
            "campaign": campaign.id,
            "query": row.query,
            "on": letter.on.isoformat(),
            "first": letter.first.isoformat(),
            "last": letter.last.isoformat(),
            "since": since(letter).isoformat() if row.kind is Kind.WEEKLY else None,
        },
        due_at=letter.at,
        expires_at=letter.until,
        subject="follow",
        subject_id=row.id,
        recipient_id=row.reader_id,
    )
