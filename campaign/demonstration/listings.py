"""Invented listings of `data/demonstration.yaml` as event details; days count from the coming day of remembrance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import yaml

from campaign.events.details import EventDetails, Occasion, ProgrammeItem, Wording
from campaign.events.lifecycle import ACCESS, Answer, Duration, Entry, Mode, Type
from campaign.places import queries as places
from config import ROOT

FOLDER = ROOT / "campaign" / "data"


@dataclass(frozen=True)
class Script:
    """The file, read once; `day` is the coming day of remembrance."""

    day: date

    @cached_property
    def data(self) -> dict[str, Any]:
        return dict(yaml.safe_load((FOLDER / "demonstration.yaml").read_text(encoding="utf-8")))

    def details(self, row: Mapping[str, Any]) -> EventDetails:
        """One row as an organiser would have typed it. Raises LookupError for a city that is not in the gazetteer."""
        text = self.data["texts"][row["text"]]
        details = EventDetails(
            title=text["title"],
            description=text["description"],
            language=str(row["text"])[-2:],
            translations=self._translations(row),
            type=Type(row["type"]),
            mode=Mode(row.get("mode", "in_person")),
            spoken=tuple(row.get("spoken", dict.fromkeys((str(row["text"])[-2:], "en")))),
            entry=Entry(row.get("entry", "open")),
            registration_url="https://example.org/register" if row.get("entry") == "registration" else "",
            stream_url="https://example.org/stream" if row.get("mode") in ("online", "hybrid") else "",
            access=_access(row),
            programme=_programme(row),
            entry_checks="Please bring photo ID." if row.get("entry") == "registration" else "",
            contact_email="contact@example.org",
        )
        return self._timed(_placed(details, row), row)

    def _translations(self, row: Mapping[str, Any]) -> dict[str, Wording]:
        if "english" not in row:
            return {}
        text = self.data["texts"][row["english"]]
        return {"en": Wording(title=text["title"], description=text["description"])}

    def _timed(self, details: EventDetails, row: Mapping[str, Any]) -> EventDetails:
        first = self.day + timedelta(days=row["day"])
        if "run" in row:
            last = first + timedelta(days=row["run"] - 1)
            return details.with_changes(
                duration=Duration.RUN,
                starts=datetime.combine(first, time()),
                ends=datetime.combine(last, time()),
                opening_hours={str(day): row.get("hours", "10:00-17:00") for day in range(1, 7)},
            )
        if "dates" in row:
            days = [self.day + timedelta(days=d) for d in row["dates"]]
            occasions = tuple(Occasion(starts=_at(d, row["at"]), ends=_at(d, row["until"])) for d in days)
            return details.with_changes(
                duration=Duration.DATES, occasions=occasions, starts=occasions[0].starts, ends=occasions[0].ends
            )
        return details.with_changes(starts=_at(first, row["at"]), ends=_at(first, row["until"]))


def _at(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text))


def _placed(details: EventDetails, row: Mapping[str, Any]) -> EventDetails:
    city = places.find_city(row["city"], row["country"])
    if city is None:
        raise LookupError(f"{row['city']}, {row['country']}")
    if details.mode is Mode.ONLINE:
        return details.with_changes(time_zone=city.time_zone)
    return details.with_changes(
        venue=row["venue"],
        address=row.get("address", ""),
        city=city.name,
        city_id=city.geoname_id,
        country=city.country,
        time_zone=city.time_zone,
        latitude=city.latitude,
        longitude=city.longitude,
    )


def _access(row: Mapping[str, Any]) -> dict[str, str]:
    if row.get("mode") == "online":
        return {"captions": Answer.YES.value}
    return dict.fromkeys(ACCESS[:3] if row.get("programme") else ACCESS[:1], Answer.YES.value)


def _programme(row: Mapping[str, Any]) -> tuple[ProgrammeItem, ...]:
    if not row.get("programme"):
        return ()
    begin = time.fromisoformat(row["at"])
    hour = f"{begin.hour:02}"
    later = f"{begin.hour + 1:02}"
    return (
        ProgrammeItem(time=f"{hour}:{begin.minute:02}", text="Doors open, welcome"),
        ProgrammeItem(time=f"{hour}:{begin.minute + 15:02}", text="Minute of silence, reading of names"),
        ProgrammeItem(time=f"{hour}:{begin.minute + 25:02}", text="Music and testimony"),
        ProgrammeItem(time=f"{later}:{begin.minute:02}", text="Time to talk, tea"),
    )
