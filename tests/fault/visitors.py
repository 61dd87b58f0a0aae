"""People at the web server: they ask for reminders, and open public pages, while something goes wrong."""

import hashlib
import http.client
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from tests.fault.installation import Installation

_PEOPLE = 4


@dataclass(frozen=True, slots=True)
class Visit:
    """One request and its answer; `status` is 0 where there was none. `body` is kept of pages with errors."""

    email: str
    at: datetime
    seconds: float
    status: int
    retry_after: str = ""
    location: str = ""
    body: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the person was told that the request is noted."""
        return self.status == 303 and "reminder=sent" in self.location

    @property
    def is_honest_refusal(self) -> bool:
        """503 with a plain page that says when to try again."""
        return self.status == 503 and self.retry_after.isdigit() and "Traceback" not in self.body


def submit(home: Installation, number: int, *, over: float, name: str) -> list[Visit]:
    """So many requests for reminders of the newest event, spread over these seconds, in the order they were made."""
    began = time.monotonic()

    def one(n: int) -> Visit:
        time.sleep(max(0.0, began + over * n / number - time.monotonic()))
        return ask(home, f"{name}-{n}@example.org")

    with ThreadPoolExecutor(_PEOPLE) as people:
        return list(people.map(one, range(number)))


def ask(home: Installation, email: str) -> Visit:
    """One request for reminders."""
    return post(home, f"/e/{home.ref}/remind", email, {"email": email})


def post(home: Installation, path: str, email: str, form: Mapping[str, str]) -> Visit:
    """A form that is sent; each person has an address of their own, because one may ask only so often."""
    seen_as = f"10.{'.'.join(str(byte) for byte in hashlib.sha256(email.encode()).digest()[:3])}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": seen_as}
    return _request(home, "POST", path, email, urlencode(form), headers)


def look(home: Installation, path: str) -> Visit:
    """A page that is opened, wherever it is now."""
    visit = _request(home, "GET", path, "", None, {})
    return _request(home, "GET", urlsplit(visit.location).path, "", None, {}) if visit.location else visit


def _request(
    home: Installation, method: str, path: str, email: str, body: str | None, headers: dict[str, str]
) -> Visit:
    at, began = datetime.now(UTC), time.monotonic()
    wire = http.client.HTTPConnection("127.0.0.1", home.port, timeout=60)
    try:
        wire.request(method, path, body, headers)
        answer = wire.getresponse()
        said = answer.read().decode("utf-8", "replace")
        more = answer.getheader("Retry-After", ""), answer.getheader("Location", "")
        return Visit(email, at, time.monotonic() - began, answer.status, *more, said if answer.status >= 400 else "")
    except (OSError, http.client.HTTPException):
        return Visit(email, at, time.monotonic() - began, 0)
    finally:
        wire.close()


def slow(visits: Sequence[Visit]) -> float:
    """Seconds within which 95 of 100 were answered."""
    ordered = sorted(visit.seconds for visit in visits)
    return round(ordered[max(0, -(-len(ordered) * 95 // 100) - 1)], 2) if ordered else 0.0


def stored(home: Installation, visits: Sequence[Visit]) -> int:
    """Of how many of these people the wish stands in the database, with the letter that asks for their consent."""
    wishes = "select r.email from readers r join subscriptions s on s.reader_id = r.id"
    letters = "select recipient from letters where kind = 'reminder_confirm'"
    whole = {row[0] for row in home.ask(wishes)} & {row[0] for row in home.ask(letters)}
    return len(whole & {visit.email for visit in visits})


def halves(home: Installation) -> int:
    """Readers without a wish, or without the letter that must come with it."""
    wishes = "select count(*) from readers r where not exists (select 1 from subscriptions s where s.reader_id = r.id)"
    letters = "select count(*) from readers r where not exists (select 1 from letters l where l.recipient_id = r.id)"
    return int(home.ask(wishes)[0][0]) + int(home.ask(letters)[0][0])
