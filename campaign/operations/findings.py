"""What a finding is, and how a question to the installation becomes one even where the database is silent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from campaign.core.db import db


class Severity(StrEnum):
    """`fault`: something does not work. `warning`: it works, and somebody should look."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `remedy` is what to do unless it is `ok`."""

    subject: str
    severity: Severity
    state: str
    remedy: str = ""

    @property
    def is_ok(self) -> bool:
        return self.severity is Severity.OK

    @property
    def is_fault(self) -> bool:
        return self.severity is Severity.FAULT


Question = Callable[[], "Finding | list[Finding]"]


def fault_if(is_wrong: bool) -> Severity:
    return Severity.FAULT if is_wrong else Severity.OK


def warn_if(is_odd: bool) -> Severity:
    return Severity.WARNING if is_odd else Severity.OK


def ask(*questions: Question) -> Iterator[Finding]:
    """The answers in order; a database that says nothing is an answer too."""
    for question in questions:
        try:
            found = question()
            yield from found if isinstance(found, list) else [found]
        except SQLAlchemyError as error:
            db.session.rollback()
            yield Finding(
                subject=getattr(question, "__name__", "check"),
                severity=Severity.FAULT,
                state=f"the database gave no answer ({type(error).__name__})",
                remedy="Check DATABASE_URL and that the server runs; then run `flask db upgrade`.",
            )
