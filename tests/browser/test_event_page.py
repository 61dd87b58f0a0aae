"""The page of an event in a real browser: on paper, in two time zones, with and without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import DESK
from tests.browser.site import Site


def _event_of(page: Page, place: str) -> str:
    """The address of a demonstration event that takes place there."""
    page.goto("/en/khojaly/events/programme/")
    row = page.locator(f".city:has(bdi:text-is('{place}')) li").first
    return f"/e/{str(row.locator('a').get_attribute('href')).rpartition('/')[2]}?lang=en"


def _sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True)))


@pytest.mark.browser
def test_an_event_is_one_sheet_and_the_list_a_programme(page: Page) -> None:
    addresses = [_event_of(page, place) for place in ("Berlin", "Toronto", "Baku")]
    for address in addresses:
        page.goto(address)
        assert _sheets(page) == 1, address
    page.emulate_media(media="print")
    assert page.locator(".paper-link svg").is_visible()
    assert not page.locator("#remind").is_visible()
    page.goto("/ar/khojaly/events/programme/?country=DE")
    assert _sheets(page) == 1


@pytest.mark.browser
@pytest.mark.parametrize(
    ("zone", "place", "there", "here"),
    [
        ("Asia/Baku", "Berlin", r"17:00 – \d\d:\d\d", r"20:00 – \d\d:\d\d in Baku, your time zone"),
        ("Pacific/Auckland", "Los Angeles", r"\d\d:\d\d", r"Sat,? 27 Feb.*\d\d:\d\d.* in Auckland, your time zone"),
    ],
)
def test_both_times_and_both_dates(
    browser: Browser, site: Site, page: Page, zone: str, place: str, there: str, here: str
) -> None:
    address = _event_of(page, place)
    for scripts in (True, False):
        context = browser.new_context(
            base_url=site.url, viewport=DESK, timezone_id=zone, locale="en-GB", java_script_enabled=scripts
        )
        visit = context.new_page()
        visit.goto(address)
        card = visit.locator(".when").inner_text()
        assert re.search(there, card)
        assert bool(re.search(here, card)) is scripts
        context.close()


@pytest.mark.browser
def test_copying_and_folded_parts_are_accessible(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(_event_of(page, "Berlin"))
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    page.get_by_role("button", name="Copy link").click()
    page.locator("[role=status]:has-text('Copied.')").first.wait_for()
    assert "/e/" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("link", name="Report a mistake").click()
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []
