"""What the samples of messages are about: events of one's own desks, and invented ones where there are none."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from campaign.accounts.models import Person
from campaign.campaigns.models import Campaign
from campaign.events.details import EventDetails, Wording
from campaign.events.lifecycle import Duration, Entry, Mode, Type
from campaign.events.models import Event
from campaign.reminders.messages import links, long_date
from campaign.reminders.organisers import seasons
from campaign.reminders.organisers.seasons import Edition

# Titles in every language of the interface, so that no word of another one stands in a sample.
_TITLES = {
    "az": "Bir dəqiqəlik sükutla anım axşamı",
    "ar": "أمسية تذكارية مع دقيقة صمت",
}
_EXHIBITIONS = {"az": "Yadda qalan şəhər", "ar": "مدينة في الذاكرة"}
NAMES = {"en": "Ms Sample", "az": "Nümunə xanım", "ar": "السيدة نموذج"}
# The reader of the samples is somewhere else than the events.
ZONE = "Asia/Baku"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One reader, one organiser, and events: the first is told alone, the others with it; `run` is an exhibition.

    `day` is the day of remembrance, `is_invented` where the first event is.
    """

    language: str
    campaign: Campaign
    day: date
    events: tuple[Event, ...]
    run: Event
    is_invented: bool

    @classmethod
    def of(cls, language: str, campaign: Campaign, day: date, found: list[Event]) -> Self:
        """Fill up with invented events what was not found."""
        runs = [event for event in found if event.details.duration is Duration.RUN]
        dated = [event for event in found if event.details.duration is not Duration.RUN]
        invented = [_evening(campaign, day), _talk(campaign, day), _exhibition(campaign, day)]
        return cls(
            language=language,
            campaign=campaign,
            day=day,
            events=tuple([*dated, *invented[:2]][:2]),
            run=[*runs, invented[2]][0],
            is_invented=not dated,
        )

    @property
    def person(self) -> Person:
        """The organiser; in no table."""
        name = NAMES.get(self.language, NAMES["en"])
        return Person(email="organiser@example.org", name=name, language=self.language, time_zone=ZONE)

    @property
    def fields(self) -> dict[str, str]:
        """What stands in one reader's letter only; the links lead nowhere."""
        return {"stop": links().url("/u/…"), "wishes": links().url("/m/…"), "asked_on": self.asked_on}

    @property
    def on_the_day(self) -> tuple[Event, ...]:
        """Those of the events that are on the day of remembrance itself."""
        found = tuple(event for event in self.events if event.starts_on == self.day)
        return found or (_evening(self.campaign, self.day),)

    @property
    def edition(self) -> Edition:
        """The edition of the day, with counts also where nothing is listed yet."""
        told = seasons.edition(self.campaign, self.day, self.language)
        return told if told.totals[0] else replace(told, totals=(63, 41, 27, 9))

    @property
    def asked_on(self) -> str:
        return long_date(self.day - timedelta(days=23), self.language)


def _event(ref: str, campaign: Campaign, details: EventDetails) -> Event:
    event = Event(ref=ref, campaign_id=campaign.id)
    event.details = details
    return event


def _evening(campaign: Campaign, day: date) -> Event:
    at = datetime.combine(day, datetime.min.time())
    details = EventDetails(
        title="Evening of remembrance with a minute of silence",
        translations={code: Wording(title=title) for code, title in _TITLES.items()},
        type=Type.CEREMONY,
        starts=at.replace(hour=17),
        ends=at.replace(hour=19),
        time_zone="Europe/Berlin",
        mode=Mode.HYBRID,
        stream_url="https://live.example.org/evening",
        venue="Haus am Ufer",
        address="Musterstraße 12",
        city="Berlin",
        country="DE",
        entry=Entry.OPEN,
    )
    return _event("7KQ2PA", campaign, details)


def _talk(campaign: Campaign, day: date) -> Event:
    at = datetime.combine(day, datetime.min.time())
    details = EventDetails(
        title="Gedenkstunde",
        language="de",
        translations={
            code: Wording(title=title) for code, title in (("en", "An hour of remembrance"), *_TITLES.items())
        },
        type=Type.LECTURE,
        starts=at.replace(hour=20),
        time_zone="Europe/Berlin",
        venue="Rathaus",
        city="Hamburg",
        country="DE",
        entry=Entry.OPEN,
    )
    return _event("7KQ2PB", campaign, details)


def _exhibition(campaign: Campaign, day: date) -> Event:
    at = datetime.combine(day, datetime.min.time())
    details = EventDetails(
        title="A Town Remembered",
        translations={code: Wording(title=title) for code, title in _EXHIBITIONS.items()},
        type=Type.EXHIBITION,
        duration=Duration.RUN,
        starts=at - timedelta(days=20),
        ends=at + timedelta(days=2),
        time_zone="Europe/Berlin",
        venue="Stadtbibliothek",
        city="Berlin",
        country="DE",
        entry=Entry.OPEN,
    )
    return _event("7KQ2PC", campaign, details)
