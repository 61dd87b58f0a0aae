"""axe finds nothing on any page, light and dark, wide and narrow; nothing scrolls sideways at 320 px."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, PHONE
from tests.browser.site import Site

PUBLIC = (
    "/",
    "/en/khojaly/",
    "/en/khojaly/events/",
    "/en/khojaly/events/?country=DE&type=ceremony",
    "/en/khojaly/events/?near=reykjavik",
    "/en/khojaly/events/2027/02/",
    "/en/khojaly/events/2027/02/26/",
    "/en/khojaly/events/programme/?country=DE",
    "/en/khojaly/now/",
    "/en/khojaly/map/",
    "/en/khojaly/map/?city=de/berlin",
    "/en/khojaly/places/de/berlin/",
    "/ar/khojaly/places/",
    "/developers/",
    "/ar/khojaly/",
    "/az/khojaly/events/",
    "/en/khojaly/follow/?country=DE&type=ceremony",
    "/ar/khojaly/follow/",
    "/en/khojaly/places/",
    "/en/khojaly/places/de/",
    "/ar/khojaly/places/de/berlin/",
    "/en/khojaly/organisers/example-embassy-in-berlin/",
    "/en/khojaly/feeds/",
    "/en/khojaly/embed/",
    "/embed/khojaly/list?country=DE",
    "/embed/khojaly/month",
    "/embed/khojaly/map",
    "/privacy/",
    "/account/sign-in",
    "/account/register",
    "/account/reset",
    "/account/time-zone",
    "/nothing",
    "/outbox/",
)
SIGNED_IN = {
    "organiser@example.org": ("/my/", "/my/events/new?campaign=khojaly", "/my/organisation/", "/account/"),
    "coordinator@example.org": ("/desk/reports/", "/desk/letters/", "/desk/messages/", "/desk/queue/"),
    "operator@example.org": (
        "/desk/operations/",
        "/desk/letters/",
        "/desk/letters/addresses/",
        "/desk/mail/",
        "/desk/webhooks/",
    ),
}


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


def _look(page: Page, paths: tuple[str, ...]) -> list[str]:
    problems = []
    for path in paths:
        page.goto(path)
        problems += _violations(page)
    return problems


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "size"), [("light", DESK), ("dark", PHONE)])
def test_public_pages(browser: Browser, site: Site, theme: str, size: dict[str, int]) -> None:
    context = browser.new_context(base_url=site.url, viewport=size, color_scheme=theme)
    page = context.new_page()
    page.goto("/en/khojaly/")
    event = page.locator(".ev h3 a").first.get_attribute("href") or ""
    problems = _look(page, (*PUBLIC, event, f"/e/{event.rpartition('/')[2][:6]}/report"))
    context.close()
    assert problems == []


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "size"), [("light", PHONE), ("dark", DESK)])
@pytest.mark.parametrize("who", SIGNED_IN)
def test_pages_behind_the_door(browser: Browser, site: Site, who: str, theme: str, size: dict[str, int]) -> None:
    context = browser.new_context(base_url=site.url, viewport=size, color_scheme=theme)
    page = context.new_page()
    sign_in(page, who)
    problems = _look(page, SIGNED_IN[who])
    if who.startswith("coordinator"):
        page.locator(".queue li a").first.click()
        page.locator(".checks").wait_for()
        problems += _violations(page)
    context.close()
    assert problems == []


@pytest.mark.browser
def test_nothing_scrolls_sideways_at_320(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto("/en/khojaly/")
    event = page.locator(".ev h3 a").first.get_attribute("href") or ""
    wide = []
    for path in (*PUBLIC, event, f"/e/{event.rpartition('/')[2][:6]}/report"):
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)
    context.close()
    assert wide == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["az", "ar"])
def test_rows_of_a_desk_stand_in_two_columns(browser: Browser, site: Site, language: str) -> None:
    """What it is, wide, and beside it, on the same line, when it was."""
    context = browser.new_context(base_url=site.url, viewport=PHONE)
    page = context.new_page()
    sign_in(page, "operator@example.org")
    page.goto(f"/desk/letters/?lang={language}")
    rows = page.locator(".queue li").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.getBoundingClientRect()))"
    )
    context.close()
    assert len(rows) > 5
    for row in rows:
        what, when = row
        assert what["top"] == when["top"]
        assert what["width"] > when["width"]
        assert (what["left"] < when["left"]) == (language == "az")


def sign_in(page: Page, email: str, password: str = "demonstration") -> None:
    page.goto("/account/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.locator("main form .btns button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url, timeout=10_000)
