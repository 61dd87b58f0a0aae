"""What a visitor sets out to do, as one who comes for the first time, with scripts and without them.

The numbers in the names are those of the usability tasks this platform is measured by.
"""

import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK
from tests.browser.site import Site, coming_day

pytestmark = pytest.mark.browser
DAY = coming_day().date()
HOME = "/en/khojaly/"
LIST = f"{HOME}events/"


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def visitor(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site.url, viewport=DESK, locale="en-GB", timezone_id="Asia/Baku", java_script_enabled=request.param
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def at(site: Site) -> Iterator[Site]:
    """The installation, whose clock is right again afterwards."""
    yield site
    site.reset_clock()


def test_1_and_2_what_is_on_in_berlin_on_the_day(visitor: Page, site: Site) -> None:
    """The campaign, then one form; a control that needs a script is not shown without one."""
    visitor.goto("/")
    visitor.get_by_role("link", name="Justice for Khojaly").click()
    home = visitor.url
    visitor.get_by_label("Near a city").fill("Berlin")
    visitor.get_by_label("When").select_option(DAY.isoformat())
    visitor.get_by_role("button", name="Show events").click()
    visitor.wait_for_url("**/events/?**")
    assert "near=Berlin" in visitor.url
    assert f"on={DAY}" in visitor.url
    places = visitor.locator("article.ev .meta span:first-child").all_inner_texts()
    assert any("Berlin" in place for place in places)
    assert all("Germany" in place for place in places)  # Potsdam is near, too.
    expect(visitor.locator(".count")).to_have_text(re.compile(rf"{len(places)} events?"))
    is_scripted = visitor.evaluate("matchMedia('(scripting: enabled)').matches")
    assert visitor.get_by_role("button", name="Near me").count() == int(is_scripted)
    visitor.go_back()
    assert visitor.url == home


def test_5_until_when_an_exhibition_is_open(visitor: Page) -> None:
    """Two clicks from the grid; one lane in each week, once in the list, and never among the dated events."""
    visitor.goto(f"{HOME}events/{DAY:%Y/%m}/")
    for week in visitor.locator(".wk").all():
        named = week.locator(".lane:not(.more) bdi:first-child").all_inner_texts()
        assert len(named) == len(set(named)) <= 3
    visitor.locator(".lane a:has-text('Baku')").first.click()
    card = visitor.locator(".when").inner_text()
    assert re.search(r"to \w+,? \d+ March|– .*March|until .*March", card, re.S), card
    title = visitor.locator("h1").inner_text()
    visitor.goto(f"{LIST}?country=AZ")
    assert visitor.locator(".onview a", has_text=title).count() == 1
    assert visitor.locator("article.ev h3", has_text=title).count() == 0


def test_6_a_busy_day_by_keyboard_alone(visitor: Page) -> None:
    visitor.goto(f"{HOME}events/{DAY:%Y/%m}/")
    cell = visitor.locator(".cell.key")
    told = cell.locator(".sum").inner_text()
    number = int(re.search(r"\d+", told).group())  # type: ignore[union-attr]
    assert number > 20
    for _ in range(120):
        visitor.keyboard.press("Tab")
        if visitor.evaluate("document.activeElement.textContent").startswith("See all on"):
            break
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(f"**/events/{DAY:%Y/%m/%d}/")
    listed = visitor.locator("article.ev").count()
    while visitor.get_by_role("link", name="Next page").count():
        visitor.get_by_role("link", name="Next page").click()
        visitor.wait_for_load_state()
        listed += visitor.locator("article.ev").count()
    assert listed >= number


def test_7_a_city_where_nothing_is_listed(visitor: Page) -> None:
    visitor.goto(f"{LIST}?near=reykjavik")
    empty = visitor.locator(".empty")
    assert re.search(r"Edinburgh, United Kingdom \(1,?3\d\d km\): 1 event", empty.inner_text())
    assert re.search(r"To join online: \d+ event", empty.inner_text())
    assert empty.get_by_role("link", name="Register an event").is_visible()
    empty.get_by_role("link", name="Edinburgh").click()
    expect(visitor.locator("article.ev")).to_have_count(1)


def test_8_an_event_in_ones_own_calendar(visitor: Page, site: Site) -> None:
    visitor.goto(f"{LIST}?near=Kathmandu&on={DAY}")
    visitor.locator("article.ev h3 a").first.click()
    page = visitor.url
    link = visitor.get_by_role("link", name="Add to calendar").get_attribute("href")
    with urllib.request.urlopen(f"{site.url}{link}") as answer:
        calendar = icalendar.Calendar.from_ical(answer.read())
    (event,) = calendar.walk("VEVENT")
    starts = event["DTSTART"].dt
    assert str(starts.tzinfo) == "Asia/Kathmandu"
    assert starts.utcoffset() == timedelta(hours=5, minutes=45)
    assert starts.date() == DAY
    assert f"{starts:%H:%M}" in visitor.locator(".when").inner_text()
    assert "Kathmandu" in event["LOCATION"]
    assert str(event["URL"]).partition("/e/")[2][:6] in page
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Kathmandu"]


def test_11_the_stream_appears_when_it_is_time(visitor: Page, at: Site) -> None:
    """16:45 in Baku; the link is there from 16:30 on."""
    begins = datetime.combine(DAY, datetime.min.time(), UTC) + timedelta(hours=12, minutes=45)
    at.set_clock(begins - timedelta(hours=1))
    visitor.goto(f"{LIST}?mode=online&on={DAY}")
    visitor.locator("article.ev h3 a", has_text="A minute of silence").click()
    expect(visitor.locator("main")).to_contain_text("The stream link appears here today at 16:30, Baku time.")
    assert visitor.get_by_role("link", name="Open the stream").count() == 0
    at.set_clock(begins - timedelta(minutes=10))
    visitor.reload()
    expect(visitor.get_by_role("link", name="Open the stream")).to_have_attribute("href", "https://example.org/stream")


def test_12_only_a_yes_is_a_yes(visitor: Page) -> None:
    """One answer after the other, with the mouse and by keyboard; the button alone changes nothing."""
    answers = visitor.get_by_role("group", name="Access", exact=True)
    visitor.goto(LIST)
    visitor.get_by_text("More filters").click()
    answers.locator("summary").click()
    answers.get_by_role("checkbox", name="Step-free access").check()
    visitor.get_by_role("button", name="Show events").click()
    visitor.wait_for_url("**access=step_free**")
    all_of_them = visitor.locator(".count").inner_text()
    answers.locator("summary").press("Enter")
    answers.get_by_role("checkbox", name="Sign language").press("Space")
    answers.get_by_role("checkbox", name="Sign language").press("Enter")
    visitor.wait_for_url("**access=step_free&access=sign_language**")
    both = visitor.locator(".count").inner_text()
    assert both != all_of_them
    expect(answers.locator("summary")).to_have_text("Step-free access, Sign language")
    visitor.get_by_role("button", name="Show events").click()
    expect(visitor.locator(".count")).to_have_text(both)
    expect(visitor.locator(".chip.on")).to_have_text([re.compile("Step-free access"), re.compile("Sign language")])
    pages = [link.get_attribute("href") for link in visitor.locator("article.ev h3 a").all()]
    assert pages
    for page in pages:
        visitor.goto(str(page))
        for name in ("Step-free access", "Sign language"):
            assert re.search(rf"{name}\s*:?\s*Yes", visitor.locator(".acc").inner_text(), re.I)


def test_23_the_day_as_it_goes_around(visitor: Page, at: Site) -> None:
    """At 07:30 UTC: kept as far as Brisbane, next in Tokyo and Seoul, to come from Kuala Lumpur to Pago Pago."""
    at.set_clock(datetime.combine(DAY, datetime.min.time(), UTC) + timedelta(hours=7, minutes=30))
    visitor.goto(f"{HOME}now/")
    said = [" ".join(text.split()) for text in visitor.locator(".tzrow li").all_text_contents()]
    states = {
        state: [line for line in said if line.partition("): ")[2].startswith(state)]
        for state in ("kept", "next", "to come")
    }
    assert sum(map(len, states.values())) == len(said) > 16
    assert {"Auckland", "Sydney", "Brisbane", "Kiritimati"} <= {
        name for line in states["kept"] for name in re.findall(r"[A-Z][a-z]+", line)
    }
    (following,) = states["next"]
    assert "Tokyo" in following
    assert "Seoul" in following
    (los_angeles,) = [line for line in states["to come"] if "Los Angeles" in line]
    assert "01:00 UTC" in los_angeles
    assert "27 Feb" in los_angeles
    assert "in 30 minutes" in visitor.locator(".next-line").inner_text()
    assert visitor.locator("main marquee, main video[autoplay]").count() == 0
    assert visitor.evaluate("document.getAnimations().length") == 0
