"""When the periodic jobs run next, as beat reckons it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.schedules import crontab

from campaign.core import clock


@dataclass(frozen=True, slots=True)
class Job:
    """`every` is in seconds, 0 for one that runs at hours of the clock; `at` is None for the former."""

    name: str
    task: str
    every: float
    at: datetime | None


def coming(entries: Mapping[str, Mapping[str, Any]]) -> list[Job]:
    """All of them; those at hours of the clock in the order in which they come."""
    now = clock.now()
    jobs = [_job(name, entry, now) for name, entry in entries.items()]
    return sorted(jobs, key=lambda job: (job.at is not None, job.at or now, job.name))


def _job(name: str, entry: Mapping[str, Any], now: datetime) -> Job:
    schedule = entry["schedule"]
    if isinstance(schedule, crontab):
        return Job(name, entry["task"], 0, next_after(schedule, now))
    seconds = schedule.total_seconds() if isinstance(schedule, timedelta) else float(schedule)
    return Job(name, entry["task"], seconds, None)


def next_after(schedule: crontab, moment: datetime) -> datetime | None:
    """The first minute within a year that the entry names; the schedule is in UTC (`Settings.celery`)."""
    day = moment.astimezone(UTC).date()
    for number in range(367):
        on = day + timedelta(days=number)
        if on.day not in schedule.day_of_month or on.month not in schedule.month_of_year:
            continue
        if on.isoweekday() % 7 not in schedule.day_of_week:
            continue
        for hour in sorted(schedule.hour):
            for minute in sorted(schedule.minute):
                at = datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC)
                if at > moment:
                    return at
    return None
