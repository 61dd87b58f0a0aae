"""What must hold before an event may be sent to a desk; pure. Each problem is a sentence at its field."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.events.details import EventDetails
from campaign.events.lifecycle import ACCESS, Answer, Duration, Mode
from campaign.places import countries, moments, zones

Problems = dict[str, LazyString | str]
TITLE_LIMIT = 90
DESCRIPTION_LIMITS = (80, 1500)
LONGEST = timedelta(hours=24)


def problems(details: EventDetails, *, types: Sequence[str], today: date, is_archive: bool = False) -> Problems:
    """Everything that stands in the way of sending, by field name; empty when it is ready.

    `is_archive` is for imports of what already took place: the past is allowed, and what nobody recorded may be
    missing, but nothing that is there may be wrong.
    """
    found: Problems = {}
    _what(details, types, found, is_archive)
    _when(details, today, found, is_archive)
    _where(details, found, is_archive)
    _text(details, found, is_archive)
    _access(details, found, is_archive)
    return found


def _what(details: EventDetails, types: Sequence[str], found: Problems, is_archive: bool) -> None:
    if details.type is None or (types and details.type not in types and not is_archive):
        found["type"] = _("Choose what kind of event it is.")
    if not details.title:
        found["title"] = _("Enter the title of the event.")
    elif len(details.title) > TITLE_LIMIT and not is_archive:
        found["title"] = _("The title may have up to %(limit)d characters.", limit=TITLE_LIMIT)


def _when(details: EventDetails, today: date, found: Problems, is_archive: bool) -> None:
    has_place = details.mode is Mode.ONLINE or bool(details.city) or is_archive
    if has_place and not zones.is_zone(details.time_zone):  # Without a city, the city is what is missing.
        found["time_zone"] = _("Choose the time zone of the place, for example Europe/Berlin.")
    if details.duration is Duration.DATES and not details.occasions:
        found["occasions"] = _("Enter at least one date.")
        return
    if not is_archive and details.duration is Duration.RUN and details.starts and details.ends is None:
        found["ends"] = _("Enter the last day.")
    if not is_archive and details.duration is not Duration.RUN and details.starts and not details.is_time_known:
        found["is_time_known"] = _("Enter the time when it begins, for example 17:00.")
    for starts, ends in _pairs(details):
        wrong: Problems = {}
        _period(details, starts, ends, today, wrong, is_archive)
        is_further = bool(details.occasions) and starts != details.starts
        for name, sentence in wrong.items():
            found.setdefault("occasions" if is_further else name, sentence)


def _pairs(details: EventDetails) -> list[tuple[datetime | None, datetime | None]]:
    """Start and end of every occasion."""
    several: list[tuple[datetime | None, datetime | None]] = [(o.starts, o.ends) for o in details.occasions]
    return several or [(details.starts, details.ends)]


def _period(
    details: EventDetails,
    starts: datetime | None,
    ends: datetime | None,
    today: date,
    found: Problems,
    is_archive: bool,
) -> None:
    if starts is None:
        found.setdefault("starts", _("Enter the date and the time when it begins."))
        return
    last = ends or starts
    if last < starts:
        found.setdefault("ends", _backwards(details, starts, last))
    elif details.duration is not Duration.RUN and last - starts > LONGEST:
        found.setdefault("ends", _("It lasts longer than a day. Choose “over several days” or several dates."))
    if last.date() < today and not is_archive:
        found.setdefault("starts", _("This day has passed. Please check the year."))
    if details.is_time_known and zones.is_zone(details.time_zone):
        _clock_change(details.time_zone, starts, ends, found)


def _backwards(details: EventDetails, starts: datetime, ends: datetime) -> LazyString:
    if details.duration is Duration.RUN or ends.date() != starts.date():
        return _("The last day is before the first. Please check both.")
    said = {"start": f"{starts:%H:%M}", "end": f"{ends:%H:%M}"}
    later = ends + timedelta(hours=12)
    if starts < later and later.date() == ends.date():
        return _(
            "The end, %(end)s, is before the start, %(start)s. Did you mean %(guess)s? "
            "If it ends after midnight, enter its last day as well.",
            guess=f"{later:%H:%M}",
            **said,
        )
    return _(
        "The end, %(end)s, is before the start, %(start)s. If it ends after midnight, enter its last day as well.",
        **said,
    )


def _clock_change(zone: str, starts: datetime, ends: datetime | None, found: Problems) -> None:
    for name, wall in (("starts", starts), ("ends", ends)):
        if wall is not None and moments.is_gap(wall, zone):
            sentence = _(
                "The clocks go forward that night: %(time)s does not exist there. Choose another time.",
                time=f"{wall:%H:%M}",
            )
            found.setdefault("is_time_known" if name == "starts" else name, sentence)


def remarks(details: EventDetails) -> list[LazyString]:
    """What the organiser should know and need not change."""
    if not details.is_time_known or not zones.is_zone(details.time_zone):
        return []
    return [
        _("The clocks go back that night and show %(time)s twice. We take the first of the two.", time=f"{wall:%H:%M}")
        for pair in _pairs(details)
        for wall in pair
        if wall is not None and moments.is_fold(wall, details.time_zone)
    ]


def _where(details: EventDetails, found: Problems, is_archive: bool) -> None:
    if details.country and not countries.is_country(details.country):
        found["country"] = _("Choose a country from the list.")
    if details.mode is not Mode.ONLINE:
        if not details.country:
            found.setdefault("country", _("Choose the country."))
        if not details.city:
            found["city"] = _("Enter the city.")
    has_link = details.stream_url or details.registration_url
    if details.mode is Mode.ONLINE and not has_link and not is_archive:
        found["stream_url"] = _("Enter the address where people can watch, or where they register.")
    for name in ("stream_url", "stream_fallback_url", "registration_url", "contact_url"):
        if not _is_link(getattr(details, name)):
            found[name] = _("Enter a full address that begins with https://")


def _is_link(value: str) -> bool:
    return not value or (value.startswith(("https://", "http://")) and " " not in value and len(value) > 10)


def _text(details: EventDetails, found: Problems, is_archive: bool) -> None:
    shortest, longest = DESCRIPTION_LIMITS
    if not is_archive:
        if len(details.description) < shortest:
            found["description"] = _(
                "Describe what people will see and hear, in at least %(least)d characters.", least=shortest
            )
        elif len(details.description) > longest:
            found["description"] = _("The description may have up to %(limit)d characters.", limit=longest)
        if not details.spoken:
            found["spoken"] = _("Choose at least one language that will be spoken.")
        if details.entry is None:
            found["entry"] = _("Say who may come.")
        if details.mode is not Mode.ONLINE and not details.venue:
            found["venue"] = _("Enter the name of the venue.")
    if details.picture_id is not None and not details.picture_alt:
        found["picture_alt"] = _("Describe the picture in a few words for people who cannot see it.")


def _access(details: EventDetails, found: Problems, is_archive: bool) -> None:
    answers: Mapping[str, str] = details.access
    if any(name not in ACCESS or value not in list(Answer) for name, value in answers.items()):
        found["access"] = _("Choose one of the answers for each line.")
    last = details.last
    if details.registration_by and last and details.registration_by > last.date() and not is_archive:
        found["registration_by"] = _("This day is after the event. Please check it.")
    if details.capacity is not None and details.capacity < 1:
        found["capacity"] = _("The number of seats must be at least 1.")
