"""The form an organiser fills in; it checks shape and gives one EventDetails. Boxes stand in the order of the page."""

import re
from typing import Any, Self
from uuid import uuid4

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from typing_extensions import override
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.core import UnboundField
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.core.faults import Invalid
from campaign.core.forms import Form, options
from campaign.events import agreement, fields, labels, parsing, typed
from campaign.events.details import MOST_HOSTS, EventDetails
from campaign.events.labels import FIELD
from campaign.events.lifecycle import ACCESS, Duration
from campaign.places import countries, zones

# Where the page asks for what a rule or a field of EventDetails is called by another name.
FIELD_OF = {
    "hosts": "host_1",
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
_SUGGESTED = {"list": "organisations", "autocomplete": "off"}


def _check_listed(field: SelectField, listed: set[str], sentence: Any) -> None:
    if field.data not in listed:
        raise ValidationError(str(sentence))


class _Organiser(Form):
    organization = SelectField(FIELD["organization"], coerce=fields.number, choices=[], validate_choice=False)
    host_1 = fields.text("", 200, label=_("Second organisation"), render_kw=_SUGGESTED)
    host_2 = fields.text("", 200, label=_("Third organisation"), render_kw=_SUGGESTED)
    host_3 = fields.text("", 200, label=_("Fourth organisation"), render_kw=_SUGGESTED)
    host_4 = fields.text("", 200, label=_("Fifth organisation"), render_kw=_SUGGESTED)


class _What(Form):
    type = fields.radio(FIELD["type"], labels.TYPE)
    language = fields.select(FIELD["language"], fields.language_choices, default=fields.ui_language)
    title = fields.text("title")
    duration = fields.radio(FIELD["duration"], labels.DURATION, Duration.SINGLE.value)
    date = fields.read(_("Date"), parsing.read_date)
    start = fields.read(_("Begins at"), parsing.read_time)
    end = fields.read(_("Ends at"), parsing.read_time)
    end_date = fields.read(_("Last day"), parsing.read_date)
    further_dates = fields.read_area(_("Further dates"), parsing.read_occasions, 5000)
    hours_0 = fields.text("", 60, label=_("Monday"))
    hours_1 = fields.text("", 60, label=_("Tuesday"))
    hours_2 = fields.text("", 60, label=_("Wednesday"))
    hours_3 = fields.text("", 60, label=_("Thursday"))
    hours_4 = fields.text("", 60, label=_("Friday"))
    hours_5 = fields.text("", 60, label=_("Saturday"))
    hours_6 = fields.text("", 60, label=_("Sunday"))

    def validate_language(self, field: SelectField) -> None:
        _check_listed(field, set(labels.LANGUAGES), _("Choose a language from the list."))


class _Where(Form):
    mode = fields.radio(FIELD["mode"], labels.MODE, "in_person")
    venue = fields.text("venue")
    address = fields.text("address")
    room = fields.text("room", 120)
    city = fields.text("city", 120)
    city_id = HiddenField()
    country = fields.select(FIELD["country"], fields.country_choices, default="")
    time_zone = fields.select(FIELD["time_zone"], fields.zone_choices, default="")
    is_address_public = BooleanField(FIELD["is_address_public"], default=True)
    stream_url = fields.text("stream_url", 500)
    stream_fallback_url = fields.text("stream_fallback_url", 500)
    stream_opens_minutes = fields.read(
        FIELD["stream_opens_minutes"], lambda text: parsing.read_number(text, 1440), default="15"
    )

    def validate_country(self, field: SelectField) -> None:
        if field.data and not countries.is_country(field.data):
            raise ValidationError(str(_("Choose a country from the list.")))

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data and not zones.is_zone(field.data):
            raise ValidationError(str(_("Choose a time zone from the list.")))


class _Text(Form):
    description = fields.area("description", 6000)
    spoken = SelectMultipleField(
        FIELD["spoken"],
        choices=fields.language_choices,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
        validators=[],
    )
    spoken_other = fields.read(_("Other spoken languages"), parsing.read_languages, 300)
    second_language = fields.select(FIELD["translations"], fields.further_language_choices, default="")
    second_title = fields.text("", label=_("Title in that language"))
    second_description = fields.area("", 6000, label=_("Description in that language"))
    programme = fields.read_area(FIELD["programme"], parsing.read_programme, 6000)
    content_note = fields.text("content_note", 500)
    picture = FileField(FIELD["picture_id"])
    picture_kept = HiddenField()
    has_no_picture = BooleanField(_("Remove the picture"))
    picture_alt = fields.text("picture_alt", 300)
    picture_credit = fields.text("picture_credit", 200)
    is_picture_sensitive = BooleanField(FIELD["is_picture_sensitive"])
    sources = fields.read_area(FIELD["sources"], parsing.read_lines, 6000)

    def validate_spoken(self, field: SelectMultipleField) -> None:
        if any(code not in labels.LANGUAGES for code in field.data or ()):
            raise ValidationError(str(_("Choose languages from the list.")))

    def validate_second_language(self, field: SelectField) -> None:
        _check_listed(field, {"", *labels.LANGUAGES}, _("Choose a language from the list."))


class _Entry(Form):
    entry = fields.radio(FIELD["entry"], labels.ENTRY)
    registration_url = fields.text("registration_url", 500)
    registration_by = fields.read(FIELD["registration_by"], parsing.read_date)
    is_free = fields.radio(FIELD["is_free"], {"free": labels.FREE[True], "paid": labels.FREE[False]}, "free")
    price = fields.text("price", 120)
    capacity = fields.read(FIELD["capacity"], lambda text: parsing.read_number(text, 1_000_000))
    access_step_free = fields.access("step_free")
    access_hearing_loop = fields.access("hearing_loop")
    access_sign_language = fields.access("sign_language")
    access_captions = fields.access("captions")
    access_quiet_room = fields.access("quiet_room")
    entry_checks = fields.text("entry_checks")
    contact_email = fields.text("contact_email", 254)
    contact_phone = fields.text("contact_phone", 60)
    contact_url = fields.text("contact_url", 500)

    def validate_contact_email(self, field: StringField) -> None:
        if field.data and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", field.data):
            raise ValidationError(str(_("Enter an e-mail address like name@example.org, or leave it empty.")))


SECTIONS = {"organiser": _Organiser, "what": _What, "where": _Where, "text": _Text, "entry": _Entry}


class EventForm(_Organiser, _What, _Where, _Text, _Entry):
    """Everything about one event on one page. `token` makes a second press of the button harmless."""

    token = HiddenField()
    version = HiddenField()

    access_fields = tuple(f"access_{name}" for name in ACCESS)
    hours_fields = tuple(f"hours_{day}" for day in range(7))
    offered: frozenset[int] = frozenset()
    host_fields = tuple(f"host_{number}" for number in range(1, MOST_HOSTS + 1))

    @override
    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        contradictions = agreement.problems(self.data)
        super().take(Invalid(contradictions))
        return is_valid and not contradictions

    def refused_in(self, section: str) -> int:
        """How many boxes of a section of the page were refused."""
        own = [name for name, box in vars(SECTIONS[section]).items() if isinstance(box, UnboundField)]
        return sum(1 for name in own if self[name].errors)

    def ask(self, name: str, note: str) -> None:
        """Show at its box what the desk asks about a field of EventDetails."""
        field = self._fields.get(FIELD_OF.get(name, name))
        if field is not None:
            field.question = note

    def details(self, existing: EventDetails | None = None) -> EventDetails:
        """What was typed; what the form does not ask for is kept. Only after `validate`."""
        return typed.details(self.data, existing or EventDetails())

    def offer(self, organizations: list[tuple[int, Any]]) -> None:
        """Set which organisations the person may choose."""
        self.offered = frozenset(number for number, _name in organizations)
        self.organization.choices = options(organizations)
        if self.organization.data is None and organizations:
            self.organization.data = organizations[0][0]

    def validate_organization(self, field: SelectField) -> None:
        if field.data not in self.offered:
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
    """A button of the event's own page that ends or pauses it; several of them stand on one page."""

    reason = fields.area("", 500, label=_("Reason, for the public"), render_kw={"rows": 2})
    version = HiddenField()

    def named(self, way: str) -> Self:
        """With an id of its own for its box."""
        self.reason.id = self.reason.label.field_id = f"reason-{way}"
        return self

    def is_reasoned(self) -> bool:
        """Whether the form is valid and says why."""
        is_valid = bool(self.validate_on_submit())
        if is_valid and not self.reason.data:
            self.reason.errors = [_("Say why; everybody who planned to come will read it.")]
        return is_valid and bool(self.reason.data)


class SendForm(Form):
    """The last button: send to the desk, with an answer where the desk asked something."""

    answer = fields.area("", 2000, label=_("Your answer to the desk"), render_kw={"rows": 3})
    version = HiddenField()
