"""The form over HTTP: what is typed is kept, refused at its box, saved as a draft, sent, and comes back unchanged."""

from datetime import datetime
from io import BytesIO

import pytest

from campaign.demonstration import posters
from campaign.events import service
from campaign.events.lifecycle import Duration, Entry, Mode, Status, Type
from campaign.events.models import Event
from campaign.journal.queries import history
from campaign.mail.models import Letter
from campaign.media.models import Picture
from tests.events.conftest import NEW, boxes, events, page_of, write

EVERYTHING = {
    "host_1": "Museum",
    "language": "en",
    "duration": "single",
    "end_date": "",
    "address": "Sample Street 12",
    "room": "Room 3",
    "mode": "hybrid",
    "stream_url": "https://example.org/live",
    "stream_fallback_url": "https://example.org/second",
    "stream_opens_minutes": "30",
    "spoken_other": "Basque",
    "second_language": "de",
    "second_title": "Gedenkabend",
    "second_description": "Ein Abend mit Musik.",
    "programme": "18:00 Welcome\n18:30 Music",
    "content_note": "Photographs of ruins.",
    "picture_alt": "Candles in a row",
    "picture_credit": "The museum",
    "sources": "https://example.org/source\nArchive, box 7",
    "entry": "registration",
    "registration_url": "https://example.org/register",
    "registration_by": "20 2 2027",
    "is_free": "paid",
    "price": "5 euros",
    "capacity": "120",
    "access_step_free": "yes",
    "access_captions": "partly",
    "access_quiet_room": "no",
    "entry_checks": "Bags are checked.",
    "contact_email": "hello@example.org",
    "contact_phone": "+49 30 1234",
    "contact_url": "https://example.org",
}


@pytest.fixture
def museum(world, session):
    made = world.organization("Museum", "DE")
    session.commit()
    return made


def the_event(session) -> Event:
    (event,) = events(session)
    return event


def test_every_field_is_stored_and_comes_back(nigar, session, museum):
    answer = write(nigar, **boxes(**EVERYTHING, picture=(BytesIO(posters.flame(1)), "p.png")))
    event = the_event(session)
    assert answer.location == f"/my/events/{event.ref}/check", page_of(answer).summary()
    said = event.details
    assert said.type is Type.CEREMONY
    assert said.mode is Mode.HYBRID
    assert said.entry is Entry.REGISTRATION
    assert said.starts == datetime(2027, 2, 26, 18)
    assert said.time_zone == "Europe/Berlin"
    assert (said.latitude, said.city_id) == (52.52, 1)
    assert [host.name for host in said.hosts] == ["Museum"]
    assert said.translations["de"].title == "Gedenkabend"
    assert said.spoken == ("de", "en", "eu")
    assert [item.text for item in said.programme] == ["Welcome", "Music"]
    assert said.capacity == 120
    assert said.access["captions"] == "partly"
    assert session.get(Picture, said.picture_id).width > 0
    # The form shows the same again, and saving it unchanged changes nothing.
    edited = write(nigar, f"/my/events/{event.ref}/edit")
    assert edited.location == f"/my/events/{event.ref}/check"
    assert the_event(session).details == said
    check = nigar.get(f"/my/events/{event.ref}/check").text
    for words in (
        "Museum",
        "Gedenkabend",
        "Archive, box 7",
        "Basque",
        "5 euros",
        "Bags are checked.",
        "Candles in a row",
    ):
        assert words in check


@pytest.mark.parametrize(
    ("typed", "duration"),
    [
        ({"duration": "run", "start": "", "end": "", "end_date": "28 2 2027", "hours_0": "10-18"}, Duration.RUN),
        ({"duration": "dates", "further_dates": "2027-02-27 17:00-19:00\n28 2 2027 11.30"}, Duration.DATES),
        ({"end": "1:30", "end_date": "27 2 2027"}, Duration.SINGLE),
    ],
)
def test_three_kinds_of_duration(nigar, session, typed, duration):
    answer = write(nigar, **boxes(**typed))
    event = the_event(session)
    assert answer.location.endswith("/check"), page_of(answer).summary()
    assert event.details.duration is duration
    before = event.details
    write(nigar, f"/my/events/{event.ref}/edit")
    assert the_event(session).details == before
    if duration is Duration.DATES:
        assert [o.starts.day for o in before.occasions] == [26, 27, 28]


@pytest.mark.parametrize("mode", ["in_person", "online", "hybrid"])
def test_three_ways_to_take_part(nigar, session, mode):
    online = {"stream_url": "https://example.org/live", "time_zone": "Asia/Kathmandu"}
    nowhere = {"venue": "", "city": "", "country": ""} if mode == "online" else {}
    answer = write(nigar, **boxes(mode=mode, **(online if mode != "in_person" else {}), **nowhere))
    assert answer.location.endswith("/check"), page_of(answer).summary()
    said = the_event(session).details
    assert said.mode.value == mode
    assert said.time_zone == ("Europe/Berlin" if mode == "in_person" else "Asia/Kathmandu")


def test_an_online_event_needs_an_address_and_a_zone(nigar):
    page = page_of(write(nigar, **boxes(mode="online", venue="", city="", country="")))
    assert {target for target, _sentence in page.summary()} == {"#stream_url", "#time_zone"}


def test_nothing_filled_in_names_everything_once(nigar, session):
    answer = write(nigar)
    assert answer.status_code == 422
    page = page_of(answer)
    assert page.title.startswith("Error:")
    targets = [target for target, _sentence in page.summary()]
    missing = ["type", "title", "date", "venue", "city", "country", "description", "spoken", "entry"]
    assert targets == [f"#{name}" for name in missing]
    for target, sentence in page.summary():  # The link leads to the box, and the box says the same.
        assert page.by_id(target[1:]).tag in ("input", "select", "textarea")
        assert sentence in page.by_id(f"{target[1:]}-error").text
    assert the_event(session).status is Status.DRAFT


def test_the_whole_form_is_kept_when_one_answer_is_wrong(nigar, session):
    typed = boxes(**EVERYTHING) | {"date": "31 2 2027", "is_address_public": None}
    answer = write(nigar, **typed)
    page = page_of(answer)
    assert answer.status_code == 422
    assert events(session) == []
    assert page.summary() == [("#date", "This day does not exist in the calendar. Please check day and month.")]
    kept = page.form(name="title").sent()
    for name, value in typed.items():
        if value not in (None, ""):
            assert sorted(kept[name]) == sorted(value), name
    assert "is_address_public" not in kept


def test_a_picture_is_kept_when_another_answer_is_wrong(nigar, session, world):
    first = write(nigar, **boxes(start="25:00", picture=(BytesIO(posters.flame(1)), "p.png"), picture_alt="A flame"))
    assert first.status_code == 422
    page = page_of(first)
    picture = session.query(Picture).one()
    assert picture.uploaded_by == world.people["Nigar"].id
    assert f"/media/{picture.name}.webp" in first.text
    sent = page.form(name="title").sent("continue", start="18:00")
    assert nigar.post(NEW, data=sent).location.endswith("/check")
    assert the_event(session).details.picture_id == picture.id
    # Taking it away again wins over having kept it.
    event = the_event(session)
    write(nigar, f"/my/events/{event.ref}/edit", has_no_picture="y")
    assert the_event(session).details.picture_id is None


def test_a_strangers_picture_cannot_be_taken(nigar, session):
    other = Picture(name="a" * 32, width=1, height=1, size=1, uploaded_by=None)
    session.add(other)
    session.commit()
    write(nigar, **boxes(picture_kept=str(other.id)))
    assert the_event(session).details.picture_id is None


def test_a_draft_needs_nothing(nigar, session):
    answer = write(nigar, button="draft", title="Only a title")
    event = the_event(session)
    assert answer.location == f"/my/events/{event.ref}"
    assert event.status is Status.DRAFT
    assert event.title == "Only a title"
    assert "Only a title" in nigar.get("/my/").text


def test_a_second_press_makes_no_second_event(nigar, session):
    form = page_of(nigar.get(NEW)).form(name="title")
    sent = form.sent("continue", **boxes())
    first, second = nigar.post(form.action, data=sent), nigar.post(form.action, data=sent)
    event = the_event(session)
    assert first.location == f"/my/events/{event.ref}/check"
    assert second.location == f"/my/events/{event.ref}"
    version = page_of(nigar.get(first.location)).form(action="submit").sent()
    assert nigar.post(f"/my/events/{event.ref}/submit", data=version).status_code == 302
    assert nigar.post(f"/my/events/{event.ref}/submit", data=version).status_code == 302
    assert [e.act for e in history("event", event.id)] == ["drafted", "submitted"]
    assert session.query(Letter).filter_by(kind="event_received").count() == 1


def test_sending_needs_a_whole_event(nigar, session):
    write(nigar, button="draft", **boxes(venue=""))
    event = the_event(session)
    page = page_of(nigar.get(f"/my/events/{event.ref}/check"))
    assert page.title.startswith("Error:")
    assert page.summary() == [(f"/my/events/{event.ref}/edit#venue", "Enter the name of the venue.")]
    assert nigar.post(f"/my/events/{event.ref}/submit", data={"version": "1.0"}).status_code in (409, 422)
    assert the_event(session).status is Status.DRAFT


def test_a_change_made_meanwhile_is_noticed_and_nothing_typed_is_lost(nigar, session, world):
    write(nigar, **boxes())
    event = the_event(session)
    address = f"/my/events/{event.ref}/edit"
    form = page_of(nigar.get(address)).form(name="title")
    with_mistake = nigar.post(address, data=form.sent("continue", title="Mine", start="25:00"))
    assert with_mistake.status_code == 422
    colleague = world.people["Lena"]
    service.edit(the_event(session), event.details.with_changes(room="Theirs"), by=colleague)
    session.commit()
    # Even after a mistake of one's own the form remembers which state it was made from.
    again = page_of(with_mistake).form(name="title")
    answer = nigar.post(address, data=again.sent("continue", start="18:00"))
    assert answer.status_code == 409
    assert "Lena Example changed this event" in answer.text
    kept = page_of(answer).form(name="title").sent("continue")
    assert kept["title"] == "Mine"
    assert the_event(session).details.room == "Theirs"
    assert nigar.post(address, data=kept).status_code == 302
    assert the_event(session).title == "Mine"


def test_a_change_of_a_public_event_waits(nigar, session, world):
    event = world.published(world.people["Nigar"], time_zone="Europe/Berlin", city_id=1)
    session.commit()
    address = f"/my/events/{event.ref}/edit"
    assert "Send the change to the desk" in nigar.get(address).text
    answer = write(nigar, address, title="Another title")
    assert answer.location == f"/my/events/{event.ref}"
    assert the_event(session).title == "Evening of remembrance"
    own = nigar.get(f"/my/events/{event.ref}").text
    assert "A change waits for the desk." in own
    assert 'value="Another title"' in nigar.get(address).text  # The next change begins where this one ended.
    assert write(nigar, address, title="").status_code == 422


def test_a_public_event_cannot_move_to_another_organisation(nigar, session, world):
    event = world.published(world.people["Nigar"])
    session.commit()
    embassy = str(world.people["Nigar"].id)
    answer = write(nigar, f"/my/events/{event.ref}/edit", organization=embassy)
    assert answer.status_code == 422


def test_hosts_are_found_by_name(nigar, session, museum, world):
    answer = write(nigar, **boxes(host_1="  MUSEUM ", host_2="Museum"))
    assert answer.location.endswith("/check"), page_of(answer).summary()
    assert [host.id for host in the_event(session).details.hosts] == [museum.id]
    world.organization("Museum of Letters", "DE")
    session.commit()
    page = page_of(write(nigar, **boxes(host_2="museum letters")))
    assert page.summary() == [("#host_2", "We do not know “museum letters”. Did you mean: Museum of Letters?")]
    page = page_of(write(nigar, **boxes(host_1="Nobody at all")))
    assert "Ask it to register here" in page.summary()[0][1]
