"""The page of one event: its one address, what the clock changes, what was changed, and what else there is."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event as listening
from sqlalchemy import text

from campaign.accounts.models import Person
from campaign.calendar import neighbours, pages
from campaign.campaigns import configuration
from campaign.campaigns import service as campaigns
from campaign.campaigns.models import Campaign
from campaign.core.db import db
from campaign.events import service
from campaign.events.details import EventDetails, Occasion, Wording
from campaign.events.lifecycle import Duration, Entry, Mode
from campaign.events.models import Event
from tests.calendar.conftest import CONFIGURATION, details, publish
from tests.calendar.test_pages import HOME, counted
from tests.conftest import Clock

STREAM, SECOND = "https://example.org/stream", "https://example.org/second"


def shown(client: FlaskClient, event: Event, language: str = "en", query: str = "") -> str:
    answer = client.get(f"/{language}/remembrance/e/{event.ref}{query}", follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def hybrid(**changes: Any) -> EventDetails:
    return details("Berlin", mode=Mode.HYBRID, stream_url=STREAM, stream_fallback_url=SECOND, **changes)


def change(event: Event, **changes: Any) -> None:
    author = Person(email=f"{event.ref}-{event.sequence}@example.org", name="Author")
    db.session.add(author)
    db.session.flush()
    revision = service.propose(event, event.details.with_changes(**changes), by=author)
    service.apply_revision(event, revision, by=author)
    db.session.commit()


def test_other_addresses_lead_to_the_canonical_one(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details())
    db.session.commit()
    canonical = f"{HOME}e/{event.ref}-evening-of-remembrance-in-berlin"
    for name in (event.ref, event.ref.lower(), f"{event.ref}-an-older-title"):
        answer = client.get(f"{HOME}e/{name}?reminder=sent&language=x")
        assert (answer.status_code, answer.location) == (301, f"{canonical}?reminder=sent&language=x")
    assert client.get(f"/e/{event.ref}").location == canonical
    body = client.get(canonical).get_data(as_text=True)
    assert f'<link rel="canonical" href="http://localhost{canonical}">' in body


def test_an_event_is_not_at_home_in_another_campaign(client: FlaskClient, campaign: Campaign) -> None:
    campaigns.take_over(configuration.read(CONFIGURATION.replace("campaign: remembrance", "campaign: other")))
    event = publish(campaign, details())
    db.session.commit()
    assert client.get(f"/en/other/e/{event.ref}").status_code == 404


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2027-02-25T12:00", "on 26 February at 17:45, Berlin time"),
        ("2027-02-26T16:44", "today at 17:45, Berlin time"),
        ("2027-02-26T16:45", STREAM),
        ("2027-02-26T18:29", SECOND),
        ("2027-02-26T18:30", "The stream is over."),
    ],
)
def test_the_stream_appears_by_the_clock(
    client: FlaskClient, campaign: Campaign, moved_clock: Clock, at: str, expected: str
) -> None:
    """18:00 in Berlin is 17:00 UTC; the link opens fifteen minutes before and is gone at the end, 18:30 UTC."""
    event = publish(campaign, hybrid())
    db.session.commit()
    moved_clock.set(datetime.fromisoformat(f"{at}:00+00:00"))
    body = shown(client, event)
    assert expected in body
    assert (STREAM in body) is (expected in (STREAM, SECOND))


def test_a_kept_page_turns_over_when_the_stream_opens(
    client: FlaskClient, campaign: Campaign, moved_clock: Clock
) -> None:
    event = publish(campaign, hybrid())
    db.session.commit()
    pages.forget()
    address = client.get(f"/e/{event.ref}").location
    moved_clock.set(datetime.fromisoformat("2027-02-26T16:44:40+00:00"))
    before = client.get(address)
    assert "s-maxage=1" in before.headers["Cache-Control"]
    assert "stale-while-revalidate" not in before.headers["Cache-Control"]
    moved_clock.shift(timedelta(seconds=30))
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert STREAM in after.get_data(as_text=True)


def test_a_cancelled_event_shows_no_stream_and_no_way_into_calendars(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, hybrid())
    service.cancel(event, by=None, reason="The hall is closed.")
    db.session.commit()
    body = shown(client, event)
    assert "This event was cancelled on 1 February" in body
    assert "The hall is closed." in body
    assert STREAM not in body
    assert "calendar.google.com" not in body


def test_what_changed_is_told(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details(entry=Entry.OPEN, address="Main street 1"))
    db.session.commit()
    assert "changed on 1 February" not in shown(client, event)
    change(event, starts=datetime(2027, 2, 26, 17))
    body = shown(client, event)
    assert "The time was changed on 1 February" in body
    assert "It now begins at 17:00 (before: 18:00)." in body
    change(event, description="Another description, and nothing about time or place has changed in it. " * 2)
    assert "It now begins at 17:00 (before: 18:00)." in shown(client, event)
    change(event, starts=datetime(2027, 2, 27, 17), ends=datetime(2027, 2, 27, 19), venue="Old mill", address="")
    body = shown(client, event)
    assert "Time and place were changed on 1 February" in body
    assert "Saturday, 27 February 2027 (before: Friday, 26 February 2027)" in body
    assert "The place is now Old mill, Berlin (before: City hall, Main street 1, Berlin)." in body


def test_an_address_taken_back_stays_hidden(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details(entry=Entry.OPEN, address="Secret street 1"))
    change(event, is_address_public=False)
    body = shown(client, event)
    assert "Secret street" not in body
    assert "City hall" not in body
    assert "google.com/maps" not in body
    assert "The organiser tells the address" in body


def test_other_events_near_and_on_the_same_day(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details("Berlin"))
    publish(campaign, details("Berlin", title="Next week in Berlin", starts=datetime(2027, 3, 5, 18), ends=None))
    publish(campaign, details("Berlin", title="Long ago in Berlin", starts=datetime(2020, 2, 26, 18), ends=None))
    hamburg = details(title="Later in Hamburg", starts=datetime(2027, 3, 9), ends=None).with_changes(city="Hamburg")
    publish(campaign, hamburg)
    for city in ("Baku", "Kathmandu", "Auckland", "Los Angeles"):
        publish(campaign, details(city))
    db.session.commit()
    body = shown(client, event).partition('<h2 id="near-h">')[2]
    near, _heading, same_day = body.partition('<h2 id="same-day-h">')
    assert near.index("Next week in Berlin") < near.index("Later in Hamburg")
    assert "Long ago" not in body
    assert same_day.count('class="fact"') == 3
    assert "Elsewhere on 26 February" in same_day
    service.withdraw(event, by=None)
    db.session.commit()
    for address in (f"/e/{event.ref}", f"{HOME}e/{event.ref}"):
        gone = client.get(address)
        assert gone.status_code == 410
        assert "Next week in Berlin" in gone.get_data(as_text=True)


def test_the_page_asks_the_same_number_of_questions_among_many(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details())
    counts = []
    for number in (3, 30):
        for index in range(number):
            publish(campaign, details(title=f"Evening {number} {index}"))
        db.session.commit()
        with counted() as asked:
            shown(client, event)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16


def test_a_run_says_whether_it_is_open_today(client: FlaskClient, campaign: Campaign, moved_clock: Clock) -> None:
    run = publish(
        campaign,
        details(
            duration=Duration.RUN,
            starts=datetime(2027, 2, 22),
            ends=datetime(2027, 2, 28),
            is_time_known=False,
            opening_hours={str(day): "10:00-18:00" for day in (1, 2, 3, 4, 5, 6)},
        ),
    )
    db.session.commit()
    told = {"2027-02-22": "Closed today", "2027-02-23": "Open today 10:00-18:00", "2027-02-28": "Last day: open"}
    for day, expected in told.items():
        moved_clock.set(datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        assert expected in shown(client, run)


def test_every_text_of_the_organiser_can_be_read(client: FlaskClient, campaign: Campaign) -> None:
    texts = {
        "az": Wording(title="Anım axşamı", description="Azərbaycanca mətn."),
        "de": Wording(title="Gedenkabend", description="Deutscher Text."),
    }
    event = publish(campaign, details(translations=texts))
    db.session.commit()
    assert "Anım axşamı" in shown(client, event, "az")
    assert '?text=de" lang="de" hreflang="de">Deutsch<' in shown(client, event)
    german = shown(client, event, query="?text=de")
    assert '<h1 lang="de"><bdi>Gedenkabend</bdi></h1>' in german
    assert 'href="/az/remembrance/e/' in german


def test_a_picture_that_may_distress_is_described_first(client: FlaskClient, campaign: Campaign) -> None:
    from campaign.media.models import Picture

    picture = Picture(name="a" * 32, width=1200, height=800, size=1)
    db.session.add(picture)
    db.session.flush()
    event = publish(campaign, details(picture_id=picture.id, picture_alt="A burnt house", is_picture_sensitive=True))
    db.session.commit()
    body = shown(client, event)
    figure = body.partition('<figure class="picture">')[2].partition("</figure>")[0]
    assert (
        figure.index("It shows: A burnt house") < figure.index("<summary>Show picture</summary>") < figure.index("<img")
    )
    assert 'width="1200" height="800"' in figure


def test_an_online_event_answers_what_needs_no_place(client: FlaskClient, campaign: Campaign) -> None:
    answers = {"step_free": "yes", "sign_language": "yes", "captions": "yes"}
    online = details(
        mode=Mode.ONLINE, stream_url="https://example.org/stream", access=answers, entry_checks="Bring ID."
    )
    event = publish(campaign, online.with_changes(venue="", city=""))
    db.session.commit()
    body = shown(client, event)
    assert "Sign language: Yes" in body
    assert "Captions: Yes" in body
    assert not [words for words in ("Step-free", "Quiet room", "Getting in", "Bring ID.") if words in body]
    listed = client.get("/en/remembrance/events/?access=sign_language&access=captions").get_data(as_text=True)
    assert "Evening of remembrance" in listed
    assert '<span class="tag ok">Step-free</span>' not in listed
    asked = client.get("/en/remembrance/events/?access=step_free").get_data(as_text=True)
    assert f"/e/{event.ref}" not in asked


def test_what_nobody_answered_is_not_a_no(client: FlaskClient, campaign: Campaign) -> None:
    event = publish(campaign, details(access={"step_free": "yes", "captions": "no"}))
    db.session.commit()
    body = shown(client, event)
    assert "Step-free access: Yes" in body
    assert "Captions: No" in body
    assert "Sign language: not stated. Ask the organiser." in body


def test_dates_of_a_series_are_all_there(client: FlaskClient, campaign: Campaign) -> None:
    days = (
        Occasion(starts=datetime(2027, 2, 26, 18), ends=datetime(2027, 2, 26, 20)),
        Occasion(starts=datetime(2027, 3, 5, 18)),
    )
    event = publish(campaign, details(duration=Duration.DATES, occasions=days))
    db.session.commit()
    body = shown(client, event)
    assert body.count("calendar.google.com") == 2
    assert "Friday, 5 March 2027" in body


def test_neighbours_are_read_from_indexes(campaign: Campaign, engine: str) -> None:
    event = publish(campaign, details())
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, parameters: Any, *_more: object) -> None:
        asked.append((statement, parameters))

    listening.listen(db.engine, "before_cursor_execute", note)
    try:
        neighbours.near(event, "de/berlin", date(2027, 2, 1))
        neighbours.same_day(event, "de/berlin", date(2027, 2, 26), datetime(2027, 2, 26, 18))
    finally:
        listening.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 2
    if engine == "postgresql":  # Of so few rows it would rather read all; what counts is that it need not.
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "
    for statement, parameters in asked:
        rows = db.session.connection().exec_driver_sql(explain + statement, parameters).all()
        plan = "\n".join(str(row[-1]) for row in rows)
        assert "SCAN listings" not in plan, plan
        assert "Seq Scan on listings" not in plan, plan
