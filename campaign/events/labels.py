"""What the words of an event are called in the reader's language, and every field as readable text."""

from collections.abc import Callable
from datetime import date, datetime

from babel.dates import format_date, get_day_names
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.events.details import EventDetails
from campaign.events.lifecycle import ACCESS as ACCESS_NAMES
from campaign.events.lifecycle import Answer, Duration, Entry, Mode, Refusal, Status, Type
from campaign.places import countries
from campaign.places.countries import locale_of

TYPE: dict[Type, LazyString] = {
    Type.CEREMONY: _("Ceremony"),
    Type.CONFERENCE: _("Conference"),
    Type.EXHIBITION: _("Exhibition"),
    Type.SCREENING: _("Film screening"),
    Type.BOOK_PRESENTATION: _("Book presentation"),
    Type.LECTURE: _("Lecture or talk"),
    Type.CONCERT: _("Concert"),
    Type.VIGIL: _("Vigil"),
    Type.ONLINE: _("Online event"),
    Type.OTHER: _("Other"),
}
TYPE_ICON: dict[Type, str] = {
    Type.CEREMONY: "flame",
    Type.CONFERENCE: "lectern",
    Type.EXHIBITION: "frame",
    Type.SCREENING: "screen",
    Type.BOOK_PRESENTATION: "book",
    Type.LECTURE: "lectern",
    Type.CONCERT: "music",
    Type.VIGIL: "flame",
    Type.ONLINE: "monitor",
    Type.OTHER: "calendar",
}
STATUS: dict[Status, LazyString] = {
    Status.DRAFT: _("Draft"),
    Status.SUBMITTED: _("In review"),
    Status.CHANGE_ASKED: _("Change asked"),
    Status.PUBLISHED: _("Published"),
    Status.REFUSED: _("Not accepted"),
    Status.POSTPONED: _("Postponed"),
    Status.CANCELLED: _("Cancelled"),
    Status.WITHDRAWN: _("Withdrawn"),
}
NEXT_STEP: dict[Status, LazyString] = {
    Status.DRAFT: _("Complete it and send it to the desk."),
    Status.SUBMITTED: _("The desk is reading it. You will get a letter."),
    Status.CHANGE_ASKED: _("Answer the desk's question, then send it again."),
    Status.PUBLISHED: _("It is on the calendar. Changes go to the desk first."),
    Status.REFUSED: _("Read the reason. You may change the event and send it again."),
    Status.POSTPONED: _("Propose the new date as soon as it is known."),
    Status.CANCELLED: _("The listing stays on the calendar and says that it is cancelled."),
    Status.WITHDRAWN: _("Nothing to do. It is no longer on the calendar."),
}
ACT: dict[str, LazyString] = {
    "drafted": _("Draft saved"),
    "edited": _("Changed"),
    "submitted": _("Sent to the desk"),
    "change_asked": _("The desk asks for a change"),
    "refused": _("Not accepted"),
    "published": _("Published"),
    "change_proposed": _("Change proposed"),
    "change_approved": _("Change published"),
    "change_declined": _("Proposed change not accepted"),
    "cancelled": _("Cancelled"),
    "postponed": _("Postponed"),
    "withdrawn": _("Withdrawn"),
    "told": _("How it went was told"),
    "imported": _("Imported"),
}
MODE: dict[Mode, LazyString] = {
    Mode.IN_PERSON: _("In person"),
    Mode.ONLINE: _("Online"),
    Mode.HYBRID: _("In person and online"),
}
ENTRY: dict[Entry, LazyString] = {
    Entry.OPEN: _("Open to everybody"),
    Entry.REGISTRATION: _("With registration"),
    Entry.INVITATION: _("By invitation"),
}
ANSWER: dict[Answer, LazyString] = {
    Answer.YES: _("Yes"),
    Answer.PARTLY: _("Partly"),
    Answer.NO: _("No"),
    Answer.UNKNOWN: _("Not known"),
}
ACCESS: dict[str, LazyString] = {
    "step_free": _("Step-free access"),
    "hearing_loop": _("Hearing loop"),
    "sign_language": _("Sign language"),
    "captions": _("Captions"),
    "quiet_room": _("Quiet room"),
}
DURATION: dict[Duration, LazyString] = {
    Duration.SINGLE: _("Once"),
    Duration.RUN: _("Open over several days"),
    Duration.DATES: _("Several separate dates"),
}
REFUSAL: dict[Refusal, LazyString] = {
    Refusal.OFF_TOPIC: _("R1: Not about the remembrance of this campaign"),
    Refusal.DEHUMANISING: _("R2: Dehumanising or hostile towards a people or a religion"),
    Refusal.INCITEMENT: _("R3: Calls for hatred or violence"),
    Refusal.DENIAL: _("R4: Denies or mocks what victims suffered"),
    Refusal.UNSOURCED: _("R5: States facts without a source"),
    Refusal.PERSONAL_DATA: _("R6: Shows personal data without consent"),
    Refusal.IMPERSONATION: _("R7: Speaks in the name of somebody else"),
    Refusal.UNSAFE: _("R8: Would put people in danger"),
    Refusal.COMMERCIAL: _("R9: Mainly commercial or party-political"),
    Refusal.DUPLICATE: _("R10: Already listed"),
    Refusal.INCORRECT: _("R11: Date, place or organiser are not correct"),
    Refusal.GRAPHIC: _("R12: Shows graphic pictures"),
}
# The one list of field names: labels of the form, lines of the check page, lines of the desk's comparison.
FIELD: dict[str, LazyString] = {
    "organization": _("Organisation"),
    "hosts": _("Together with"),
    "type": _("Kind of event"),
    "title": _("Title"),
    "language": _("Language of this text"),
    "description": _("Description"),
    "translations": _("In a further language"),
    "duration": _("How long"),
    "starts": _("Begins"),
    "ends": _("Ends"),
    "occasions": _("All dates"),
    "opening_hours": _("Opening hours"),
    "time_zone": _("Time zone"),
    "mode": _("How people take part"),
    "venue": _("Venue"),
    "address": _("Street and number"),
    "room": _("Room"),
    "city": _("City"),
    "country": _("Country"),
    "is_address_public": _("Show the address to everybody"),
    "stream_url": _("Address of the stream"),
    "stream_fallback_url": _("Second address, if the first fails"),
    "stream_opens_minutes": _("Show the stream how many minutes before"),
    "spoken": _("Spoken languages"),
    "programme": _("Programme"),
    "content_note": _("Note about distressing content"),
    "picture_id": _("Picture"),
    "picture_alt": _("What the picture shows"),
    "picture_credit": _("Who made the picture"),
    "is_picture_sensitive": _("The picture may distress people"),
    "sources": _("Sources for statements of fact"),
    "entry": _("Who may come"),
    "registration_url": _("Address for registration"),
    "registration_by": _("Register by"),
    "is_free": _("Entry"),
    "price": _("Price"),
    "capacity": _("Number of seats"),
    "access": _("Access"),
    "entry_checks": _("Checks at the entrance"),
    "contact_email": _("Public e-mail address"),
    "contact_phone": _("Public telephone number"),
    "contact_url": _("Public website"),
}
YES_NO = {True: _("Yes"), False: _("No")}
FREE = {True: _("Free of charge"), False: _("Costs something")}
LANGUAGES = (
    "en", "az", "ar", "tr", "ru", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "hu", "ro", "uk", "ka", "fa", "he",
    "ur", "kk", "uz", "zh", "ja", "ko", "id", "hi", "el", "sv", "lt", "lv", "et", "bs", "sr",
)  # fmt: skip


def mark(status: Status) -> str:
    """What must stand beside an event wherever it is named: that it does not take place as it says; else empty."""
    return "" if status is Status.PUBLISHED else str(STATUS[status])


def language_name(code: str, ui_language: str) -> str:
    """A language (BCP 47) as CLDR calls it in the reader's language; the code itself where it has no name."""
    return str(locale_of(ui_language).languages.get(code.replace("-", "_"), code))


def weekday_name(number: int, ui_language: str) -> str:
    """`0` is Monday."""
    return str(get_day_names("wide", "stand-alone", locale_of(ui_language))[number])


def shown(details: EventDetails, ui_language: str) -> list[tuple[str, LazyString, str]]:
    """(field name, label, text) of every field in the order of the form; the text is empty where nothing was said."""
    found = []
    for name, label in FIELD.items():
        if name != "organization":
            read = _READERS.get(name)
            found.append((name, label, read(details, ui_language) if read else str(getattr(details, name) or "")))
    return found


def _day(day: date, language: str) -> str:
    return format_date(day, "full", locale=locale_of(language))


def _moment(moment: datetime | None, details: EventDetails, language: str) -> str:
    if moment is None:
        return ""
    has_hour = details.is_time_known and details.duration is not Duration.RUN
    return _day(moment.date(), language) + (f"{_(', ')}{moment:%H:%M}" if has_hour else "")


def _occasions(details: EventDetails, language: str) -> str:
    lines = (
        f"{_moment(o.starts, details, language)}" + (f"–{o.ends:%H:%M}" if o.ends else "") for o in details.occasions
    )
    return "\n".join(lines)


def _translations(details: EventDetails, language: str) -> str:
    lines = (
        f"{language_name(code, language)}: {wording.title}\n{wording.description}"
        for code, wording in details.translations.items()
    )
    return "\n".join(lines).strip()


def _hours(details: EventDetails, language: str) -> str:
    known = sorted(pair for pair in details.opening_hours.items() if pair[0] in set("0123456"))
    return "\n".join(f"{weekday_name(int(day), language)}: {hours}" for day, hours in known)


def _access(details: EventDetails, _language: str) -> str:
    lines = []
    for name in ACCESS_NAMES:
        answer = details.access.get(name, "")
        if answer in list(Answer) and answer != Answer.UNKNOWN:
            lines.append(f"{ACCESS[name]}: {ANSWER[Answer(answer)]}")
    return "\n".join(lines)


def _minutes(details: EventDetails, _language: str) -> str:
    return str(details.stream_opens_minutes) if details.mode is not Mode.IN_PERSON else ""


_READERS: dict[str, Callable[[EventDetails, str], str]] = {
    "type": lambda d, _l: str(TYPE[d.type]) if d.type else "",
    "hosts": lambda d, _l: "\n".join(host.name for host in d.hosts),
    "language": lambda d, language: language_name(d.language, language),
    "translations": _translations,
    "duration": lambda d, _l: str(DURATION[d.duration]),
    "starts": lambda d, language: _moment(d.starts, d, language),
    "ends": lambda d, language: _moment(d.ends, d, language),
    "occasions": _occasions,
    "opening_hours": _hours,
    "mode": lambda d, _l: str(MODE[d.mode]),
    "country": lambda d, language: countries.name(d.country, language),
    "is_address_public": lambda d, _l: str(YES_NO[d.is_address_public]),
    "stream_opens_minutes": _minutes,
    "spoken": lambda d, language: str(_(", ")).join(language_name(code, language) for code in d.spoken),
    "programme": lambda d, _l: "\n".join(f"{item.time} {item.text}".strip() for item in d.programme),
    "picture_id": lambda d, _l: str(YES_NO[True]) + f" ({d.picture_id})" if d.picture_id else "",
    "is_picture_sensitive": lambda d, _l: str(YES_NO[d.is_picture_sensitive]) if d.picture_id else "",
    "sources": lambda d, _l: "\n".join(d.sources),
    "entry": lambda d, _l: str(ENTRY[d.entry]) if d.entry else "",
    "registration_by": lambda d, language: _day(d.registration_by, language) if d.registration_by else "",
    "is_free": lambda d, _l: str(FREE[d.is_free]),
    "access": _access,
}
