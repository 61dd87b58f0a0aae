"""The form an organiser fills in; it checks shape and gives one EventDetails."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from typing_extensions import override
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.core.faults import Invalid
from campaign.core.forms import Form, at_most
from campaign.events import labels, parsing, typed
from campaign.events.details import EventDetails
from campaign.events.labels import FIELD
from campaign.events.lifecycle import ACCESS, Answer, Duration
from campaign.places import countries, zones

# Where the page asks for what a rule or a field of EventDetails is called by another name.
FIELD_OF = {
    "starts": "date",
    "ends": "end",
    "is_time_known": "start",
    "occasions": "further_dates",
    "opening_hours": "hours_0",
    "translations": "second_title",
    "access": "access_step_free",
    "picture_id": "picture",
}
_TOKEN = re.compile(r"[0-9a-f]{32}")
_CHOOSE = _("Choose one of the answers.")


def _language() -> str:
    return str(get_locale().language)


def _countries() -> list[tuple[str, Any]]:
    return [("", _("Choose a country")), *countries.options(_language())]


def _zones() -> list[tuple[str, Any]]:
    return [("", _("As in the city")), *((zone, f"{place} ({zone})") for zone, place in zones.options(_language()))]


def _languages() -> list[tuple[str, str]]:
    return [(code, labels.language_name(code, _language())) for code in labels.LANGUAGES]


def _further_languages() -> list[tuple[str, Any]]:
    return [("", _("No further language")), *_languages()]


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _text(name: str, limit: int = 300, **more: Any) -> StringField:
    label = FIELD[name] if name in FIELD else more.pop("label")
    return StringField(label, validators=[at_most(limit)], **more)


def _area(name: str, limit: int, **more: Any) -> TextAreaField:
    label = FIELD[name] if name in FIELD else more.pop("label")
    return TextAreaField(label, validators=[at_most(limit)], **more)


def _radio(label: Any, words: dict[Any, Any], default: str | None = None) -> RadioField:
    choices = [(key.value, text) for key, text in words.items()]
    validators = [Optional(), AnyOf([key for key, _text in choices], message=_CHOOSE)]
    return RadioField(label, choices=choices, default=default, validators=validators, validate_choice=False)


def _readable(read: Callable[[str], object]) -> Callable[[Any, Any], None]:
    """A validator: what was typed can be read."""

    def check(_form: Any, field: Any) -> None:
        if field.data:
            try:
                read(field.data)
            except parsing.UnreadableError as problem:
                raise ValidationError(str(problem.sentence)) from problem

    return check


def _read(label: Any, read: Callable[[str], object], limit: int = 80, **more: Any) -> StringField:
    return StringField(label, validators=[at_most(limit), _readable(read)], **more)


def _read_area(label: Any, read: Callable[[str], object], limit: int) -> TextAreaField:
    return TextAreaField(label, validators=[at_most(limit), _readable(read)])


def _access(name: str) -> RadioField:
    return _radio(labels.ACCESS[name], labels.ANSWER, Answer.UNKNOWN.value)


class _What(Form):
    organization = SelectField(FIELD["organization"], coerce=_number, choices=[], validate_choice=False)
    type = _radio(FIELD["type"], labels.TYPE)
    title = _text("title")
    language = SelectField(FIELD["language"], choices=_languages, default=_language)
    description = _area("description", 6000)
    second_language = SelectField(FIELD["translations"], choices=_further_languages, default="")
    second_title = _text("", label=_("Title in that language"))
    second_description = _area("", 6000, label=_("Description in that language"))


class _When(Form):
    date = _read(_("Date"), parsing.read_date)
    start = _read(_("Begins at"), parsing.read_time)
    end = _read(_("Ends at"), parsing.read_time)
    duration = _radio(FIELD["duration"], labels.DURATION, Duration.SINGLE.value)
    end_date = _read(_("Last day"), parsing.read_date)
    further_dates = _read_area(_("Further dates"), parsing.read_occasions, 5000)
    hours_0 = StringField(_("Monday"), validators=[at_most(60)])
    hours_1 = StringField(_("Tuesday"), validators=[at_most(60)])
    hours_2 = StringField(_("Wednesday"), validators=[at_most(60)])
    hours_3 = StringField(_("Thursday"), validators=[at_most(60)])
    hours_4 = StringField(_("Friday"), validators=[at_most(60)])
    hours_5 = StringField(_("Saturday"), validators=[at_most(60)])
    hours_6 = StringField(_("Sunday"), validators=[at_most(60)])


class _Where(Form):
    mode = _radio(FIELD["mode"], labels.MODE, "in_person")
    venue = _text("venue")
    address = _text("address")
    room = _text("room", 120)
    city = _text("city", 120)
    city_id = HiddenField()
    country = SelectField(FIELD["country"], choices=_countries, default="", validate_choice=False)
    time_zone = SelectField(FIELD["time_zone"], choices=_zones, default="", validate_choice=False)
    is_address_public = BooleanField(FIELD["is_address_public"], default=True)
    stream_url = _text("stream_url", 500)
    stream_fallback_url = _text("stream_fallback_url", 500)
    stream_opens_minutes = _read(FIELD["stream_opens_minutes"], lambda t: parsing.read_number(t, 1440), default="15")

    def validate_country(self, field: SelectField) -> None:
        if field.data and not countries.is_country(field.data):
            raise ValidationError(str(_("Choose a country from the list.")))

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data and not zones.is_zone(field.data):
            raise ValidationError(str(_("Choose a time zone from the list.")))


class _Text(Form):
    spoken = SelectMultipleField(
        FIELD["spoken"],
        choices=_languages,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
        validators=[],
    )
    spoken_other = _read(_("Other spoken languages"), parsing.read_languages, 300)
    programme = _read_area(FIELD["programme"], parsing.read_programme, 6000)
    content_note = _text("content_note", 500)
    picture = FileField(FIELD["picture_id"])
    has_no_picture = BooleanField(_("Remove the picture"))
    picture_alt = _text("picture_alt", 300)
    picture_credit = _text("picture_credit", 200)
    is_picture_sensitive = BooleanField(FIELD["is_picture_sensitive"])
    sources = _read_area(FIELD["sources"], parsing.read_lines, 6000)

    def validate_spoken(self, field: SelectMultipleField) -> None:
        if any(code not in labels.LANGUAGES for code in field.data or ()):
            raise ValidationError(str(_("Choose languages from the list.")))


class _Entry(Form):
    entry = _radio(FIELD["entry"], labels.ENTRY)
    registration_url = _text("registration_url", 500)
    registration_by = _read(FIELD["registration_by"], parsing.read_date)
    is_free = RadioField(
        FIELD["is_free"],
        choices=[("free", labels.FREE[True]), ("paid", labels.FREE[False])],
        default="free",
        validators=[Optional(), AnyOf(["free", "paid"], message=_CHOOSE)],
        validate_choice=False,
    )
    price = _text("price", 120)
    capacity = _read(FIELD["capacity"], lambda text: parsing.read_number(text, 1_000_000))
    access_step_free = _access("step_free")
    access_hearing_loop = _access("hearing_loop")
    access_sign_language = _access("sign_language")
    access_captions = _access("captions")
    access_quiet_room = _access("quiet_room")
    entry_checks = _text("entry_checks")
    contact_email = _text("contact_email", 254)
    contact_phone = _text("contact_phone", 60)
    contact_url = _text("contact_url", 500)

    def validate_contact_email(self, field: StringField) -> None:
        if field.data and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", field.data):
            raise ValidationError(str(_("Enter an e-mail address like name@example.org, or leave it empty.")))


class EventForm(_What, _When, _Where, _Text, _Entry):
    """Everything about one event on one page. `token` makes a second press of the button harmless."""

    token = HiddenField()
    version = HiddenField()

    access_fields = tuple(f"access_{name}" for name in ACCESS)
    hours_fields = tuple(f"hours_{day}" for day in range(7))

    def details(self, existing: EventDetails | None = None) -> EventDetails:
        """What was typed; what the form does not ask for is kept. Only after `validate`."""
        return typed.details(self.data, existing or EventDetails())

    def offer(self, organizations: list[tuple[int, Any]]) -> None:
        """Set which organisations the person may choose."""
        self.organization.choices = organizations
        if self.organization.data is None and organizations:
            self.organization.data = organizations[0][0]

    def validate_organization(self, field: SelectField) -> None:
        if field.data not in [choice[0] for choice in field.choices or ()]:
            raise ValidationError(str(_("Choose one of your organisations.")))

    @property
    def token_value(self) -> str:
        """The token that came with the form; a new one where none or nonsense came."""
        if not _TOKEN.fullmatch(self.token.data or ""):
            self.token.data = uuid4().hex
        return str(self.token.data)

    @override
    def take(self, invalid: Invalid) -> None:
        """Rules speak of EventDetails; the sentence goes where the page asks."""
        super().take(Invalid({self._place(name): sentence for name, sentence in invalid.problems.items()}))

    def _place(self, name: str) -> str:
        if name == "ends" and self.duration.data == Duration.RUN:
            return "end_date"
        if name == "ends" and self.duration.data == Duration.DATES and not self.end.data:
            return "further_dates"
        return FIELD_OF.get(name, name)


class StepForm(Form):
    """A button of the event's own page: send, withdraw, cancel, postpone."""

    reason = _area("", 500, label=_("Reason, for the public"))
    version = HiddenField()

    def is_reasoned(self) -> bool:
        """Whether the form is valid and says why."""
        is_valid = bool(self.validate_on_submit())
        if is_valid and not self.reason.data:
            self.reason.errors = [_("Say why; everybody who planned to come will read it.")]
        return is_valid and bool(self.reason.data)
