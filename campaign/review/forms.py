"""Forms of the desk: the shape of an answer."""

from collections.abc import Iterable, Sequence

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf

from campaign.core.folding import one_line
from campaign.core.forms import Form, at_most, required
from campaign.events.lifecycle import Refusal

NOTE_LIMIT = 300


class DecisionForm(Form):
    """One button; `version` is what the coordinator read."""

    version = HiddenField()


class ApproveForm(DecisionForm):
    pass


class AskForm(DecisionForm):
    """A question, and the fields it is about; a note may stand beside each."""

    question = TextAreaField(_("Question to the organiser"), validators=[at_most(4000)], render_kw={"rows": 4})
    marks = SelectMultipleField(_("Fields it is about"), choices=[], validate_choice=False)
    offered: Sequence[tuple[str, str]] = ()

    def offer(self, fields: Iterable[tuple[str, str]]) -> None:
        """Which fields can be marked: (name, label)."""
        self.offered = list(fields)

    def note_of(self, field: str) -> str:
        return one_line(request.form.get(f"note_{field}", ""))[:NOTE_LIMIT] if request.method == "POST" else ""

    def chosen(self) -> dict[str, str]:
        """Marked fields with their notes; a note marks its field by itself."""
        marked = self.marks.data or []
        notes = {field: self.note_of(field) for field, _label in self.offered}
        return {field: note for field, note in notes.items() if note or field in marked}


class RefuseForm(DecisionForm):
    reason = StringField(
        _("Reason"),
        validators=[required(_("Choose a reason.")), AnyOf([r.value for r in Refusal], message=_("Choose a reason."))],
    )
    explanation = TextAreaField(
        _("Explanation to the organiser"),
        validators=[required(_("Explain the reason in a sentence or two.")), at_most(4000)],
        render_kw={"rows": 3},
    )


class DeclineForm(DecisionForm):
    note = TextAreaField(
        _("Why the change is not taken over"),
        validators=[required(_("Say why the change is not taken over.")), at_most(4000)],
        render_kw={"rows": 3},
    )
