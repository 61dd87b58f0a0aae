"""Tells those who run the installation once a day which addresses were stopped because nobody reads them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from campaign.accounts.models import Person
from campaign.core.db import database_now, db
from campaign.mail import service as mail
from campaign.mail.bounces.service import stopped_since
from campaign.mail.office import Office
from campaign.operations.letters.wording import masked_address

DAY = timedelta(days=1)
_HOUR = 6
# A scheduler that was away for a weekend still tells of it.
_DAYS = 3
_NAMED = 20


def sweep() -> int:
    """Promise the letters of the last days; answers how many are new. Safe to run at any time, any number of times."""
    last = database_now().replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    if last > database_now():
        last -= DAY
    return sum(_tell(last - n * DAY) for n in range(_DAYS))


def _tell(until: datetime) -> int:
    stopped = set(stopped_since(until - DAY)) - set(stopped_since(until))
    if not stopped:
        return 0
    context = {
        "number": len(stopped),
        "addresses": sorted(masked_address(email) for email in stopped)[:_NAMED],
        "url": f"{Office.current().public_url}/desk/letters/addresses/",
    }
    return mail.promise_all(
        mail.Promise(
            key=f"addresses_stopped:{person.id}:{until:%Y-%m-%d}",
            kind="addresses_stopped",
            to=person.email,
            language=person.language,
            context=context,
        )
        for person in db.session.scalars(select(Person).where(Person.is_admin, Person.email_confirmed_at.is_not(None)))
    )
