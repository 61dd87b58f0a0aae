"""How the engine stands, in numbers: few statements, each served by an index of what waits, left, or went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from campaign.core.db import UtcDateTime, database_now, db
from campaign.mail import alarms, gate
from campaign.mail.bounces.service import stopped_since
from campaign.mail.models import EMAIL, IS_SENT, IS_WAITING, WENT_WRONG, Alarm, Heartbeat, Letter, MailHost, Status

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDED_BADLY = (Status.FAILED, Status.UNCERTAIN, Status.BOUNCED, Status.SUPPRESSED, Status.EXPIRED)


@dataclass(slots=True)
class Channel:
    """One channel. `oldest` is how long the oldest due letter was not tried; `missed` counts those due for minutes.

    What is put off after a failed attempt is not overdue before its next one. `ended` counts, by status, what ended
    badly within a day (all of it, not the day's, where nobody may know: `uncertain`).
    """

    waiting: int = 0
    due: int = 0
    in_hand: int = 0
    in_doubt: int = 0
    oldest: timedelta = timedelta()
    missed: int = 0
    sent_hour: int = 0
    sent_day: int = 0
    ended: dict[Status, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of it at one moment of the database's clock; `stopped` counts addresses since yesterday."""

    at: datetime
    channels: Mapping[str, Channel]
    heartbeats: Mapping[str, datetime]
    hosts: Sequence[MailHost]
    alarms: Sequence[Alarm]
    other_rules: int
    stopped: int

    @property
    def mail(self) -> Channel:
        return self.channels[EMAIL]

    def age(self, part: str) -> timedelta | None:
        """How long ago a part of the installation was seen; None for never."""
        seen = self.heartbeats.get(part)
        return max(self.at - seen, timedelta()) if seen else None


def figures(tz_version: str, *, patience: timedelta) -> Figures:
    """Eight statements, however many letters there are; `tz_version` is the release of the time zone rules in use."""
    now = database_now()
    channels: dict[str, Channel] = {EMAIL: Channel()}
    other_rules = _waiting(channels, now, patience, tz_version)
    _sent(channels, now)
    _ended(channels, now)
    return Figures(
        at=now,
        channels=dict(sorted(channels.items(), key=lambda item: (item[0] != EMAIL, item[0]))),
        heartbeats={beat.part: beat.at for beat in db.session.scalars(select(Heartbeat))},
        hosts=gate.failing(),
        alarms=alarms.standing(now),
        other_rules=other_rules,
        stopped=len(stopped_since(now - DAY)),
    )


def _waiting(channels: dict[str, Channel], now: datetime, patience: timedelta, tz_version: str) -> int:
    is_alive = or_(Letter.expires_at.is_(None), Letter.expires_at > now)
    is_due = and_(Letter.next_try_at <= now, is_alive)
    missed = and_(Letter.due_at > now - HOUR, Letter.due_at <= now - patience, is_alive)
    has_other_rules = and_(Letter.tz_version != "", Letter.tz_version != tz_version)
    oldest = func.min(case((is_due, Letter.next_try_at)), type_=UtcDateTime())
    counted = (is_due, Letter.status == Status.SENDING, Letter.doubts > 0, missed, has_other_rules)
    rows = db.session.execute(
        select(Letter.channel, func.count(), oldest, *(func.count(case((one, 1))) for one in counted))
        .where(IS_WAITING)
        .group_by(Letter.channel)
    )
    other_rules = 0
    for channel, waiting, since, due, in_hand, in_doubt, late, others in rows:
        found = channels.setdefault(channel, Channel())
        found.waiting, found.due, found.in_hand, found.in_doubt, found.missed = waiting, due, in_hand, in_doubt, late
        found.oldest = max(now - since, timedelta()) if since else timedelta()
        other_rules += others
    return other_rules


def _sent(channels: dict[str, Channel], now: datetime) -> None:
    in_hour = func.count(case((Letter.sent_at > now - HOUR, 1)))
    rows = db.session.execute(
        select(Letter.channel, func.count(), in_hour)
        .where(IS_SENT, Letter.sent_at > now - DAY)
        .group_by(Letter.channel)
    )
    for channel, day, hour in rows:
        found = channels.setdefault(channel, Channel())
        found.sent_day, found.sent_hour = day, hour


def _ended(channels: dict[str, Channel], now: datetime) -> None:
    """A claim moved `next_try_at` to the end of its lease, so it also says when a letter ended."""
    is_recent = or_(Letter.next_try_at > now - DAY, Letter.status == Status.UNCERTAIN)
    rows: Any = db.session.execute(
        select(Letter.channel, Letter.status, func.count())
        .where(WENT_WRONG, is_recent)
        .group_by(Letter.channel, Letter.status)
    )
    for channel, status, number in rows:
        channels.setdefault(channel, Channel()).ended[status] = number
