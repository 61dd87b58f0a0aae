"""Plans letters to organisers that follow the calendar or the passing of time: an hourly sweep, safe to run twice."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from campaign.accounts.models import Person
from campaign.campaigns import days
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core.db import database_now, transaction
from campaign.mail import service as mail
from campaign.mail.service import Promise
from campaign.places import moments, zones
from campaign.places.nights import waking
from campaign.reminders import due
from campaign.reminders.organisers import dates, queries
from campaign.reminders.organisers.dates import Season

# What rested longer than this rests on: nobody wants to hear of it after an update of the platform.
_LOOK_BACK = timedelta(days=3)
_AHEAD, _LATE = timedelta(hours=36), timedelta(days=3)
_YEAR = timedelta(days=366)


def sweep() -> int:
    """Promise what has become due or soon will be; gives how many letters were new."""
    found = 0
    with transaction():
        now = database_now()
        found += mail.promise_all(_drafts(now))
        found += mail.promise_all(_questions(now))
    for campaign_id in [campaign.id for campaign in campaigns.open_campaigns()]:
        with transaction():
            (campaign,) = campaigns.among({campaign_id})
            found += mail.promise_all(_season(campaign, database_now()))
    return found


def _drafts(now: datetime) -> Iterator[Promise]:
    """A day after the last edit, once for each draft; several drafts of a person are one letter."""
    resting = queries.resting_drafts(now - _LOOK_BACK, now - dates.DRAFT_RESTS)
    told, people = queries.told_drafts(list(resting)), queries.people(list(resting))
    for person_id, drafts in resting.items():
        new = [event.id for event in drafts if event.id not in told]
        if new and person_id in people:
            key = f"event_draft:{person_id}:{new[0]}"
            zone = next((event.time_zone for event in drafts if zones.is_zone(event.time_zone)), "")
            yield _to(people[person_id], "event_draft", key, {"events": new}, now, zone)


def _questions(now: datetime) -> Iterator[Promise]:
    """Two days after a question that nobody answered, once for each question."""
    rows = queries.unanswered(now - _LOOK_BACK, now - dates.QUESTION_RESTS)
    people = queries.people([event.created_by for event, _entry in rows if event.created_by is not None])
    for event, entry in rows:
        if event.created_by in people:
            key, context = f"event_question_again:{event.id}:{entry.id}", {"event": event.id, "entry": entry.id}
            yield _to(people[event.created_by], "event_question_again", key, context, now, event.time_zone)


def _to(person: Person, kind: str, key: str, context: Mapping[str, object], at: datetime, zone: str) -> Promise:
    """By day, by the clock of the person; by that of their events (`zone`) where it is not known."""
    return Promise(
        key=key,
        kind=kind,
        to=person.email,
        language=person.language,
        context=context,
        due_at=waking(at, person.time_zone if zones.is_zone(person.time_zone) else zone),
        expires_at=at + timedelta(days=7),
        subject="person",
        subject_id=person.id,
        recipient_id=person.id,
    )


def _season(campaign: Campaign, now: datetime) -> Iterator[Promise]:
    """The letters of the coming edition, and of the last one, whose review comes after its day."""
    coming = days.coming(campaign, now)
    for day in (days.in_year(campaign, coming.year - 1), coming):
        for kind, on, number in dates.season(day):
            if _is_near(on, now):
                yield from _letters(campaign, kind, day, on, number, now)


def _is_near(on: date, now: datetime) -> bool:
    noon = moments.instant(datetime.combine(on, due.MORNING), "UTC")
    return noon - _AHEAD <= now < noon + _LATE


def _letters(campaign: Campaign, kind: Season, day: date, on: date, number: int, now: datetime) -> Iterator[Promise]:
    people = queries.people(list(_addressed(campaign.id, kind, day)))
    for person in people.values():
        zone = person.time_zone if zones.is_zone(person.time_zone) else "UTC"
        at = moments.instant(datetime.combine(on, due.MORNING), zone)
        yield Promise(
            key=f"{kind}:{campaign.id}:{day.year}:{number}:{person.id}",
            kind=kind,
            to=person.email,
            language=person.language,
            context={"campaign": campaign.id, "day": day.isoformat()},
            due_at=at,
            expires_at=max(at, now) + _LATE,
            subject="person",
            subject_id=person.id,
            recipient_id=person.id,
        )


def _addressed(campaign_id: int, kind: Season, day: date) -> set[int]:
    """Who gets a letter: past organisers; the deadline only those who have not sent anything yet, or have drafts."""
    if kind is Season.REVIEW:
        return set(queries.organisers(campaign_id, day - _YEAR / 2, day + _YEAR / 2))
    past = set(queries.organisers(campaign_id, date.min, day - _YEAR / 2))
    if kind is Season.DEADLINE:
        first = day - _YEAR / 2
        return (past - set(queries.registering(campaign_id, first))) | set(queries.drafting(campaign_id, first))
    return past
