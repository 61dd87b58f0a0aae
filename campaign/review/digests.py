"""Letters to the desks: what waits and who cannot be reached, on the mornings of working days; and to the lead, when
something waits too long.

A sweep promises them ahead of their hour; what they say, and whether there is anything to say, is found when they
leave.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from flask_babel import gettext as _

from campaign.accounts import queries as accounts
from campaign.accounts.models import OptionalLetter, Person
from campaign.campaigns import days
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Appointment, Campaign, Office, Region
from campaign.core import clock, languages
from campaign.core.db import database_now, transaction
from campaign.events.models import Event
from campaign.mail import queries as letters
from campaign.mail import rendering
from campaign.mail import service as mail
from campaign.mail.composers import Drop, Message
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.mail.office import Office as MailOffice
from campaign.mail.service import Promise
from campaign.places import moments, zones
from campaign.places.nights import waking
from campaign.review import queries
from campaign.review.queries import Counts

DIGEST, BREACH = "desk_digest", "desk_breach"
MORNING, NOON = time(7, 30), time(13)
AHEAD, STALE = timedelta(hours=12), timedelta(hours=4)
# The week before the day of remembrance, in which desks hear twice a day and the lead daily.
BUSY = timedelta(days=7)
SHOWN = 5
# Of organisers who cannot be reached a desk hears once: since its last letter, or within so long before its first.
NEWS = timedelta(days=7)
_NOTHING = Drop(LetterStatus.CANCELLED, "nothing waits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry of the queue in a letter."""

    title: str
    language: str
    when: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A desk where something has waited too long; `hours` is the age of the oldest entry."""

    desk: str
    waiting: int
    overdue: int
    hours: int


def sweep() -> int:
    """Promise what falls due soon; gives how many letters were new. Safe to run twice."""
    with transaction():
        now = database_now()
        return mail.promise_all(_digests(now)) + mail.promise_all(_breaches(now))


def follow_person(person: Person) -> None:
    """Somebody chose another language: what waits for them is written in it."""
    mail.speak(person.id, (DIGEST, BREACH), language=person.language)


def _digests(now: datetime) -> Iterator[Promise]:
    coming = {c.id: days.coming(c, now) for c in campaigns.open_campaigns()}
    regions = {r.id: r for campaign_id in coming for r in campaigns.regions_of(campaign_id)}
    for appointment in campaigns.appointments(Office.COORDINATOR):
        zone = _zone(appointment, regions)
        for at, on in _hours(now, zone, coming[appointment.campaign_id]):
            key = f"{DIGEST}:{appointment.person_id}:{on.isoformat()}:{at:%H%M}"
            yield _promise(DIGEST, key, appointment.person, at, {})


def _hours(now: datetime, zone: str, day: date) -> Iterator[tuple[datetime, date]]:
    """The hours at which a desk hears, in the coming half day: 07:30 on working days, in the last week 13:00 too."""
    first = now.astimezone(zones.zone(zone)).date()
    for on in (first, first + timedelta(days=1)):
        is_busy = day - BUSY <= on <= day
        wanted = ([MORNING] if on.weekday() < 5 or is_busy else []) + ([NOON] if is_busy else [])
        for hour in wanted:
            at = moments.instant(datetime.combine(on, hour), zone)
            if now < at <= now + AHEAD:
                yield at, on


def _zone(appointment: Appointment, regions: dict[int, Region]) -> str:
    """Where the person is, else where the desk is."""
    if zones.is_zone(appointment.person.time_zone):
        return appointment.person.time_zone
    region = regions.get(appointment.region_id or 0)
    return region.time_zone if region else "UTC"


def _breaches(now: datetime) -> Iterator[Promise]:
    """Once for the day on which a desk became late; daily from a week before the day until the day after it."""
    known = {c.id: c for c in campaigns.open_campaigns()}
    for appointment in campaigns.appointments(Office.LEAD):
        campaign, person = known[appointment.campaign_id], appointment.person
        late = [since + queries.OVERDUE for _region, since in _late(campaign, now)]
        if not late:
            continue
        day = days.coming(campaign, now - timedelta(days=2))
        is_busy = day - BUSY <= now.date() <= day + timedelta(days=1)
        on = now.date() if is_busy else max(late).date()
        if is_busy or now - max(late) < queries.OVERDUE:
            key = f"{BREACH}:{campaign.id}:{person.id}:{on.isoformat()}"
            yield _promise(BREACH, key, person, waking(now, person.time_zone), {"campaign": campaign.id})


def _late(campaign: Campaign, now: datetime) -> Iterator[tuple[Region, datetime]]:
    for region in campaigns.regions_of(campaign.id):
        since = queries.oldest([campaigns.scope_of(region)])
        if since is not None and now - since > queries.OVERDUE:
            yield region, since


def _promise(kind: str, key: str, person: Person, at: datetime, context: dict[str, int]) -> Promise:
    return Promise(
        key=key,
        kind=kind,
        to=person.email,
        language=person.language,
        context=context,
        due_at=at,
        expires_at=at + STALE,
        subject="person",
        subject_id=person.id,
        recipient_id=person.id,
    )


def compose_digest(letter: Letter) -> Message | Drop:
    """What waits for the desks of a coordinator at this moment."""
    person = accounts.find_who_wants(letter.recipient_id, OptionalLetter.DESK)
    return digest(person.id, person.name, person.language) if person else _NOTHING


def digest(person_id: int, name: str, language: str) -> Message | Drop:
    scopes = [scope for scope in campaigns.scopes_of(person_id) if scope.office is Office.COORDINATOR]
    counts = queries.counts(scopes)
    since = letters.last_due(person_id, DIGEST) or database_now() - NEWS
    unreachable = [row_of(event, language) for event in queries.unreachable(scopes, since=since)]
    if not counts.waiting and not unreachable:
        return _NOTHING
    rows = [row_of(item.event, language) for item in queries.awaiting(scopes, limit=SHOWN).rows]
    return digest_of(name, language, campaigns.desks_of(person_id, language), counts, rows, unreachable)


def digest_of(
    name: str, language: str, desk: str, counts: Counts, rows: Sequence[Row], unreachable: Sequence[Row] = ()
) -> Message:
    """The letter about these counts and entries, the first of the queue, and events whose organisers get no letters."""
    about = {"name": name, "desk": desk, "queue_url": f"{_site()}/desk/queue/"}
    context = {**about, "rows": rows, "unreachable": unreachable, **asdict(counts)}
    return rendering.render(DIGEST, language, context)


def row_of(event: Event, language: str) -> Row:
    day = format_date(event.starts_on, "full", locale=languages.locale(language)) if event.starts_on else ""
    with languages.speaking(language):
        when = str(_(", ")).join(part for part in (day, event.details.city) if part)
    return Row(title=event.title, language=event.details.language, when=when, url=f"{_site()}/desk/queue/{event.ref}")


def _site() -> str:
    return MailOffice.current().public_url


def compose_breach(letter: Letter) -> Message | Drop:
    """The desks of a campaign where something still waits too long, the latest first."""
    person, found = accounts.find(letter.recipient_id or 0), campaigns.among({letter.context["campaign"]})
    return breach(person.name, person.language, found[0]) if person and found else _NOTHING


def breach(name: str, language: str, campaign: Campaign) -> Message | Drop:
    now, rows = clock.now(), []
    for region, since in sorted(_late(campaign, now), key=lambda pair: pair[1]):
        counts = queries.counts([campaigns.scope_of(region)])
        hours = int((now - since).total_seconds() // 3600)
        desk = campaigns.name_in(region.desk_names, language)
        rows.append(Late(desk=desk, waiting=counts.waiting, overdue=counts.overdue, hours=hours))
    return breach_of(name, language, rows) if rows else _NOTHING


def breach_of(name: str, language: str, rows: Sequence[Late]) -> Message:
    """The letter about desks that are late."""
    return rendering.render(BREACH, language, {"name": name, "rows": rows, "queue_url": f"{_site()}/desk/queue/"})


COMPOSERS = {DIGEST: compose_digest, BREACH: compose_breach}
