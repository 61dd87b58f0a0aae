"""The words of letters about followed filters, written when they leave: the calendar is asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date

from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.events import queries as events
from campaign.mail.composers import Drop, Message
from campaign.mail.models import WAITING, Letter
from campaign.mail.models import Status as LetterStatus
from campaign.places import moments, zones
from campaign.reminders import pacing, queries, regular, wording
from campaign.reminders.facts import Facts, facts
from campaign.reminders.messages import GONE, framed, links, own, write
from campaign.reminders.models import Reader, Subscription
from campaign.reminders.organisers.seasons import edition
from campaign.reminders.ports import Occasion, calendar
from campaign.reminders.rhythm import NOWHERE

_ENOUGH = Drop(LetterStatus.CANCELLED, "the reader has two letters of this campaign this week")
_NOTHING = Drop(LetterStatus.CANCELLED, "there is nothing to tell any more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An event in a list."""

    facts: Facts
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The events of some days: how many there are, and the first of them in full."""

    total: int
    rows: tuple[Listed, ...]

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def compose(letter: Letter) -> Message | Drop:
    """One letter about one followed filter, unless the week has had its letters or nothing is left to tell."""
    reader, about = queries.find_reader(letter.recipient_id or 0), queries.find(letter.subject_id)
    if reader is None or about is None or not about.is_active or about.reader_id != reader.id:
        return GONE
    if _has_enough(letter, reader):
        return _ENOUGH
    said = letter.context
    first, last = date.fromisoformat(said["first"]), date.fromisoformat(said["last"])
    coming = _part(about, reader, first, last)
    new = _new(about, reader, first, datetime.fromisoformat(said["since"])) if said["since"] else None
    if not coming.total and not (new and new.total):
        return _NOTHING
    return words(
        letter.kind,
        reader.language,
        own(letter, reader, [about]),
        campaign=_campaign(about),
        query=about.query,
        days=(first, last),
        coming=coming,
        new=new,
        is_today=said["on"] == said["first"],
    )


def words(
    kind: str,
    language: str,
    fields: Mapping[str, str],
    *,
    campaign: Campaign,
    query: str,
    days: tuple[date, date],
    coming: Part,
    new: Part | None = None,
    is_today: bool = False,
) -> Message:
    """The letter itself; `days` are the first and the last that it tells of."""
    first, last = (str(format_date(day, "long", locale=languages.locale(language))) for day in days)
    return framed(
        kind,
        language,
        fields,
        coming=coming,
        new=new,
        where=calendar().words(query, language, is_proven=True),
        campaign=wording.name_of(campaign, language),
        first=first,
        last=last,
        list_url=links().url(wording.page_of(campaign, query, language)),
        is_today=is_today,
    )


def compose_review(letter: Letter) -> Message | Drop:
    """How the day was kept, for whoever follows something of the campaign."""
    reader, about = queries.find_reader(letter.recipient_id or 0), queries.find(letter.subject_id)
    if reader is None or about is None or not about.is_active or about.reader_id != reader.id:
        return GONE
    if _has_enough(letter, reader):
        return _ENOUGH
    told = edition(_campaign(about), date.fromisoformat(letter.context["day"]), reader.language)
    return write(letter, reader, [about], edition=told)


COMPOSERS = {**dict.fromkeys(regular.LETTER.values(), compose), regular.REVIEW: compose_review}


def _campaign(about: Subscription) -> Campaign:
    (campaign,) = campaigns.among({about.campaign_id})
    return campaign


def _has_enough(letter: Letter, reader: Reader) -> bool:
    """Letters about filters give way to reminders, and a later one to an earlier one."""
    zone = reader.zone if zones.is_zone(reader.zone) else NOWHERE
    on = letter.due_at.astimezone(zones.zone(zone)).date()
    monday = datetime.combine(on - timedelta(days=on.weekday()), datetime.min.time())
    since, until = (moments.instant(monday + timedelta(days=days), zone) for days in (0, 7))
    others = [
        other
        for other in queries.of_week(reader.id, since, until, ("reminder", *regular.KINDS))
        if other.id != letter.id and other.context.get("campaign") == letter.context["campaign"]
    ]
    return len([x for x in others if _goes_first(x, letter)]) >= pacing.A_WEEK


def _goes_first(other: Letter, letter: Letter) -> bool:
    return (
        other.kind == "reminder" or other.status not in WAITING or (other.due_at, other.id) < (letter.due_at, letter.id)
    )


def _part(about: Subscription, reader: Reader, first: date, last: date) -> Part:
    total, rows = calendar().coming(about.campaign_id, about.query, first, last, limit=regular.SHOWN)
    return Part(total=total, rows=_listed(rows, reader))


def _new(about: Subscription, reader: Reader, first: date, since: datetime) -> Part:
    total, rows = calendar().coming(about.campaign_id, about.query, first, None, since=since, limit=regular.SHOWN)
    return Part(total=total, rows=_listed(rows, reader))


def _listed(rows: Sequence[Occasion], reader: Reader) -> tuple[Listed, ...]:
    known = {event.id: event for event in events.among({event_id for event_id, _position in rows})}
    return tuple(
        Listed(
            facts=facts(known[event_id].details, reader.language, position=position, reader_zone=reader.zone),
            url=links().url(f"/e/{known[event_id].ref}"),
        )
        for event_id, position in rows
        if event_id in known
    )
