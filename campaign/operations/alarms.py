"""The thresholds at which somebody should look, as findings about the figures of the engine."""

from datetime import datetime, timedelta

from campaign.core.db import clock_skew
from campaign.mail.figures import Figures, figures
from campaign.mail.gate import refuses_all
from campaign.mail.models import Status
from campaign.mail.office import Office
from campaign.mail.smtp import Server
from campaign.operations import rounds
from campaign.operations.findings import Finding, fault_if, warn_if
from campaign.places import zones

# A worker and `reminders run` show themselves every 30 seconds; cron starts `reminders run --once` every few minutes.
SENDERS = {"worker": timedelta(minutes=3), "runner": timedelta(minutes=3), "once": timedelta(minutes=10)}
# Letters leave within 15 seconds of their hour; five minutes is when somebody should look.
PATIENCE = timedelta(minutes=5)
# Beyond this nothing is sent from this machine (`mail.alarms`).
MOST_SKEW = timedelta(seconds=30)
# A mail server rests 15, 30, 60, 60 seconds: by then it has been away for about three minutes.
FAILURES = 4
# IANA has published a release before the end of April in every year since 2010.
NEW_RULES_BY = (5, 1)


def now() -> Figures:
    return figures(zones.tz_version(), patience=PATIENCE)


def of_mail(found: Figures) -> list[Finding]:
    """Worker, mail and what needs a person. Those two decide about /readyz."""
    return [
        _worker(found),
        _jobs(found),
        _late(found),
        _silent(found),
        *_ended(found),
        _stopped(found),
        *_hosts(found),
        *_standing(found),
    ]


def _worker(found: Figures) -> Finding:
    ages = {part: age for part in SENDERS if (age := found.age(part)) is not None}
    return Finding(
        subject="worker",
        severity=fault_if(all(age > SENDERS[part] for part, age in ages.items())),
        state=f"seen {int(min(ages.values()).total_seconds())} s ago" if ages else "never seen",
        remedy="Start the Celery worker with beat, or `flask reminders run`.",
    )


def _jobs(found: Figures) -> Finding:
    late = [f"{task} {_hours(age)}" for task, age in rounds.late(found.heartbeats, found.at)]
    return Finding(
        subject="periodic jobs",
        severity=warn_if(bool(late)),
        state=", ".join(late) or "done in time",
        remedy="Letters that come by the calendar are not planned: start Celery beat, or `flask reminders run`.",
    )


def _hours(age: timedelta | None) -> str:
    return "was never done" if age is None else f"was done {int(age.total_seconds() // 3600)} hours ago"


def _late(found: Figures) -> Finding:
    late = found.mail.oldest
    return Finding(
        subject="mail",
        severity=fault_if(late > PATIENCE),
        state=f"longest overdue {int(late.total_seconds())} s, due {found.mail.due}",
        remedy="Check SMTP_URL and the worker; `flask reminders list` names what waits.",
    )


def _silent(found: Figures) -> Finding:
    mail = found.mail
    return Finding(
        subject="last hour",
        severity=warn_if(mail.missed > 0 and mail.sent_hour == 0),
        state=f"sent {mail.sent_hour}, due and not sent {mail.missed}",
        remedy="Nothing left although something was due: check SMTP_URL, the worker, and its log.",
    )


def _ended(found: Figures) -> list[Finding]:
    """Channels of other people end badly by themselves; only mail needs a person here."""
    told = {
        Status.FAILED: "`flask mail list --status failed` names them; /desk/letters/ sends one again.",
        Status.UNCERTAIN: "Nobody knows whether they arrived: look into the log of the mail server, then send again.",
    }
    return [
        Finding(subject=f"letters {status.value}", severity=warn_if(number > 0), state=str(number), remedy=remedy)
        for status, remedy in told.items()
        for number in (found.mail.ended.get(status, 0),)
    ]


def _stopped(found: Figures) -> Finding:
    return Finding(
        subject="addresses stopped",
        severity=warn_if(found.stopped > 0),
        state=f"{found.stopped} since yesterday",
        remedy="Nobody can be reached there; /desk/letters/addresses/ names them and allows one again.",
    )


def _hosts(found: Figures) -> list[Finding]:
    """A server of mail that does not answer or takes no letters; those of other channels are their owners' business."""
    office = Office.current()
    own = Server.parse(office.smtp_url).name if office.smtp_url else ""
    return [
        Finding(
            subject=f"mail server {host.name}",
            severity=warn_if(True),
            state=f"failed {host.failures} times: {host.last_error}",
            remedy="Check that it runs and takes letters from here; it is tried again by itself.",
        )
        for host in found.hosts
        if host.name == own and (host.failures >= FAILURES or refuses_all(host))
    ]


def _standing(found: Figures) -> list[Finding]:
    return [
        Finding(
            subject=alarm.name,
            severity=warn_if(True),
            state=alarm.text,
            remedy="It clears itself once it is over, or an hour after it was noticed last.",
        )
        for alarm in found.alarms
    ]


def clocks() -> Finding:
    skew = clock_skew()
    return Finding(
        subject="clock",
        severity=fault_if(abs(skew) > MOST_SKEW),
        state=f"{skew.total_seconds():+.1f} s against the database",
        remedy="Let both machines take their time from the network (NTP); nothing is sent from here until then.",
    )


def time_zones(found: Figures, today: datetime) -> list[Finding]:
    """The rules in use: whether they may be old, and whether letters were planned by other ones."""
    version = zones.tz_version()
    return [
        Finding(
            subject="time zones",
            severity=warn_if(are_old(version, today)),
            state=f"tzdata {version}",
            remedy="Compare with the newest release of IANA, update tzdata, then run `flask events retime`.",
        ),
        Finding(
            subject="time zones of letters",
            severity=warn_if(found.other_rules > 0),
            state=f"{found.other_rules} planned by other rules",
            remedy="Run `flask events retime`.",
        ),
    ]


def are_old(version: str, today: datetime) -> bool:
    """Whether a newer release must exist by now; there is no network to ask."""
    if not version[:4].isdecimal():
        return True
    year = today.year if (today.month, today.day) >= NEW_RULES_BY else today.year - 1
    return int(version[:4]) < year
