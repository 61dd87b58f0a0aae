"""Samples of what visitors get: confirmations, reminders, changes, and letters about filters."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from campaign.mail.composers import Message
from campaign.operations.messages.sample import Sample
from campaign.operations.messages.stage import ZONE, Stage
from campaign.reminders import digests, wording
from campaign.reminders.changing import Notice
from campaign.reminders.digests import Listed, Part
from campaign.reminders.messages import Told, calendar_files, framed, letters_on, links, told
from campaign.reminders.models import Kind, Reader
from campaign.reminders.reminding import Reminder
from campaign.reminders.wording import Followed


def _reminder(stage: Stage, days: int | None, *, is_several: bool = False, is_closing: bool = False) -> Message:
    events = stage.events if is_several else (stage.run,) if is_closing else stage.events[:1]
    rows = tuple(told(e, stage.language, ZONE, days=days, is_closing=is_closing) for e in events)
    return Reminder(stage.language, rows).write(stage.fields)


def _changed(stage: Stage, change: str) -> Message:
    event, now = stage.events[0], stage.events[0].details
    before = now.with_changes(starts=now.starts - timedelta(hours=1)) if now.starts and change == "changed" else None
    return Notice.of(event, stage.language, zone=ZONE, change=change, before=before).write(stage.fields)


def _one(stage: Stage) -> Told:
    return told(stage.events[0], stage.language, ZONE)


def _followed(stage: Stage) -> list[Followed]:
    """A filter and the day of remembrance, as they stand in letters about several wishes."""
    rows = []
    for number, (kind, query) in enumerate(((Kind.WEEKLY, "country=DE"), (Kind.DAY, ""))):
        rows.append(
            Followed(
                id=number,
                kind=kind,
                title=wording.subject_of(stage.campaign, query, stage.language),
                title_language=stage.language,
                when="",
                rhythm=str(wording.RHYTHM[kind]),
                path=wording.page_of(stage.campaign, query, stage.language),
                is_active=True,
                is_stopped=False,
            )
        )
    return rows


def _confirm(stage: Stage, *, is_several: bool) -> Message:
    link, one = links().url("/v/r/…"), None if is_several else _one(stage)
    return framed("reminder_confirm", stage.language, stage.fields, rows=_followed(stage), link=link, one=one)


def _set(stage: Stage, *, is_several: bool) -> Message:
    reader = Reader(email="reader@example.org", language=stage.language, zone=ZONE)
    return framed(
        "reminder_set",
        stage.language,
        stage.fields,
        rows=_followed(stage),
        one=None if is_several else _one(stage),
        letters_on=letters_on(stage.events[:1], reader),
        is_changes_only=False,
        attachments=() if is_several else calendar_files(stage.events[:1]),
    )


def _follow(stage: Stage, kind: str, *, is_today: bool = False) -> Message:
    first, last = _span(stage, kind)
    shown = stage.on_the_day if kind == "follow_day" else stage.events
    events = [e for e in shown if e.starts_on and first <= e.starts_on <= last]
    rows = tuple(Listed(facts=t.facts, url=t.url) for t in (told(e, stage.language, ZONE) for e in events))
    countries = {event.details.country for event in events}
    return digests.words(
        kind,
        stage.language,
        stage.fields,
        campaign=stage.campaign,
        query=f"country={min(countries)}" if len(countries) == 1 else "",
        days=(first, last),
        coming=Part(total=14, rows=rows),
        new=Part(total=1, rows=rows[-1:]) if kind == "follow_weekly" else None,
        is_today=is_today,
    )


def _span(stage: Stage, kind: str) -> tuple[date, date]:
    """The days that a letter about a filter tells of, so that it can tell of the first event."""
    if kind == "follow_day":
        return stage.day, stage.day
    first = stage.events[0].starts_on or stage.day
    if kind == "follow_coming":
        return first, first + timedelta(days=3)
    monday = first - timedelta(days=first.weekday())
    return monday, monday + timedelta(days=6)


def _review(stage: Stage) -> Message:
    return framed("follow_review", stage.language, stage.fields, edition=stage.edition)


VISITORS = (
    Sample("confirm", "reminder_confirm", _l("When an address is entered"), lambda s: _confirm(s, is_several=False)),
    Sample(
        "confirm-several",
        "reminder_confirm",
        _l("When more than one thing waits"),
        lambda s: _confirm(s, is_several=True),
    ),
    Sample("set", "reminder_set", _l("After the button was pressed"), lambda s: _set(s, is_several=False)),
    Sample(
        "set-several",
        "reminder_set",
        _l("After the button was pressed, for filters"),
        lambda s: _set(s, is_several=True),
    ),
    Sample("reminder-week", "reminder", _l("A week before an event"), lambda s: _reminder(s, 7)),
    Sample("reminder-day", "reminder", _l("The day before, at ten in the morning"), lambda s: _reminder(s, 1)),
    Sample("reminder-today", "reminder", _l("Two hours before, if it can be joined online"), lambda s: _reminder(s, 0)),
    Sample("reminder-several", "reminder", _l("Several events of one day"), lambda s: _reminder(s, 1, is_several=True)),
    Sample(
        "exhibition-closes",
        "reminder",
        _l("The last three days of an exhibition"),
        lambda s: _reminder(s, None, is_closing=True),
    ),
    Sample("changed", "reminder_change", _l("When time or place change"), lambda s: _changed(s, "changed")),
    Sample("cancelled", "reminder_change", _l("When an event is called off"), lambda s: _changed(s, "cancelled")),
    Sample("postponed", "reminder_change", _l("When an event is postponed"), lambda s: _changed(s, "postponed")),
    Sample("withdrawn", "reminder_change", _l("When a listing is taken back"), lambda s: _changed(s, "withdrawn")),
    Sample("coming", "follow_coming", _l("Mondays and Thursdays"), lambda s: _follow(s, "follow_coming")),
    Sample("weekly", "follow_weekly", _l("Mondays"), lambda s: _follow(s, "follow_weekly")),
    Sample("day-early", "follow_day", _l("A week before the day"), lambda s: _follow(s, "follow_day")),
    Sample("day", "follow_day", _l("In the morning of the day"), lambda s: _follow(s, "follow_day", is_today=True)),
    Sample("year", "follow_review", _l("Three weeks after the day"), _review),
)
