"""Form parts shared by every room. Forms check shape; services check rules."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.form import SUBMIT_METHODS
from typing_extensions import override
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import Field, FileField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from campaign.core.faults import Invalid
from campaign.core.folding import clean, one_line


def tidy(value: object) -> object:
    """White space and control characters at the door; nothing else is changed."""
    return clean(value) if isinstance(value, str) else value


def tidy_line(value: object) -> object:
    """The same for a field of one line: what stands there goes into subjects, titles and cells."""
    return one_line(value) if isinstance(value, str) else value


class Form(FlaskForm):
    """Base of every form: input is cleaned, errors of services find their field."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Field:
            kind = unbound_field.field_class
            if issubclass(kind, StringField | SelectField) and not issubclass(kind, PasswordField):
                first = tidy if issubclass(kind, TextAreaField) else tidy_line
                options = {**options, "filters": [first, *unbound_field.kwargs.get("filters", ())]}
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

        @override
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What a browser sent: never JSON, and a file only into a box for files."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if request.method not in SUBMIT_METHODS or not (request.form or request.files):
                return None
            wanted = {name for name, field in form._fields.items() if isinstance(field, FileField)}
            files = MultiDict((name, file) for name, file in request.files.items(multi=True) if name in wanted)
            return CombinedMultiDict([files, request.form])

    def take(self, invalid: Invalid) -> None:
        """Show a service's refusals at their fields; those without a field go to the summary."""
        for name, problem in invalid.problems.items():
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(str(problem))
            else:
                field.errors = [*field.errors, str(problem)]

    def problems(self) -> list[tuple[str, str]]:
        """(field id, sentence) of every error, in the order of the page; for the error summary."""
        found = [(field.id, str(e)) for field in self for e in _flat(field.errors)]
        return found + [("", str(e)) for e in self.form_errors]

    @override
    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators))


def _flat(errors: Any) -> Iterable[Any]:
    if isinstance(errors, dict):
        errors = errors.values()
    for error in errors:
        if isinstance(error, list | tuple | dict):
            yield from _flat(error)
        else:
            yield error


def required(sentence: LazyString | str) -> InputRequired:
    """Required, with the sentence that says what to do."""
    return InputRequired(sentence)


def at_most(limit: int) -> Length:
    return Length(max=limit, message=_("Please use at most %(max)d characters."))


def options(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """(value, label) pairs as a select field wants them; tuples are on their way out of the library."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]
