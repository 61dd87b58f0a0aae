"""The application as on a first request after a publication, every time: nothing is kept that a publication changes.

Each answer says how much it asked.
"""

from collections.abc import Callable, Iterable

from flask import Response, g
from sqlalchemy import event
from typing_extensions import override

from benchmarks.applications.kept import app
from campaign.calendar import pages
from campaign.calendar.store import Kept, Made, Store
from campaign.core.db import db


class Nothing(Store):
    """A store that keeps nothing and makes nobody wait; what pages share of a state of the calendar is counted anew."""

    @override
    def made(self, key: str, until: float, make: Callable[[], str | Iterable[str] | Made]) -> Kept:
        pages.forget()
        return self.unkept(until, make)


def _count(*_arguments: object) -> None:
    g.statements = g.get("statements", 0) + 1


@app.after_request
def _tell(response: Response) -> Response:
    response.headers["X-Statements"] = str(g.get("statements", 0))
    return response


pages.kept = Nothing()
with app.app_context():
    event.listen(db.engine, "before_cursor_execute", _count)
