"""A reminder by e-mail alone, and a new time that is approved: usability tasks 9 and 10, with and without scripts."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PHONE
from tests.browser.site import Site, coming_day
from tests.browser.test_axe import sign_in
from tests.browser.test_event_page import _event_of
from tests.browser.test_journey import _link, _press


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A page of somebody of their own each time."""
    contexts = []

    def fresh(*, is_scripted: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport=PHONE,
            locale="en-GB",
            timezone_id="Europe/Berlin",
            java_script_enabled=is_scripted,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield fresh
    for context in contexts:
        context.close()


def _event_in(message: EmailMessage) -> dict[str, Any]:
    """What the attached calendar file says of the event."""
    files = [part for part in message.iter_attachments() if part.get_content_type() == "text/calendar"]
    assert len(files) == 1
    (event,) = icalendar.Calendar.from_ical(files[0].get_content()).walk("VEVENT")
    return {"uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]), "starts": event["DTSTART"].dt}


def _subject(begins: str) -> Any:
    return lambda message: str(message["Subject"]).startswith(begins)


@pytest.mark.browser
def test_a_reminder_and_a_new_time(visit: Callable[..., Page], site: Site) -> None:
    """Two readers, one of them without scripts, follow one event; what they wait for takes a minute."""
    address = _event_of(visit(), "Berlin")
    readers = {"scripts@example.org": visit(), "no-scripts@example.org": visit(is_scripted=False)}
    for reader, page in readers.items():
        _ask(page, address, reader)
    for reader, page in readers.items():
        page.goto(_link(site.letter(reader, _subject("Confirm your reminder")), "/v/r/"))
        _press(page)
    confirmed = {reader: site.letter(reader, _subject("Reminder set: Berlin")) for reader in readers}
    _new_time(visit(), address.partition("/e/")[2][:6], "18:00")
    for reader, page in readers.items():
        notice = site.letter(reader, _subject("Changed: Berlin"))
        assert "now begins at 18:00" in str(notice["Subject"])
        was, now = _event_in(confirmed[reader]), _event_in(notice)
        assert (now["uid"], now["sequence"], now["starts"].hour) == (was["uid"], was["sequence"] + 1, 18)
        page.goto(address)
        assert "18:00" in page.locator(".note.warn").first.inner_text()
    _the_day_before(site, readers, "Tomorrow, 18:00 in Berlin")
    for reader, page in readers.items():
        (notice,) = (m for m in site.mailbox.to(reader) if "Changed" in str(m["Subject"]))
        _one_click(page, notice)


def _ask(page: Page, address: str, reader: str) -> None:
    page.goto(address)
    page.fill("#remind [name=email]", reader)
    page.click("#remind button")
    assert page.locator("#remind .note.ok").is_visible()


def _new_time(page: Page, ref: str, start: str) -> None:
    """The organiser proposes it, the desk approves it; the page says the old time until then."""
    sign_in(page, "organiser@example.org")
    page.goto(f"/my/events/{ref}/edit")
    page.fill("[name=start]", start)
    page.fill("[name=end]", "21:00")
    page.click("button[value=continue]")
    assert page.locator(".errsum").count() == 0, page.locator(".errsum").inner_text()
    page.goto(f"/e/{ref}?lang=en")
    assert start not in page.locator(".when").inner_text()
    page.context.clear_cookies()
    sign_in(page, "coordinator@example.org")
    page.goto(f"/desk/queue/{ref}")
    assert re.search(r"\d people follow this event", page.locator("main").inner_text())
    page.locator("form[action$='/approve'] button, button[formaction$='/approve']").first.click()


def _the_day_before(site: Site, readers: Iterable[str], subject: str) -> None:
    """One letter at ten in the morning; what was planned for the old time never leaves."""
    site.set_clock(coming_day().replace(hour=9) - timedelta(days=1) + timedelta(seconds=5))
    try:
        for reader in readers:
            site.letter(reader, _subject(subject))
    finally:
        site.reset_clock()
    for reader in readers:
        assert len([m for m in site.mailbox.to(reader) if str(m["Subject"]).startswith("Tomorrow")]) == 1


def _one_click(page: Page, letter: EmailMessage) -> None:
    """Opening the link ends nothing; the POST of a mail program does, without a cookie."""
    stop, wishes = str(letter["List-Unsubscribe"]).strip("<> "), _link(letter, "/m/")
    for address in (stop, wishes):
        page.goto(address)
    follows = page.locator("section[aria-labelledby=followed] > ul.followed li")
    assert follows.count() == 1
    assert page.request.post(stop, form={"List-Unsubscribe": "One-Click"}).status == 200
    page.goto(wishes)
    assert follows.count() == 0
