"""The map under hands and keys, and the day around the world under a moved clock, in a real browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.site import Site, coming_day

MAP, NOW = "/en/khojaly/map/", "/en/khojaly/now/"


class Loaded:
    """What a page asked the network for, and how many bytes of answers came."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        self.bytes = 0
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.url.endswith(".svg") and response.url in self.addresses:
            return  # The mark of the tab, from the browser's own store, whenever the address changes.
        self.addresses.append(response.url)
        self.bytes += int(response.headers.get("content-length", 0))

    def forget(self) -> None:
        self.addresses = [address for address in self.addresses if address.endswith(".svg")]
        self.bytes = 0

    @property
    def sheets(self) -> list[str]:
        return [address for address in self.addresses if "/map/" in address and ".json" in address]

    @property
    def land(self) -> list[str]:
        return [address for address in self.addresses if "/land/" in address]


@pytest.mark.browser
def test_the_map_moves_with_keys_hands_and_buttons(page: Page, site: Site) -> None:
    loaded = Loaded(page)
    page.goto(MAP)
    page.wait_for_timeout(500)
    assert len(loaded.addresses) <= 8
    assert loaded.bytes < 150_000
    assert all(address.startswith(site.url) for address in loaded.addresses)
    loaded.forget()
    surface, status = page.locator("[data-map]"), page.locator(".map-box [role=status]")
    surface.focus()
    page.keyboard.press("+")
    expect(status).not_to_be_empty()
    assert len(loaded.sheets) == len(loaded.land) == 1
    assert loaded.bytes < 16_000
    before = page.url
    box = surface.bounding_box()
    assert box
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 240, steps=4)
    page.mouse.up()
    expect(page).not_to_have_url(before)
    assert len(loaded.sheets) == len(loaded.land) == 1  # Still on the same sheet: nothing was asked for.
    assert "Events in view" in status.inner_text()
    window = page.evaluate("new URL(location).searchParams.get('at')")
    page.reload()
    assert abs(float(window.split("/")[1])) < 85
    page.get_by_role("link", name="Whole world").click()
    page.locator(".spots a:has(text)").first.click()
    expect(page.locator(".spots .name").first).to_be_attached()
    page.locator("tr.city a").first.focus()
    assert page.locator(".ring").count() == 1


@pytest.mark.browser
def test_the_map_without_a_script_and_on_a_phone(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, viewport=DESK, java_script_enabled=False)
    page = context.new_page()
    page.goto(MAP)
    page.locator(".spots a:has(text)").first.click()
    assert "at=" in page.url
    page.get_by_role("table").get_by_role("link", name="Berlin").click()
    page.get_by_text("Directions").first.click()
    assert page.locator("a[href^='geo:']").first.is_visible()
    context.close()
    context = browser.new_context(base_url=site.url, viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(MAP)
    assert page.get_by_role("table").is_visible()
    assert not page.locator("[data-map]").is_visible()
    page.get_by_role("link", name="Show map").tap()
    assert page.locator("[data-map]").is_visible()
    context.close()


@pytest.mark.browser
def test_the_day_goes_on_by_itself(page: Page, site: Site) -> None:
    half_past_seven = coming_day().replace(hour=7, minute=30)
    try:
        site.set_clock(half_past_seven)
        page.clock.install()
        page.goto(NOW)
        row = page.get_by_role("listitem").filter(has_text=re.compile(r"\((UTC.*)\)"))
        said = [" ".join(text.split()) for text in row.all_inner_texts()]
        states = {text.split(" ")[0]: text.rpartition(": ")[2].partition(" UTC")[0] for text in said}
        assert len(said) >= 28
        assert (states["Kiritimati"], states["Auckland"], states["Brisbane"]) == ("kept", "kept", "kept")
        assert (states["Berlin"], states["Honolulu"], states["Pago"]) == ("to come", "to come", "to come")
        assert page.evaluate("document.getAnimations().length") == 0
        boxes = row.evaluate_all("all => all.map(one => getComputedStyle(one).display)")
        assert set(boxes) == {"list-item"}  # Kept or not, the row of flames is one row.
        assert "in 30 minutes" in page.locator(".next-line").inner_text()
        site.set_clock(half_past_seven + timedelta(minutes=20))
        page.clock.fast_forward(61_000)
        expect(page.locator(".next-line")).to_contain_text("in 10 minutes")
    finally:
        site.reset_clock()
