"""Reminders of a browser: asked for with one button, shown by a worker while no page needs to be open."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.site import Site
from tests.browser.test_event_page import _event_of

# The browser's own push service is on the internet; everything before and after it is real.
_SERVICE = """
PushManager.prototype.subscribe = async (options) => ({
  toJSON: () => ({
    endpoint: "http://127.0.0.1:9/send/" + options.applicationServerKey.slice(0, 8),
    keys: {
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    },
  }),
});
"""

# What the worker shows, once it shows something.
_SHOWN = """
async () => {
  const worker = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 50; tries += 1) {
    const found = await worker.getNotifications();
    if (found.length) return found.map((one) => one.title);
    await new Promise((done) => setTimeout(done, 100));
  }
  return [];
}
"""


@pytest.mark.browser
def test_a_browser_asks_and_shows(context: BrowserContext, page: Page, browser: Browser, site: Site) -> None:
    context.grant_permissions(["notifications"])
    context.add_init_script(_SERVICE)
    address = _event_of(page, "Berlin")
    page.goto(address)
    page.get_by_role("button", name="Remind me in this browser").click()
    page.get_by_text("This browser will remind you.").wait_for()
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []

    told = {"title": "Tomorrow, 17:00 in Berlin", "body": "Friday", "url": f"{site.url}{address}", "tag": "t"}
    told |= {"language": "en", "direction": "ltr", "manage": f"{site.url}/m/x", "change": "Change"}
    session = context.new_cdp_session(page)
    versions = []
    session.on("ServiceWorker.workerVersionUpdated", lambda found: versions.extend(found["versions"]))
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": site.url, "registrationId": versions[0]["registrationId"], "data": json.dumps(told)},
    )
    assert page.evaluate(_SHOWN) == [told["title"]]

    page.get_by_role("link", name="Change or stop").click()
    page.get_by_text("Notifications in one browser").wait_for()

    without = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=False).new_page()
    without.goto(address)
    expect(without.get_by_role("button", name="Remind me in this browser")).to_be_hidden()
    without.context.close()
