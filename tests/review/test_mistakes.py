"""Reports of visitors: what a person can send, what a program cannot, who reads it, and how it ends."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.core.faults import Conflict, Invalid, NotAllowed
from campaign.events import service as events
from campaign.journal.queries import history
from campaign.mail.models import Letter
from campaign.review.mistakes import queries, service
from campaign.review.mistakes.models import Concern, Mistake, State

SITE = "http://localhost"
SAID = {"concern": "incorrect", "text": "It begins at six, says the house's own page.", "email": ""}


@pytest.fixture
def published(world, session):
    made = world.published(world.people["Nigar"])
    session.commit()
    return made


@pytest.fixture
def opened(client, published, moved_clock):
    """The form as a visitor has it in front of them, some seconds after opening it."""
    body = client.get(f"/e/{published.ref}/report").text
    moved_clock.shift(timedelta(seconds=20))
    return re.search(r'name="token"[^>]*value="([^"]+)"', body).group(1)


def sent(client, event, opened, **changes):
    return client.post(f"/e/{event.ref}/report?lang=en", data={**SAID, "token": opened, **changes})


def count(session):
    return session.scalar(select(func.count(Mistake.id)))


def keep(session, event, concern=Concern.INCORRECT, token="a", email=""):
    service.report(
        event, token=token, concern=concern, text="Six, not five.", email=email, language="en", public_url=SITE
    )
    session.commit()
    return session.scalar(select(Mistake).where(Mistake.token == token))


def test_a_report_is_kept_once_and_entered_in_the_journal(client, session, published, opened):
    for _again in range(2):
        answer = sent(client, published, opened, email="reader@example.org")
        assert (answer.status_code, answer.location) == (303, f"/e/{published.ref}/report?lang=en&sent=1")
    assert "The desk reads your report" in client.get(answer.location).text
    assert count(session) == 1
    mistake = session.scalar(select(Mistake))
    assert (mistake.event_id, mistake.email, mistake.state) == (published.id, "reader@example.org", State.OPEN)
    entries = history("mistake", mistake.id)
    assert [(e.act, e.actor_name, e.details["event"]) for e in entries] == [("reported", "", published.ref)]
    # The organiser's own page tells the story of the event, and must not tell this.
    assert not [e for e in history("event", published.id) if "report" in e.act]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"concern": ""}, "Choose what is wrong."),
        ({"concern": "nonsense"}, "Choose what is wrong."),
        ({"text": ""}, "Describe in a sentence what is wrong."),
        ({"text": "x" * 2001}, "at most 2000 characters"),
        ({"email": "nobody"}, "Enter an e-mail address like"),
        ({"website": "https://spam.example"}, "whether a person wrote this"),
        ({"token": "forged"}, "whether a person wrote this"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, session, published, opened, changes, sentence):
    answer = sent(client, published, opened, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "text" not in changes:
        assert "It begins at six" in answer.text
    assert count(session) == 0
    assert 'name="website" tabindex="-1" type="text" value=""' in answer.text


def test_a_program_is_too_quick_and_a_person_may_send_again(client, session, published, moved_clock):
    token = re.search(r'name="token"[^>]*value="([^"]+)"', client.get(f"/e/{published.ref}/report").text).group(1)
    assert sent(client, published, token).status_code == 422
    moved_clock.shift(timedelta(seconds=5))
    assert sent(client, published, token).status_code == 303
    assert count(session) == 1


def test_only_public_events_can_be_reported(client, session, world, published, opened):
    draft = world.event(world.people["Nigar"])
    events.withdraw(published, by=None)
    session.commit()
    assert client.get(f"/e/{draft.ref}/report").status_code == 404
    assert client.get(f"/e/{published.ref}/report").status_code == 410
    assert sent(client, published, opened).status_code == 410
    assert client.get("/e/NOSUCH/report").status_code == 404


def test_the_page_of_the_event_leads_here_and_sets_no_cookie(client, published):
    page = client.get(f"/en/khojaly/e/{published.ref}", follow_redirects=True)
    assert f"/e/{published.ref}/report?lang=en" in page.text
    assert "Set-Cookie" not in page.headers


def test_danger_alarms_every_coordinator_once_a_day(session, world, published):
    for token in ("a", "b"):
        keep(session, published, Concern.DANGER, token)
    letters = session.scalars(select(Letter).where(Letter.kind == "danger_reported")).all()
    assert sorted(letter.recipient for letter in letters) == [
        "lena@example.org",
        "omar@example.org",
        "rashad@example.org",
    ]
    keep(session, published, Concern.INCORRECT, "c")
    assert session.scalar(select(func.count(Letter.id)).where(Letter.kind == "danger_reported")) == 3


def test_each_desk_reads_its_own(signed_in, session, world, published):
    mistake = keep(session, published)
    page = signed_in(world.people["Lena"]).get("/desk/reports/").text
    assert f"/desk/reports/{mistake.id}" in page
    assert "Reports of mistakes" in signed_in(world.people["Lena"]).get("/desk/queue/").text
    assert f"/desk/reports/{mistake.id}" in signed_in(world.people["Rashad"]).get("/desk/reports/").text
    foreign = signed_in(world.people["Ana"])
    assert f"/desk/reports/{mistake.id}" not in foreign.get("/desk/reports/").text
    assert foreign.get(f"/desk/reports/{mistake.id}").status_code == 404
    answer = foreign.post(f"/desk/reports/{mistake.id}/resolve", data={"note": "Done.", "version": "1"})
    assert answer.status_code == 404
    assert signed_in(world.people["Nigar"]).get("/desk/reports/").status_code == 403


def test_danger_stands_first_and_pages_follow_one_another(session, world, published):
    scopes = _scopes(world.people["Lena"])
    for number in range(5):
        keep(session, published, Concern.DANGER if number == 3 else Concern.INCORRECT, str(number))
    seen, after = [], None
    while True:
        page = queries.reported(scopes, State.OPEN, after=after, limit=2)
        seen += [m.token for m in page.rows]
        after = page.next_key
        if after is None:
            break
    assert seen == ["3", "0", "1", "2", "4"]
    assert queries.open_count(scopes) == 5


def _scopes(person):
    from campaign.campaigns.queries import scopes_of

    return scopes_of(person.id)


def test_a_report_is_resolved_with_a_sentence_that_the_reader_gets(signed_in, session, world, published):
    mistake = keep(session, published, email="reader@example.org")
    client = signed_in(world.people["Lena"])
    address = f"/desk/reports/{mistake.id}"
    assert "Six, not five." in client.get(address).text
    empty = client.post(f"{address}/resolve", data={"note": "", "version": "1"})
    assert empty.status_code == 422
    assert "Say in a sentence what was done" in empty.text
    assert client.post(f"{address}/resolve", data={"note": "Corrected.", "version": "1"}).location == "/desk/reports/"
    late = client.post(f"{address}/resolve", data={"note": "Me too.", "version": "1"})
    assert late.status_code == 409
    assert "Me too." in late.text
    session.expire_all()
    assert (mistake.state, mistake.note, mistake.resolved_by) == (State.RESOLVED, "Corrected.", world.people["Lena"].id)
    letter = session.scalar(select(Letter).where(Letter.kind == "mistake_resolved"))
    assert (letter.recipient, letter.context["note"]) == ("reader@example.org", "Corrected.")
    assert [e.act for e in history("mistake", mistake.id)] == ["reported", "resolved"]
    assert address in client.get("/desk/reports/?state=resolved").text
    assert address not in client.get("/desk/reports/").text


def test_nobody_resolves_a_report_about_their_own_event(session, world):
    lena = world.people["Lena"]
    own = world.published(lena)
    session.commit()
    mistake = queries.get(keep(session, own).id, _scopes(lena))
    with pytest.raises(NotAllowed):
        service.resolve(mistake, by=lena, note="Fine.", seen_version="1", public_url=SITE)
    with pytest.raises(NotAllowed):
        service.resolve(mistake, by=world.people["Ana"], note="Fine.", seen_version="1", public_url=SITE)
    with pytest.raises(Invalid):
        service.resolve(mistake, by=world.people["Omar"], note="", seen_version="1", public_url=SITE)
    with pytest.raises(Conflict):
        service.resolve(mistake, by=world.people["Omar"], note="Fine.", seen_version="0", public_url=SITE)


def test_hostile_text_is_only_text(signed_in, session, world, published):
    mistake = keep(session, published)
    mistake.text = "</blockquote><script>alert(1)</script>"
    session.commit()
    client = signed_in(world.people["Lena"])
    for path in ("/desk/reports/", f"/desk/reports/{mistake.id}"):
        assert "<script>alert" not in client.get(path).text
