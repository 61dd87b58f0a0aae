"""The day around the world as its page says it: whole sentences, times there first. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.calendar import presenting
from campaign.calendar.listed import Listed
from campaign.calendar.map.picture import Dot, dots
from campaign.calendar.map.projection import equal_earth
from campaign.calendar.map.queries import Spot
from campaign.calendar.now.moments import DateLine, Flame, Place, State
from campaign.calendar.now.queries import SOON
from campaign.campaigns.silence import Mode, Silence
from campaign.core.jinja import day_month
from campaign.core.languages import format_parts
from campaign.events.lifecycle import Mode as Attendance
from campaign.places import zones

NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FlameItem:
    """One flame of the row; `others` names places that keep the moment with the first.

    `time` is in UTC where the local hour is the same everywhere, else there; `date` is empty on the day itself.
    """

    city: str
    others: str
    state: str
    state_words: str
    time: str
    date: str
    offset: str
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRow:
    """An event with what only this page says of it: its day if it is another one, and how long until it begins."""

    row: presenting.Row
    day: str
    wait: str
    can_join: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The world with midnight drawn through it: paths of the line and of what is not that day, and the sentence."""

    dots: tuple[Dot, ...]
    line: str
    shade: str
    x: float
    west: str
    east: str
    sentence: str


def mine(now: datetime, viewer: str, language: str) -> str:
    """The visitor's clock, where their zone is known: `11:30 in Baku, your time zone`."""
    if not viewer:
        return ""
    time = f"{now.astimezone(zones.zone(viewer)):%H:%M}"
    return _("%(time)s in %(city)s, your time zone", time=time, city=zones.city_of(viewer, language))


def flame_items(silence: Silence, row: Iterable[Flame], day: date, viewer: str, language: str) -> list[FlameItem]:
    mine = silence.kept_at(day, viewer) if viewer else None
    return [
        _flame_item(
            flame,
            wall=flame.local if silence.mode is Mode.INSTANT else flame.at.replace(tzinfo=None),
            unit="%s" if silence.mode is Mode.INSTANT else _("%(time)s UTC", time="%s"),
            day=day,
            language=language,
            is_mine=mine == flame.at and zones.zone(viewer).utcoffset(flame.local) == flame.offset,
        )
        for flame in row
    ]


def _flame_item(flame: Flame, *, wall: datetime, unit: str, day: date, language: str, is_mine: bool) -> FlameItem:
    words = {
        State.KEPT: _("kept"), State.KEEPING: _("kept now"), State.NEXT: _("next"), State.COMING: _("to come"),
    }  # fmt: skip
    return FlameItem(
        city=_name(flame.places[0], language),
        others=_(", ").join(_name(place, language) for place in flame.places[1:]),
        state=flame.state.value,
        state_words=words[flame.state],
        time=unit % f"{wall:%H:%M}",
        date="" if wall.date() == day else short_date(wall.date()),
        offset=zones.written(flame.offset),
        is_mine=is_mine,
    )


def kept_sentence(silence: Silence, row: Sequence[Flame], now: datetime, language: str) -> str:
    """How the moment is kept, and where the day takes it from and to."""
    if silence.mode is Mode.INSTANT:
        return _("Kept at one moment everywhere, at %(time)s UTC.", time=f"{silence.at:%H:%M}")
    words = {
        "time": f"{silence.at:%H:%M}",
        "first": _name(row[0].places[0], language),
        "last": _name(row[-1].places[0], language),
    }
    if now < row[0].at:
        return _("Kept at %(time)s local time in each place. It begins in %(first)s and ends in %(last)s.", **words)
    if now < row[-1].at:
        return _("Kept at %(time)s local time in each place. It began in %(first)s and ends in %(last)s.", **words)
    return _("Kept at %(time)s local time in each place. It began in %(first)s and ended in %(last)s.", **words)


def next_sentence(silence: Silence, row: Sequence[Flame], day: date, now: datetime, viewer: str, language: str) -> str:
    """Who keeps the moment now or next; empty when it has been kept everywhere."""
    states = (State.KEEPING, State.NEXT)
    flame = next((f for state in states for f in row if f.state is state), None)
    if flame is None:
        return ""
    at_once = [f for f in row if f.at == flame.at]
    named = [_name(place, language) for f in at_once for place in f.places][:NAMED]
    cities = _("everywhere") if silence.mode is Mode.INSTANT else _(", ").join(named)
    utc = _both_clocks(flame.at, day, viewer, language)
    if flame.state is State.KEEPING:
        return _("Being kept now: %(cities)s (%(utc)s).", cities=cities, utc=utc)
    if flame.at - now > timedelta(days=1):
        return _("First: %(cities)s, on %(date)s (%(utc)s).", cities=cities, date=day_month(flame.local), utc=utc)
    return _("Next: %(cities)s, in %(wait)s (%(utc)s).", cities=cities, wait=wait(flame.at - now), utc=utc)


def _both_clocks(at: datetime, day: date, viewer: str, language: str) -> str:
    """The instant in UTC, and on the visitor's clock where that is known and another."""
    utc = _utc(at, day)
    mine = at.astimezone(zones.zone(viewer)) if viewer else at
    if mine.utcoffset() == timedelta():
        return utc
    city = zones.city_of(viewer, language)
    return _("%(utc)s, %(time)s in %(city)s", utc=utc, time=_on(mine.replace(tzinfo=None), day), city=city)


def wait(time: timedelta) -> str:
    """`30 minutes`, `2 hours`, `2 hours and 15 minutes`."""
    hours, minutes = divmod(-(-time // timedelta(minutes=1)), 60)
    told_hours = ngettext("%(num)d hour", "%(num)d hours", hours)
    told_minutes = ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if not hours:
        return told_minutes
    return _("%(hours)s and %(minutes)s", hours=told_hours, minutes=told_minutes) if minutes else told_hours


def _name(place: Place, language: str) -> str:
    return place.name or zones.city_of(place.zone, language)


def _utc(at: datetime, day: date) -> str:
    """The instant in UTC, with its date where that is not the day's."""
    wall = at.astimezone(UTC).replace(tzinfo=None)
    time = f"{wall:%H:%M}"
    if wall.date() == day:
        return _("%(time)s UTC", time=time)
    return _("%(time)s UTC, %(date)s", time=time, date=short_date(wall.date()))


def _on(wall: datetime, day: date) -> str:
    """The clock on a wall, with its date where that is not the day's."""
    if wall.date() == day:
        return f"{wall:%H:%M}"
    return _("%(time)s, %(date)s", time=f"{wall:%H:%M}", date=short_date(wall.date()))


def short_date(day: date) -> str:
    """`26 Feb`."""
    return format_parts(day, "MMMd")


def live_rows(
    listings: Iterable[Listed], day: date, now: datetime, viewer: str, language: str, campaign: str
) -> list[LiveRow]:
    return [
        LiveRow(
            row=presenting.row(listing, language, campaign, viewer),
            day="" if listing.starts_on == day else day_month(listing.starts_on),
            wait=wait(listing.starts_at - now) if timedelta() < listing.starts_at - now <= SOON else "",
            can_join=listing.mode is not Attendance.IN_PERSON and listing.ends_at > now,
        )
        for listing in listings
    ]


def figure(spots: Sequence[Spot], lit: Mapping[str, bool], line: DateLine, day: date) -> Figure:
    """Places of the day, lit or not by their zone, and midnight as a meridian."""
    meridian = _meridian(line.longitude)
    edges = [_meridian(edge) for edge, on in ((-180, line.west), (180, line.east)) if on != day]
    shade = "".join(f"M{'L'.join([*meridian, *reversed(edge)])}z" for edge in edges)
    dates = {"west": day_month(line.west), "east": day_month(line.east)}
    is_one = abs(line.longitude) > 179.9
    return Figure(
        dots=tuple(dots(spots, lit)),
        line=f"M{'L'.join(meridian)}",
        shade=shade,
        x=equal_earth(-38, line.longitude)[0],
        west=short_date(line.west),
        east=short_date(line.east),
        sentence=_("It is %(date)s everywhere.", date=dates["east" if line.longitude < 0 else "west"])
        if is_one
        else _(
            "It is %(east)s from %(offset)s eastwards; further west it is still %(west)s.",
            offset=zones.written(line.offset),
            **dates,
        ),
    )


def _meridian(longitude: float) -> list[str]:
    """Points of a meridian on the figure, from north to south."""
    points = (equal_earth(latitude, longitude) for latitude in range(84, -61, -8))
    return [f"{x:.0f} {y:.0f}" for x, y in points]
