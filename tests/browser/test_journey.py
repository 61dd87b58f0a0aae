"""The whole story: register, submit, a question, an answer, published, found, reminded, unsubscribed."""

import re
from datetime import UTC, timedelta
from email.message import EmailMessage

import icalendar
import pytest
from playwright.sync_api import BrowserContext, Page

from campaign.demonstration import posters
from tests.browser.site import Site, coming_day
from tests.browser.test_axe import sign_in

ORGANISER, READER, PASSWORD = "aygun@example.org", "reader@example.org", "four quiet candles burn"
TITLE = "An evening of letters and music in Potsdam"


def _link(message: EmailMessage, pattern: str) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://\S*{pattern}\S*", body.get_content())
    assert found, body.get_content()
    return found.group(0)


def _press(page: Page) -> None:
    page.locator("main form .btns button").first.click()


def _register(page: Page, site: Site) -> None:
    page.goto("/account/register")
    page.fill("[name=name]", "Aygün Example")
    page.fill("[name=email]", ORGANISER)
    page.fill("[name=password]", PASSWORD)
    _press(page)
    page.goto(_link(site.letter(ORGANISER, lambda _m: True), "/v/"))
    _press(page)
    if "sign-in" in page.url or page.locator("[name=password]").count():
        sign_in(page, ORGANISER, PASSWORD)
    page.goto("/my/organisation/")
    page.fill("[name=name]", "Potsdam Circle of Remembrance")
    page.select_option("[name=kind]", "diaspora")
    page.select_option("[name=country]", "DE")
    page.locator("main form .btns button").last.click()


def _submit(page: Page) -> str:
    page.goto("/my/events/new?campaign=khojaly")
    page.check("input[name=type][value=ceremony]")
    page.fill("[name=title]", TITLE)
    day = coming_day()
    page.fill("[name=date]", f"{day.day} {day.month} {day.year}")
    page.fill("[name=start]", "18:00")
    page.fill("[name=end]", "19:30")
    page.fill("[name=venue]", "City hall")
    page.fill("[name=city]", "Potsdam")
    page.select_option("[name=country]", "DE")
    page.fill(
        "textarea[name=description]", "Letters are read and a quartet plays; a minute of silence ends the evening. " * 2
    )
    page.check("input[name=spoken][value=de]")
    page.set_input_files("[name=picture]", {"name": "p.png", "mimeType": "image/png", "buffer": posters.flame(1)})
    page.fill("[name=picture_alt]", "A small flame")
    page.check("input[name=entry][value=open]")
    page.click("button[value=continue]")
    assert page.locator(".errsum").count() == 0, page.locator(".errsum").inner_text()
    page.locator("main form[action*='submit'] button").click()
    found = re.search(r"/my/events/([0-9A-Z]{6})", page.url)
    assert found, page.url
    return found.group(1)


def _review(context: BrowserContext, site: Site, ref: str, action: str) -> None:
    context.clear_cookies()
    page = context.new_page()
    sign_in(page, "coordinator@example.org")
    page.goto(f"/desk/queue/{ref}")
    if action == "ask":
        page.locator("details:has([name=question]) > summary").click()
        page.fill("[name=question]", "Please name the quartet.")
    page.locator(f"form[action$='/{action}'] button, button[formaction$='/{action}']").first.click()
    assert page.locator("main").inner_text()
    page.close()
    context.clear_cookies()


@pytest.mark.browser
def test_the_whole_story(context: BrowserContext, page: Page, site: Site) -> None:
    _register(page, site)
    ref = _submit(page)
    _review(context, site, ref, "ask")
    question = site.letter(ORGANISER, lambda m: "quartet" in str(m.get_body(("plain",))))
    assert question["Auto-Submitted"] == "auto-generated"
    sign_in(page, ORGANISER, PASSWORD)
    page.goto(f"/my/events/{ref}/edit")
    page.fill("[name=programme]", "18:00 The Havel quartet plays")
    page.click("button[value=continue]")
    page.locator("main form[action*='submit'] button").click()
    _review(context, site, ref, "approve")
    _found_and_subscribed(page, ref)
    _reminded(page, site, ref)


def _found_and_subscribed(page: Page, ref: str) -> None:
    page.goto("/en/khojaly/events/")
    page.fill("[name=q]", "potsdam")
    page.get_by_role("button", name="Show events").click()
    page.get_by_role("link", name=TITLE).click()
    assert page.locator("img[alt='A small flame']").count() == 1
    feed = page.request.get("/feeds/khojaly.ics?q=potsdam").body()
    events = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    starts = coming_day().replace(hour=17, tzinfo=UTC)  # 18:00 in Potsdam.
    assert [e["DTSTART"].dt.astimezone(UTC) for e in events] == [starts]


def _reminded(page: Page, site: Site, ref: str) -> None:
    page.fill("#remind [name=email]", READER)
    page.click("#remind button")
    page.goto(_link(site.letter(READER, lambda _m: True), "/v/r/"))
    _press(page)
    due = coming_day().replace(hour=9) - timedelta(days=1)  # Ten in the morning in Berlin.
    before = len(site.mailbox.to(READER))
    site.set_clock(due - timedelta(minutes=1, seconds=20))
    page.wait_for_timeout(20_000)
    early = [m for m in site.mailbox.to(READER)[before:] if "reminder" in str(m["Message-ID"]) and _is_last(m)]
    assert early == []
    site.set_clock(due + timedelta(seconds=5))
    letter = site.letter(READER, _is_last)
    assert TITLE in str(letter.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page.goto(str(letter["List-Unsubscribe"]).strip("<> "))
    page.locator("main form button").first.click()
    assert READER in page.locator("main").inner_text()
    site.reset_clock()


def _is_last(message: EmailMessage) -> bool:
    return "omorrow" in str(message["Subject"])
