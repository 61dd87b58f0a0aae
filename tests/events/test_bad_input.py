"""Nonsense, accidents and malice in the organiser's form: a sentence at the box, the rest is kept, never a 5xx."""

import struct
import zlib
from io import BytesIO

import pytest
from werkzeug.datastructures import MultiDict

from campaign.core.security import ROOM_FOR_FILES
from campaign.demonstration import posters
from campaign.events.lifecycle import Status
from campaign.media.models import Picture
from tests.events.conftest import MULTIPART, NEW, boxes, events, page_of, write

NASTY = [
    "<script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %} %(name)s %s %",
    "a\x00b\x01c\x1fd\x7fe\x9ff",
    "line\u2028one\u2029two\x85three",
    "\u202eevil\u2066bidi\u2069\ufeff\u200b",
    "\ud800lone\udfff".encode("utf-8", "surrogatepass"),
    b"\xff\xfe\x80 not UTF-8",
    "\uffff\ufffe\U0001f54a \u0301\u0301\u0301",
    "\r\nBcc: victim@example.org\r\n\r\nbody",
    "../../etc/passwd",
    "'; DROP TABLE events; --",
    "-1",
    "9" * 400,
    "٢٠٢٧",
]


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_every_box_takes_or_refuses_anything(nigar, session, nasty):
    """All boxes at once, then each page that shows the result."""
    form = page_of(nigar.get(NEW)).form(name="title")
    names = [name for name in form.names if name not in ("csrf_token", "action", "picture")]
    sent = MultiDict([(name, nasty) for name in names] + [("action", "continue")])
    answer = nigar.post(NEW, data=sent)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    for name in ("title", "content_note"):
        whole = write(nigar, **boxes(**{name: nasty}))
        assert whole.status_code in (302, 422)
    for event in events(session):
        assert not set(event.title) & set("\x00\n\u2028\u202e\ufeff\uffff")
        for path in ("", "/edit", "/check"):
            shown = nigar.get(f"/my/events/{event.ref}{path}")
            assert shown.status_code == 200
            assert "<script>alert" not in shown.text


@pytest.mark.parametrize(
    ("typed", "box", "words"),
    [
        ({"date": "31 2 2027"}, "date", "This day does not exist"),
        ({"date": "29 February 2027"}, "date", "This day does not exist"),
        ({"date": "0 0 0000"}, "date", "The year must lie between"),
        ({"date": "26 2 9999"}, "date", "The year must lie between"),
        ({"date": "26 2 2099"}, "", ""),
        ({"date": "1 1 1900"}, "date", "This day has passed"),
        ({"date": "26 Blurgh 2027"}, "date", "We do not know this month"),
        ({"date": "tomorrow"}, "date", "Enter the date with day, month and year"),
        ({"start": "25:00"}, "start", "This time does not exist"),
        ({"start": "13 pm"}, "start", "With am or pm"),
        ({"start": "noon"}, "start", "Enter a time"),
        ({"start": ""}, "start", "Enter the time when it begins"),
        ({"end": "7:00"}, "end", "The end, 07:00, is before the start, 18:00. Did you mean 19:00?"),
        ({"end": "17:59"}, "end", "The end, 17:59, is before the start, 18:00. If it ends after midnight"),
        ({"end_date": "25 2 2027"}, "end", "The last day is before the first"),
        ({"end_date": "28 2 2027"}, "end", "It lasts longer than a day"),
        (
            {"duration": "run", "start": "", "end": "", "end_date": "1 2 2027"},
            "end_date",
            "The last day is before the first",
        ),
        ({"duration": "run", "start": "", "end": ""}, "end_date", "Enter the last day"),
        ({"date": "28 3 2027", "start": "2:30", "end": ""}, "start", "02:30 does not exist there"),
        (
            {"date": "27 3 2027", "start": "23:00", "end": "2:30", "end_date": "28 3 2027"},
            "end",
            "02:30 does not exist",
        ),
        (
            {"duration": "dates", "further_dates": "2027-03-28 02:30"},
            "further_dates",
            "02:30 does not exist there",
        ),
        ({"duration": "dates", "further_dates": "soon"}, "further_dates", "Please check “soon”"),
        ({"duration": "dates", "further_dates": "2027-02-31 10:00"}, "further_dates", "This day does not exist"),
        ({"duration": "dates", "further_dates": "2027-02-27 10:00\n" * 101}, "further_dates", "at most 100 lines"),
        ({"duration": "always"}, "duration", "Choose one of the answers"),
        ({"type": "party"}, "type", "Choose one of the answers"),
        ({"mode": "telepathy"}, "mode", "Choose one of the answers"),
        ({"entry": "-1"}, "entry", "Choose one of the answers"),
        ({"access_step_free": "perhaps"}, "access_step_free", "Choose one of the answers"),
        ({"time_zone": "Europe/Nowhere"}, "time_zone", "Choose a time zone from the list"),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "Choose a time zone from the list"),
        ({"country": "ZZ"}, "country", "Choose a country from the list"),
        ({"language": "tlh"}, "language", "Choose a language from the list"),
        ({"second_language": "x" * 50, "second_title": "T"}, "second_language", "Choose a language from the list"),
        ({"spoken": ["de", "klingon"]}, "spoken", "Choose languages from the list"),
        ({"spoken_other": "Klingonese"}, "spoken_other", "We do not know the language"),
        ({"organization": "999999"}, "organization", "Choose one of your organisations"),
        ({"organization": "-1"}, "organization", "Choose one of your organisations"),
        ({"organization": "9" * 40}, "organization", "Choose one of your organisations"),
        ({"capacity": "0"}, "capacity", "at least 1"),
        ({"capacity": "-5"}, "capacity", "Enter a whole number"),
        ({"capacity": "many"}, "capacity", "Enter a whole number"),
        ({"stream_opens_minutes": "99999"}, "stream_opens_minutes", "Enter a whole number up to 1440"),
        ({"stream_url": "javascript:alert(1)"}, "stream_url", "begins with https://"),
        ({"contact_url": "https://a b.example"}, "contact_url", "begins with https://"),
        ({"contact_email": "nobody"}, "contact_email", "Enter an e-mail address like"),
        ({"registration_by": "27 2 2027"}, "registration_by", "This day is after the event"),
        ({"title": "x" * 91}, "title", "up to 90 characters"),
        ({"title": "x" * 1_000_000}, "title", "at most 300 characters"),
        ({"description": "Too short."}, "description", "at least 80 characters"),
        ({"description": "x" * 5000}, "description", "up to 1500 characters"),
        ({"programme": "x\n" * 101}, "programme", "at most 100 lines"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_sentence_stands_at_its_box_and_the_rest_is_kept(nigar, typed, box, words):
    answer = write(nigar, **boxes(**typed))
    if not box:
        assert answer.status_code == 302
        return
    page = page_of(answer)
    assert answer.status_code == 422
    assert page.title.startswith("Error:")
    assert [target for target, _sentence in page.summary()] == [f"#{box}"], page.summary()
    assert words in page.summary()[0][1]
    assert words in page.by_id(f"{box}-error").text
    kept = page.form(name="title").sent()
    assert kept["venue"] == "Main hall"
    if isinstance(value := typed.get(box), str) and page.by_id(box).tag != "select" and box not in ("mode", "entry"):
        assert kept.get(box, value) == value.rstrip("\n")


def test_an_hour_that_happens_twice_is_taken_and_said(nigar, session):
    answer = write(nigar, **boxes(date="31 10 2027", start="2:30", end=""))
    assert "The clocks go back that night and show 02:30 twice." in nigar.get(answer.location).text
    assert events(session)[0].starts_at.hour == 0  # The first of the two: 02:30 at UTC+2.


def test_more_text_than_any_form_takes(nigar):
    answer = nigar.post(NEW, data=boxes(title="x" * 3_000_000))
    assert answer.status_code == 413
    assert "too large" in answer.text


def png(width: int, height: int, data: bytes) -> bytes:
    """A PNG of one colour whose pixels are `data`, compressed; its header may lie."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


GOOD = posters.flame(1)
PICTURES = {
    "forty megabytes": ("p.png", GOOD + b"\0" * 40 * 1024 * 1024, "larger than 8 MB"),
    "empty": ("p.png", b"", "This file is empty"),
    "svg": ("p.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG drawings"),
    "svg named png": ("p.png", b"<?xml version='1.0'?><svg/>", "SVG drawings"),
    "text named jpg": ("p.jpg", b"hello", "This is not a JPEG, PNG or WebP"),
    "pdf": ("p.pdf", b"%PDF-1.7 \n" + b"x" * 100, "This is not a JPEG, PNG or WebP"),
    "gif": ("p.gif", b"GIF89a" + b"\0" * 100, "This is not a JPEG, PNG or WebP"),
    "cut off": ("p.png", GOOD[: len(GOOD) // 2], "damaged or incomplete"),
    "bomb": ("p.png", png(30_000, 30_000, b"\0" * 1000), "more than 25 megapixels"),
    "lying header": ("p.png", png(4_900, 5_000, b"\0" * 1000), "damaged or incomplete"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_that_is_none_is_refused_and_the_rest_is_kept(nigar, session, kind):
    name, content, words = PICTURES[kind]
    answer = write(nigar, **boxes(picture=(BytesIO(content), name), picture_alt="A flame"))
    assert answer.status_code == 422
    page = page_of(answer)
    assert [target for target, _sentence in page.summary()] == ["#picture"]
    assert words in page.summary()[0][1]
    assert page.form(name="title").sent()["title"] == "Evening of remembrance"
    assert session.query(Picture).count() == 0
    assert events(session) == []


def test_a_picture_that_is_also_a_script_loses_the_script(nigar, session, app):
    polyglot = GOOD + b"<script>alert(1)</script><?php system($_GET['c']); ?>"
    write(nigar, **boxes(picture=(BytesIO(polyglot), "p.php.png"), picture_alt="A flame"))
    picture = session.query(Picture).one()
    stored = nigar.get(f"/media/{picture.name}.webp")
    assert stored.mimetype == "image/webp"
    assert b"script" not in stored.data
    assert b"php" not in stored.data


def test_what_is_larger_than_there_is_room_for_ends_with_a_page(nigar):
    answer = nigar.post(
        NEW,
        data=boxes(picture=(BytesIO(b"\0" * (ROOM_FOR_FILES + 1)), "p.png")),
        content_type=MULTIPART,
    )
    assert answer.status_code == 413
    assert "Pictures may have up to 8 MB" in answer.text


def test_large_bodies_are_read_only_where_pictures_are_expected(nigar):
    sent = {"name": "N", "file": (BytesIO(b"\0" * 12 * 1024 * 1024), "p.png")}
    assert nigar.post("/my/organisation/", data=sent, content_type=MULTIPART).status_code == 413


@pytest.mark.parametrize(
    "ref", ["NOSUCH", "-1", "%00", "%FF%FE", "x" * 500, "..%2f..", "%E2%80%AE", "%F0%9F%95%8A", "0", "1e9"]
)
def test_addresses_that_lead_nowhere(nigar, ref):
    for path in ("", "/edit", "/check"):
        assert nigar.get(f"/my/events/{ref}{path}").status_code in (400, 404)
    for act in ("edit", "submit", "cancel", "postpone", "withdraw"):
        assert nigar.post(f"/my/events/{ref}/{act}", data={"reason": "r"}).status_code in (400, 404)


@pytest.mark.parametrize("slug", ["nothing", "\x00", "x" * 5000, "khojaly\x00", "😀"])
def test_campaigns_that_do_not_exist(nigar, slug):
    assert nigar.get("/my/events/new", query_string={"campaign": slug}).status_code in (400, 404)


@pytest.mark.parametrize("token", ["", "short", "0" * 32, "é" * 32, "\x00" * 32])
def test_any_token_makes_at_most_one_event(nigar, session, token):
    nigar.post(NEW, data=boxes(token=token, organization=str(organization_id(nigar)), action="draft"))
    assert len(events(session)) <= 1


def organization_id(client) -> str:
    return page_of(client.get(NEW)).form(name="title").sent()["organization"]


@pytest.mark.parametrize("version", ["", "0", "-1.0", "999.999", "x" * 1000, "\x00"])
def test_a_forged_version_is_a_conflict(nigar, session, version):
    write(nigar, **boxes())
    ref = events(session)[0].ref
    answer = write(nigar, f"/my/events/{ref}/edit", title="Other", version=version)
    assert answer.status_code == 409
    assert nigar.post(f"/my/events/{ref}/submit", data={"version": version}).status_code == 409
    assert events(session)[0].status is Status.DRAFT
