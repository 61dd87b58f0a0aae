"""Four short answers, each of them optional."""

import re
from typing import Self
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from campaign.core.forms import Form
from campaign.reports.models import FieldReport
from campaign.reports.service import Told

MOST = 10_000_000
_RANGE = re.compile(r"(\d{1,8})(?:\s*[-–—]\s*(\d{1,8}))?")
LINKS_AT_MOST, LONGEST_LINK = 10, 500


class ReportForm(Form):
    """Numbers as people write them: `120`, or `100–150` where nobody counted."""

    present = StringField(_("How many people came"), validators=[Length(max=40)])
    online = StringField(_("How many took part online"), validators=[Length(max=20)])
    links = TextAreaField(_("Links to reports in the media"), validators=[Length(max=6000)])
    sentence = TextAreaField(_("One sentence"), validators=[Length(max=300)])
    may_quote = BooleanField(_("The sentence may be published under the name of the organiser."))

    def validate_present(self, field: StringField) -> None:
        least, most = _read(field.data)
        if field.data and (least is None or most is None or least > most or most > MOST):
            raise ValidationError(_("Enter a number or a range, such as 120 or 100–150."))

    def validate_online(self, field: StringField) -> None:
        least, most = _read(field.data)
        if field.data and (least is None or least != most or least > MOST):
            raise ValidationError(_("Enter a number, such as 40."))

    def validate_links(self, field: TextAreaField) -> None:
        links = _lines(field.data)
        if len(links) > LINKS_AT_MOST:
            raise ValidationError(_("Name ten links at most."))
        if not all(_is_link(link) for link in links):
            raise ValidationError(_("Enter one address a line, beginning with https://."))

    def told(self) -> Told:
        least, most = _read(self.present.data)
        return Told(
            present_least=least,
            present_most=most,
            online=_read(self.online.data)[0],
            links="\n".join(_lines(self.links.data)),
            sentence=self.sentence.data or "",
            may_quote=bool(self.may_quote.data),
        )

    @classmethod
    def showing(cls, report: FieldReport | None) -> Self:
        """The form with what was told before."""
        if report is None:
            return cls(formdata=None)
        least, most = report.present_least, report.present_most
        return cls(
            formdata=None,
            present="" if least is None else str(least) if least == most else f"{least}–{most}",
            online="" if report.online is None else str(report.online),
            links=report.links,
            sentence=report.sentence,
            may_quote=report.may_quote,
        )


def _read(typed: str | None) -> tuple[int | None, int | None]:
    found = _RANGE.fullmatch((typed or "").strip())
    return (int(found[1]), int(found[2] or found[1])) if found else (None, None)


def _lines(typed: str | None) -> list[str]:
    return [line.strip() for line in (typed or "").splitlines() if line.strip()]


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and len(link) <= LONGEST_LINK
    except ValueError:
        return False
