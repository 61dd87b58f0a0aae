"""The words of letters about an edition of a campaign: hold the date, registration, the deadline, the review."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from babel.dates import format_date
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from campaign.accounts import queries as accounts
from campaign.accounts.models import OptionalLetter, Person
from campaign.accounts.tokens import Links, fingerprint
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.core.faults import NotFound
from campaign.mail import rendering
from campaign.mail.composers import Drop, Message
from campaign.mail.models import Letter
from campaign.mail.models import Status as LetterStatus
from campaign.reminders import wording
from campaign.reminders.messages import links
from campaign.reminders.organisers import dates, queries
from campaign.reminders.organisers.dates import Season
from campaign.reminders.ports import calendar

_GONE = Drop(LetterStatus.CANCELLED, "nobody is left to write to")
_HALF_A_YEAR = timedelta(days=183)
VALID = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One year of a campaign, in words: its day and the dates that organisers must know."""

    campaign: str
    day: str
    short_day: str
    opens_on: str
    submit_by: str
    totals: tuple[int, int, int, int]
    list_url: str
    new_url: str


def edition(campaign: Campaign, day: date, language: str) -> Edition:
    """`totals` counts published events, cities, countries and events that can be joined online."""

    def long(at: date) -> str:
        return str(format_date(at, "long", locale=languages.locale(language)))

    deadlines = campaign.settings.get("source", {}).get("deadlines", {})
    first, last = day - _HALF_A_YEAR, day + _HALF_A_YEAR
    period = f"?from={first.isoformat()}&to={last.isoformat()}"
    return Edition(
        campaign=wording.name_of(campaign, language),
        day=str(format_date(day, "full", locale=languages.locale(language))),
        short_day=long(day),
        opens_on=long(dates.opens_on(day)),
        submit_by=long(dates.submit_by(day, str(deadlines.get("submit_by", "")))),
        totals=calendar().totals(campaign.id, first, last),
        list_url=links().url(wording.page_of(campaign, "", language)) + period,
        new_url=links().url(f"/my/events/new?campaign={campaign.slug}"),
    )


def compose(letter: Letter) -> Message | Drop:
    """One letter about an edition, unless its organiser wants none of them any more."""
    person = accounts.find_who_wants(letter.recipient_id, OptionalLetter.SEASON)
    found = campaigns.among({letter.context["campaign"]})
    if person is None or not found:
        return _GONE
    day = date.fromisoformat(letter.context["day"])
    return written(letter.kind, person, found[0], day)


def written(kind: str, person: Person, campaign: Campaign, day: date, told: Edition | None = None) -> Message:
    told = told or edition(campaign, day, person.language)
    past = queries.organisers(campaign.id, date.min, day - _HALF_A_YEAR).get(person.id, 0)
    context: dict[str, Any] = {
        "name": person.name,
        "edition": told,
        "past": past,
        "drafts": queries.drafting(campaign.id, day - _HALF_A_YEAR).get(person.id, 0),
        "my_url": links().url("/my/"),
        "preferences_url": links().url(f"/u/s/{stop_token(person, links())}"),
    }
    headers = {
        "List-Unsubscribe": f"<{context['preferences_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    files = (_day_file(campaign, day, told),) if kind == Season.HOLD else ()
    return rendering.render(kind, person.language, context, headers=headers, attachments=files)


COMPOSERS = {kind.value: compose for kind in Season}


def _day_file(campaign: Campaign, day: date, told: Edition) -> tuple[str, str, bytes]:
    """The day of remembrance as an all-day entry; its UID is the same in every letter about it."""
    item = CalendarEvent()
    item.add("uid", f"{campaign.slug}-{day.isoformat()}@day-of-remembrance")
    item.add("dtstamp", datetime.combine(dates.opens_on(day), datetime.min.time(), UTC))
    item.add("sequence", 0)
    item.add("summary", told.campaign)
    item.add("dtstart", day)
    item.add("dtend", day + timedelta(days=1))
    item.add("transp", "TRANSPARENT")
    whole = Calendar()
    whole.add("prodid", "-//Campaign//Remembrance Calendar//EN")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add_component(item)
    return f"{campaign.slug}-{day.year}.ics", "text/calendar; method=PUBLISH; charset=utf-8", whole.to_ical()


def stop_token(person: Person, signer: Links) -> str:
    """For `/u/s/`: ends letters about coming editions; bound to the address."""
    return signer.token("season", [person.id, fingerprint(person.email)])


def read_stop_token(token: str, signer: Links) -> Person:
    """Raises NotFound for a damaged, forged or old token."""
    payload = signer.read("season", token, VALID)
    if not payload or len(payload) != 2 or not isinstance(payload[0], int):
        raise NotFound
    person = accounts.find(payload[0])
    if person is None or fingerprint(person.email) != payload[1]:
        raise NotFound
    return person
