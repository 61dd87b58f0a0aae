"""The states of an event, the moves between them, and the words an event is described with. Pure; no database."""

from datetime import timedelta
from enum import StrEnum

from campaign.core.faults import Conflict

# Where the organiser gave no end, an evening is given this long before anything calls it over: a stream that closes too
# early is worse than one that is open too long.
UNKNOWN_LENGTH = timedelta(hours=4)


class Status(StrEnum):
    """Where a listing stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGE_ASKED = "change_asked"
    PUBLISHED = "published"
    REFUSED = "refused"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.SUBMITTED: frozenset({Status.CHANGE_ASKED, Status.PUBLISHED, Status.REFUSED, Status.WITHDRAWN}),
    Status.CHANGE_ASKED: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.REFUSED: frozenset({Status.SUBMITTED, Status.WITHDRAWN}),
    Status.PUBLISHED: frozenset({Status.CANCELLED, Status.POSTPONED, Status.WITHDRAWN}),
    Status.POSTPONED: frozenset({Status.PUBLISHED, Status.CANCELLED, Status.WITHDRAWN}),
    Status.CANCELLED: frozenset({Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),
}
EDITABLE = frozenset({Status.DRAFT, Status.CHANGE_ASKED, Status.REFUSED, Status.SUBMITTED})
PUBLIC = frozenset({Status.PUBLISHED, Status.POSTPONED, Status.CANCELLED})


class IllegalMove(Conflict):
    """The event is not in a state that allows this."""


def check_move(current: Status, target: Status) -> None:
    """Raise IllegalMove unless the table of moves allows it."""
    if target not in MOVES[current]:
        raise IllegalMove


class Type(StrEnum):
    """What kind of event it is; a campaign chooses which of these it offers."""

    CEREMONY = "ceremony"
    CONFERENCE = "conference"
    EXHIBITION = "exhibition"
    SCREENING = "screening"
    BOOK_PRESENTATION = "book_presentation"
    LECTURE = "lecture"
    CONCERT = "concert"
    VIGIL = "vigil"
    ONLINE = "online"
    OTHER = "other"


class Duration(StrEnum):
    """One occasion, a run of days with opening hours, or several dates."""

    SINGLE = "single"
    RUN = "run"
    DATES = "dates"


class Mode(StrEnum):
    """How people take part (schema.org eventAttendanceMode)."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Entry(StrEnum):
    """Who may come."""

    OPEN = "open"
    REGISTRATION = "registration"
    INVITATION = "invitation"


class Answer(StrEnum):
    """An answer about access; what nobody answered is not known, which is never `no`."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


ACCESS = ("step_free", "hearing_loop", "sign_language", "captions", "quiet_room")


def access_of(mode: Mode) -> tuple[str, ...]:
    """The questions about access that an event answers: some ask about a place, and online there is none."""
    return ("sign_language", "captions") if mode is Mode.ONLINE else ACCESS


class Refusal(StrEnum):
    """Reasons the desk may give, as numbered in the policy."""

    OFF_TOPIC = "R1"
    DEHUMANISING = "R2"
    INCITEMENT = "R3"
    DENIAL = "R4"
    UNSOURCED = "R5"
    PERSONAL_DATA = "R6"
    IMPERSONATION = "R7"
    UNSAFE = "R8"
    COMMERCIAL = "R9"
    DUPLICATE = "R10"
    INCORRECT = "R11"
    GRAPHIC = "R12"
