"""What an organiser says about an event, as one frozen value; the form, the import and revisions all speak it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

from campaign.events.lifecycle import Duration, Entry, Mode, Type

MOST_HOSTS = 4  # So many further hosts the form asks for; an import may bring more.


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One date of an event with several; wall times in the event's zone."""

    starts: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeItem:
    """A line of the programme: `17:00` and what happens then."""

    time: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A further organisation that holds the event; the id decides, the name is what it was called then."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Title and description in a further language."""

    title: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetails:
    """Everything that is proposed, reviewed and shown.

    Shapes: `starts`/`ends` wall times without zone (for a run: first and last day, at 00:00); `time_zone` an IANA
    name; `country` ISO 3166-1 alpha-2; languages BCP 47; `latitude`/`longitude` WGS 84 degrees; `opening_hours` maps
    weekday numbers `0` (Monday) to `6` to texts like `10:00-18:00`; `access` maps names of `lifecycle.ACCESS` to
    answers. A draft may lack anything; `rules.problems` says what is missing before it can be sent.
    """

    title: str = ""
    description: str = ""
    language: str = "en"
    translations: Mapping[str, Wording] = field(default_factory=dict)
    hosts: tuple[Host, ...] = ()
    type: Type | None = None
    duration: Duration = Duration.SINGLE
    starts: datetime | None = None
    ends: datetime | None = None
    is_time_known: bool = True
    time_zone: str = ""
    occasions: tuple[Occasion, ...] = ()
    opening_hours: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = Mode.IN_PERSON
    venue: str = ""
    address: str = ""
    room: str = ""
    city: str = ""
    city_id: int | None = None
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_address_public: bool = True
    stream_url: str = ""
    stream_fallback_url: str = ""
    stream_opens_minutes: int = 15
    spoken: tuple[str, ...] = ()
    programme: tuple[ProgrammeItem, ...] = ()
    content_note: str = ""
    picture_id: int | None = None
    picture_alt: str = ""
    picture_credit: str = ""
    is_picture_sensitive: bool = False
    sources: tuple[str, ...] = ()
    entry: Entry | None = None
    registration_url: str = ""
    registration_by: date | None = None
    is_free: bool = True
    price: str = ""
    capacity: int | None = None
    access: Mapping[str, str] = field(default_factory=dict)
    entry_checks: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_url: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON values only; `from_json` gives the same details back."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; fields added since then get their defaults."""
        values = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        for name, read in _READERS.items():
            if values.get(name) is not None:
                values[name] = read(values[name])
        return cls(**values)

    def with_changes(self, **changes: Any) -> Self:
        return replace(self, **changes)

    @property
    def last(self) -> datetime | None:
        """The wall time at which the last of its dates ends, or begins where no end was given."""
        return max((one.ends or one.starts for one in self.occasions), default=self.ends or self.starts)

    def wording(self, language: str) -> Wording:
        """Title and description in this language, or in the main one."""
        main = Wording(title=self.title, description=self.description)
        own = self.translations.get(language) if language != self.language else None
        return Wording(title=own.title, description=own.description or self.description) if own else main


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value


def _occasion(value: Mapping[str, str | None]) -> Occasion:
    ends = value.get("ends")
    return Occasion(
        starts=datetime.fromisoformat(str(value["starts"])), ends=datetime.fromisoformat(ends) if ends else None
    )


_READERS: dict[str, Any] = {
    "type": Type,
    "duration": Duration,
    "mode": Mode,
    "entry": Entry,
    "starts": datetime.fromisoformat,
    "ends": datetime.fromisoformat,
    "registration_by": date.fromisoformat,
    "spoken": tuple,
    "sources": tuple,
    "hosts": lambda rows: tuple(Host(**row) for row in rows),
    "occasions": lambda rows: tuple(_occasion(row) for row in rows),
    "programme": lambda rows: tuple(ProgrammeItem(**row) for row in rows),
    "translations": lambda rows: {code: Wording(**row) for code, row in rows.items()},
}
