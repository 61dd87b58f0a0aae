"""Links, codes and pictures that carry an event elsewhere."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from campaign.calendar.sharing import links, pictures
from campaign.calendar.sharing.pictures import Card
from campaign.calendar.sharing.typesetting import Fonts, direction_of
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.details import Wording
from campaign.events.lifecycle import Duration
from campaign.events.models import Event
from config import ROOT
from tests.calendar.conftest import details, publish
from tests.calendar.test_event_page import shown

FONTS = Fonts(ROOT / "campaign" / "static" / "build" / "drawing")
NIGHT = (0x16, 0x21, 0x2C)
TITLES = {
    "az": "Anım mərasimi və bir dəqiqəlik sükut",
    "ar": "أمسية تذكارية ودقيقة صمت",
    "ru": "Вечер памяти",
    "el": "Βραδιά μνήμης",
    "ka": "ხსოვნის საღამო",
    "he": "ערב זיכרון",
    "hy": "Հիշատակի երեկո",
    "hi": "स्मृति संध्या",
    "vi": "Tưởng niệm",
    "fa": "شب یادبود",
}


def decoded(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    assert (image.size, image.format) == ((1200, 630), "PNG")
    assert len(data) <= 100 * 1024
    return image.convert("RGB")


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many pixels of a part are not the ground."""
    part = image.crop(box)
    return sum(count for count, colour in part.getcolors(maxcolors=1 << 20) or [] if colour != NIGHT)


def card(**changes: str) -> Card:
    plain = {"campaign": "Remembrance", "title": "Evening", "when": "26 February", "where": "Berlin"}
    return Card(**{**plain, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", TITLES)
def test_titles_are_drawn_in_every_script(language: str) -> None:
    assert FONTS.can_set(TITLES[language], "title")
    image = decoded(pictures.draw(card(title=TITLES[language], instead="Ceremony"), FONTS))
    for box in ((80, 190, 1120, 440), (80, 490, 1120, 540), (80, 545, 1120, 600), (60, 60, 500, 150)):
        assert ink(image, box) > 300


def test_a_script_without_a_font_is_replaced_by_the_kind_of_event() -> None:
    assert not FONTS.can_set("追悼の夕べ", "title")
    replaced = pictures.draw(card(title="追悼の夕べ", instead="Ceremony"), FONTS)
    assert replaced == pictures.draw(card(title="Ceremony"), FONTS)


def test_a_line_of_two_directions_reads_from_the_right() -> None:
    base = direction_of("أمسية Cairo 2027")
    line = FONTS.line("أمسية Cairo", "title", 40, base)
    assert base == "rtl"
    assert [(run.text.strip(), run.direction) for run in line.runs] == [("Cairo", "ltr"), ("أمسية", "rtl")]
    runs = FONTS.line("Cairo أمسية end", "title", 40, "ltr").runs
    assert [run.text.strip() for run in runs] == ["Cairo", "أمسية", "end"]
    dated = FONTS.line("في 26 فبراير", "title", 40, "rtl").runs
    assert [run.text.strip() for run in dated] == ["فبراير", "26", "في"]


def test_long_titles_become_smaller_and_then_end() -> None:
    image = decoded(pictures.draw(card(title="Remembrance " * 60), FONTS))
    assert ink(image, (1121, 0, 1200, 630)) == ink(image, (0, 0, 79, 630)) == 0
    assert ink(image, (80, 440, 1120, 466)) == 0


@pytest.fixture
def event(campaign: Campaign) -> Event:
    texts = {"ar": Wording(title=TITLES["ar"], description="نص")}
    made = publish(campaign, details(translations=texts))
    db.session.commit()
    return made


@pytest.fixture
def album(app: Flask) -> Path:
    return Path(app.extensions["settings"].data_dir, "pictures")


def address_of_picture(page: str) -> str:
    url = page.partition('property="og:image" content="http://localhost')[2].partition('"')[0]
    return url.replace("&amp;", "&")


def test_a_picture_is_made_once_for_each_version_and_language(client: FlaskClient, event: Event, album: Path) -> None:
    english = address_of_picture(shown(client, event))
    arabic = address_of_picture(shown(client, event, "ar"))
    first = client.get(english)
    assert first.headers["Cache-Control"].endswith("immutable")
    assert decoded(first.data).tobytes() != decoded(client.get(arabic).data).tobytes()
    made = sorted(path.name for path in album.rglob(f"{event.ref}-*.png"))
    assert len(made) == 2
    kept = next(album.rglob(f"{event.ref}-en-*.png"))
    kept.write_bytes(b"kept")
    assert client.get(english).data == b"kept"
    assert client.get(english, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    service.cancel(event, by=None, reason="Storm")
    db.session.commit()
    newer = address_of_picture(shown(client, event))
    assert newer != english
    decoded(client.get(newer).data)
    assert len(list(album.rglob(f"{event.ref}-en-*.png"))) == 1
    assert "max-age=3600" in client.get(f"/e/{event.ref}/picture.png?lang=en").headers["Cache-Control"]


def test_pictures_and_codes_only_of_what_is_public(client: FlaskClient, campaign: Campaign, event: Event) -> None:
    draft = service.draft(details(), campaign=campaign, by=None, organization_id=None)
    service.withdraw(event, by=None)
    db.session.commit()
    for path in ("picture.png", "qr.svg", "qr.png"):
        assert client.get(f"/e/{draft.ref}/{path}").status_code == 404
        assert client.get(f"/e/{event.ref}/{path}").status_code == 410


def test_a_campaign_has_a_picture_too(client: FlaskClient, campaign: Campaign) -> None:
    page = client.get("/en/remembrance/").get_data(as_text=True)
    decoded(client.get(address_of_picture(page)).data)
    assert client.get("/pictures/nothing.png").status_code == 404


def test_codes_lead_to_the_short_link(client: FlaskClient, event: Event) -> None:
    drawn = client.get(f"/e/{event.ref}/qr.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert b"<svg" in drawn.data
    image = Image.open(BytesIO(client.get(f"/e/{event.ref}/qr.png").data)).convert("1")
    assert image.width == image.height > 700
    assert 0.2 < image.histogram()[0] / image.width**2 < 0.6


def test_calendars_of_the_web_get_the_right_times(client: FlaskClient, event: Event) -> None:
    said = links.Said(title="Ə & ü", address="http://localhost/e/X", place="Berlin")
    from campaign.calendar.queries import of_event

    [link] = links.calendars(of_event(event.id), said)
    google = parse_qs(urlsplit(link.google).query)
    assert (google["dates"], google["ctz"]) == (["20270226T180000/20270226T193000"], ["Europe/Berlin"])
    assert google["text"] == ["Ə & ü"]
    outlook = parse_qs(urlsplit(link.outlook).query)
    assert (outlook["startdt"], outlook["enddt"]) == (["2027-02-26T17:00:00Z"], ["2027-02-26T18:30:00Z"])


def test_whole_days_end_on_the_day_after(campaign: Campaign) -> None:
    from campaign.calendar.queries import of_event

    run = publish(
        campaign,
        details(duration=Duration.RUN, starts=datetime(2027, 2, 14), ends=datetime(2027, 2, 28), is_time_known=False),
    )
    [link] = links.calendars(of_event(run.id), links.Said(title="x", address="y"))
    assert parse_qs(urlsplit(link.google).query)["dates"] == ["20270214/20270301"]
    outlook = parse_qs(urlsplit(link.outlook).query)
    assert (outlook["startdt"], outlook["enddt"], outlook["allday"]) == (["2027-02-14"], ["2027-03-01"], ["true"])


def test_the_page_offers_every_way_out(client: FlaskClient, event: Event) -> None:
    body = shown(client, event)
    for part in (
        f'href="/e/{event.ref}.ics"',
        f'href="webcal://localhost/e/{event.ref}.ics"',
        "https://wa.me/?text=",
        "https://t.me/share/url?url=",
        "mailto:?subject=",
        f"/e/{event.ref}/qr.svg",
        "https://www.openstreetmap.org/search?query=City%20hall%2C%20Berlin%2C%20Germany",
        "geo:0,0?q=City%20hall",
        "https://maps.apple.com/?daddr=",
    ):
        assert part in body, part
