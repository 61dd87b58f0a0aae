"""Samples of what organisers and desks get: seasons, decisions, checks, questions, what waits."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.campaigns import queries as campaigns
from campaign.events import labels, own
from campaign.events.lifecycle import Refusal
from campaign.mail import rendering
from campaign.mail.composers import Message
from campaign.operations.messages.sample import Sample
from campaign.operations.messages.stage import Stage
from campaign.reminders.messages import calendar_files, links
from campaign.reminders.organisers import letters as organisers
from campaign.reminders.organisers import seasons
from campaign.review import digests as desks
from campaign.review import letters as decisions
from campaign.review.queries import Counts


def _decision(stage: Stage, kind: str, **said: Any) -> Message:
    event, person = stage.events[0], stage.person
    context = {**decisions.about(event, person, public_url=links().url("")), **said}
    files = calendar_files([event]) if kind in ("event_published", "change_published") else ()
    return rendering.render(kind, stage.language, context, attachments=files)


def _question(stage: Stage) -> Message:
    field = str(labels.FIELD.get("ends", labels.FIELD["title"]))
    return _decision(
        stage, "event_question", question="", marks=[[field, _("the end (07:00) is before the start (17:00)")]]
    )


def _asked_again(stage: Stage) -> Message:
    question, desk = _("Does the evening end at 19:00?"), campaigns.desk_name(stage.campaign.id, "DE", stage.language)
    return organisers.written("event_question_again", stage.person, stage.events[:1], question=question, desk=desk)


def _refused(stage: Stage) -> Message:
    return _decision(stage, "event_refused", refusal=str(labels.REFUSAL[Refusal.DUPLICATE]), note="")


def _declined(stage: Stage) -> Message:
    return _decision(stage, "change_declined", note=_("The new time would be after the hall closes."))


def _received(stage: Stage) -> Message:
    return rendering.render("event_received", stage.language, own.receipt(stage.events[0], stage.person))


def _about(stage: Stage, kind: str, *, is_several: bool = False, **said: object) -> Message:
    return organisers.written(kind, stage.person, stage.events[: 2 if is_several else 1], **said)


def _season(stage: Stage, kind: str) -> Message:
    return seasons.written(kind, stage.person, stage.campaign, stage.day, stage.edition)


def _digest(stage: Stage) -> Message:
    counts = Counts(waiting=38, overdue=3, soon=2, changes=5)
    rows = _rows(stage)
    return desks.digest_of(stage.person.name, stage.language, _desk(stage), counts, rows, rows[:1])


def _unreachable(stage: Stage) -> Message:
    nothing = Counts(waiting=0, overdue=0, soon=0, changes=0)
    return desks.digest_of(stage.person.name, stage.language, _desk(stage), nothing, [], _rows(stage))


def _rows(stage: Stage) -> list[desks.Row]:
    return [desks.row_of(event, stage.language) for event in stage.events]


def _desk(stage: Stage) -> str:
    return campaigns.desk_name(stage.campaign.id, "DE", stage.language)


def _late(stage: Stage) -> Message:
    rows = [desks.Late(desk=_desk(stage), waiting=38, overdue=3, hours=31)]
    return desks.breach_of(stage.person.name, stage.language, rows)


ORGANISERS = (
    Sample("hold-the-date", "season_hold", _l("Sixteen weeks before the day"), lambda s: _season(s, "season_hold")),
    Sample("registration-open", "season_open", _l("Twelve weeks before the day"), lambda s: _season(s, "season_open")),
    Sample("deadline", "season_deadline", _l("Five and three weeks before"), lambda s: _season(s, "season_deadline")),
    Sample("draft", "event_draft", _l("A day after the last edit, once"), lambda s: _about(s, "event_draft")),
    Sample("received", "event_received", _l("When an event is sent"), _received),
    Sample("question", "event_question", _l("When the desk asks"), _question),
    Sample("question-again", "event_question_again", _l("Two days later, once"), _asked_again),
    Sample("published", "event_published", _l("When an event is published"), lambda s: _decision(s, "event_published")),
    Sample(
        "change-published",
        "change_published",
        _l("When a change is published"),
        lambda s: _decision(s, "change_published"),
    ),
    Sample("refused", "event_refused", _l("When an event is refused"), _refused),
    Sample("change-declined", "change_declined", _l("When a change is declined"), _declined),
    Sample(
        "check-week",
        "event_check",
        _l("A week before an event"),
        lambda s: _about(s, "event_check", step=7, is_several=True),
    ),
    Sample("check-day", "event_check", _l("The day before an event"), lambda s: _about(s, "event_check", step=1)),
    Sample("report", "event_report", _l("The day after an event"), lambda s: _about(s, "event_report", step=1)),
    Sample(
        "report-again",
        "event_report",
        _l("A week after the event, for the last time"),
        lambda s: _about(s, "event_report", step=2, is_several=True),
    ),
    Sample("review", "season_review", _l("Three weeks after the day"), lambda s: _season(s, "season_review")),
)

DESKS = (
    Sample("desk-digest", "desk_digest", _l("07:30 on working days, if something waits"), _digest),
    Sample("desk-unreachable", "desk_digest", _l("The same hour, if an organiser cannot be reached"), _unreachable),
    Sample("desk-late", "desk_breach", _l("To the lead, when something waits too long"), _late),
)
