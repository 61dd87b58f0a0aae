"""What other people's programs and pages do with the calendar: the examples for developers run, frames show it."""

import base64
import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page

from campaign.core import signatures
from config import ROOT
from tests.browser.conftest import DESK
from tests.browser.site import Site
from tests.servers import webserver
from tests.servers.webserver import Answer

RUN = {
    "sh": ["bash", "-euc"],
    "py": [sys.executable, "-c"],
    "js": [sys.executable, str(ROOT / ".ci/node.py"), "node", "--input-type=module", "-e"],
}
# What each example must have said, or written.
SAID = {
    "first.sh": r'"starts_local": "\d{4}-02-\d\d',
    "again.sh": r"^200\n304$",
    "all.py": r"(?m)^\d{4}-02-26T\d\d:\d\d:00\t\S+/\S+\tpublished\t.+\thttp\S+/e/\w+",
    "page.js": r"(?m)^\d{4}-02-26 \d\d:\d\d \(\S+\) .+, Berlin: http\S+$",
    "calendar.sh": r"^$",
    "fragment.sh": r"^<section(?s:.*)Berlin",
    "webhook.py": r"^$",
}
VIEWS = ("list", "month", "map")


def examples(site: Site) -> dict[str, str]:
    with urlopen(f"{site.url}/developers/?lang=ar") as answer:
        body = answer.read().decode()
    found = re.findall(r'<pre[^>]* data-example="([^"]+)"><code>(.*?)</code></pre>', body, re.DOTALL)
    return {name: html.unescape(text) for name, text in found}


@pytest.fixture(scope="module")
def found(site: Site) -> dict[str, str]:
    return examples(site)


@pytest.mark.browser
def test_every_example_for_developers_runs(found: dict[str, str], tmp_path: Path) -> None:
    assert found.keys() == SAID.keys()
    for name, text in found.items():
        command = [*RUN[name.rpartition(".")[2]], text]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
        assert (done.returncode, done.stderr) == (0, ""), (name, done.stderr)
        assert re.search(SAID[name], done.stdout.strip()), (name, done.stdout[:500])
    assert json.loads((tmp_path / "kept.json").read_text())["countries"]
    assert (tmp_path / "events.ics").read_text().startswith("BEGIN:VCALENDAR")
    assert json.loads((tmp_path / "news.json").read_text())["version"] == "https://jsonfeed.org/version/1.1"


@pytest.mark.browser
def test_the_example_knows_a_genuine_request(found: dict[str, str]) -> None:
    known: dict[str, Any] = {}
    exec(found["webhook.py"], known)
    secret, body = "whsec_" + base64.b64encode(b"x" * 24).decode(), b'{"type": "event.published"}'
    now = datetime.now(UTC)
    headers = signatures.signed(secret, "msg_1", now, body)
    assert known["is_genuine"](secret, headers, body)
    assert not known["is_genuine"](secret, headers, body + b" ")
    late = signatures.signed(secret, "msg_1", now - timedelta(minutes=6), body)
    assert not known["is_genuine"](secret, late, body)


@pytest.fixture
def elsewhere(site: Site, found: dict[str, str]) -> Iterator[str]:
    """A site of other people, under another origin: our frames as the builder makes them, a fragment, and pages of ours
    that must not be framed."""
    with urlopen(f"{site.url}/en/khojaly/embed/?country=DE") as answer:
        frames = re.findall(r"<textarea[^>]*>(.*?)</textarea>", answer.read().decode(), re.DOTALL)
    with urlopen(f"{site.url}/embed/khojaly/list.html?country=DE&lang=en") as answer:
        fragment = answer.read().decode()
    forbidden = ("/", "/en/khojaly/", "/en/khojaly/embed/", "/developers/", "/account/sign-in", "/api/v1/campaigns")
    refused = "".join(f'<iframe class="refused" src="{site.url}{path}"></iframe>' for path in forbidden)
    pages = {
        "/": "".join(html.unescape(frame).replace("<iframe", '<iframe class="ours"') for frame in frames)
        + f'<div id="fragment">{fragment}</div>',
        "/refused": refused,
        "/script": "<script type='module'>" + found["page.js"] + "</script>",
    }
    whole = {path: f"<!doctype html><html lang=en><title>Elsewhere</title>{body}" for path, body in pages.items()}
    kind = {"Content-Type": "text/html; charset=utf-8"}
    with webserver.serve() as web:
        web.decide = lambda request: Answer(200, kind, whole.get(request.path, "").encode())
        yield web.url.replace("127.0.0.1", "localhost")


@pytest.mark.browser
def test_other_sites_show_the_calendar_and_nothing_else(browser: Browser, site: Site, elsewhere: str) -> None:
    context = browser.new_context(viewport=DESK, locale="en-GB")
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    page.goto(elsewhere)
    for index in range(len(VIEWS)):
        frame = page.frame_locator("iframe.ours").nth(index)
        page.locator("iframe.ours").nth(index).scroll_into_view_if_needed()
        assert frame.locator("body").inner_text().count("Berlin") > 0
        assert frame.locator("script").count() == 0
    # Icons come from our sprite, which a browser may refuse to a frame.
    assert [text for text in said if "icons.svg" in text] == []
    with context.expect_page() as opened:
        page.frame_locator("iframe.ours").nth(VIEWS.index("map")).locator(".spots a").first.click()
    assert opened.value.url.startswith(f"{site.url}/en/khojaly/map/")
    opened.value.close()
    assert page.locator("#fragment a").first.get_attribute("href").startswith(f"{site.url}/en/khojaly/e/")
    assert {url for url in asked if not url.startswith((elsewhere, site.url, "data:"))} == set()
    assert context.cookies() == []
    _nothing_is_framed(page, elsewhere)
    _a_script_reads_the_api(page, elsewhere)
    assert context.cookies() == []
    context.close()


def _nothing_is_framed(page: Page, elsewhere: str) -> None:
    """Chromium shows an error page of its own instead; no text of ours is in any of these frames."""
    page.goto(f"{elsewhere}/refused")
    page.wait_for_load_state("networkidle")
    frames = page.frames[1:]
    assert len(frames) == page.locator("iframe.refused").count() == 6
    assert [frame.url for frame in frames] == ["chrome-error://chromewebdata/"] * len(frames)


def _a_script_reads_the_api(page: Page, elsewhere: str) -> None:
    """The example for browsers, run by a page of another origin."""
    with page.expect_console_message(lambda message: re.search(SAID["page.js"], message.text) is not None):
        page.goto(f"{elsewhere}/script")


@pytest.mark.browser
def test_errors_lead_to_their_explanation(site: Site) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{site.url}/api/v1/campaigns/khojaly/events?limit=0")
    said = json.load(refused.value)
    with urlopen(said["type"].partition("#")[0]) as answer:
        assert f'id="{said["type"].partition("#")[2]}"' in answer.read().decode()
