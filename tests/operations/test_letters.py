"""The log of letters: who sees what, what it never shows, and what people may do about it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.accounts.tokens import Links
from campaign.core.db import database_now, db, transaction
from campaign.journal.models import Entry
from campaign.mail import composers, log_queries, service
from campaign.mail.composers import Drop
from campaign.mail.log_queries import Sought
from campaign.mail.models import Letter, Status, Suppression
from campaign.operations.letters.wording import masked, masked_address
from tests.operations.conftest import statements


@pytest.fixture
def promised(session: Any) -> Any:
    def one(key: str, to: str = "reader@example.org", kind: str = "confirm_address", **more: Any) -> Letter:
        status = more.pop("status", Status.PENDING)
        with transaction():
            context = {"name": "Rana", "link": "https://calendar.example.org/v/eyJh.aBcDeF.0123456789abcdefghij"}
            service.promise(key, kind, to=to, language="en", context=context, **more)
        letter = session.scalar(select(Letter).where(Letter.key == key))
        letter.status = status
        session.commit()
        return letter

    return one


@pytest.fixture
def about(world: Any, session: Any, promised: Any) -> Any:
    """A letter about an event in Germany, which the desk of Lena looks after and that of Ana does not."""
    event = world.published(world.people["Nigar"])
    session.commit()
    letter = promised("probe:about", subject="event", subject_id=event.id, status=Status.FAILED)
    return event, letter


def test_operators_see_all_and_desks_what_is_theirs(signed_in, operator, world, promised, about):
    other = promised("probe:other", to="stranger@example.org")
    own, all_of_it = f"/desk/letters/{about[1].id}", f"/desk/letters/{other.id}"
    page = signed_in(operator).get("/desk/letters/").text
    assert f'"{own}"' in page
    assert f'"{all_of_it}"' in page
    page = signed_in(world.people["Lena"]).get("/desk/letters/").text
    assert f'"{own}"' in page
    assert f'"{all_of_it}"' not in page
    client = signed_in(world.people["Ana"])
    assert f'"{own}"' not in client.get("/desk/letters/").text
    assert client.get(own).status_code == 404
    assert client.post(f"{own}/again", data={"reason": "why not"}).status_code == 404
    assert signed_in(world.people["Nigar"]).get("/desk/letters/").status_code == 403


def test_desks_see_no_addresses_of_readers_nor_guess_them(signed_in, world, about):
    client = signed_in(world.people["Lena"])
    for path in ("/desk/letters/", f"/desk/letters/{about[1].id}"):
        page = client.get(path).text
        assert "reader@example.org" not in page
        assert "r…@example.org" in page
    link = f'"/desk/letters/{about[1].id}"'
    assert link not in client.get("/desk/letters/?to=read").text
    assert link in client.get("/desk/letters/?to=reader@example.org").text


def test_filters_find_and_bad_ones_are_harmless(signed_in, operator, about, promised):
    event, letter = about
    promised("probe:sent", to="a_b%c@example.org", kind="reminder_set", status=Status.SENT)
    client, link = signed_in(operator), f'"/desk/letters/{letter.id}"'
    for query in (
        "status=failed",
        "kind=confirm_address",
        "to=READ",
        f"event={event.ref}",
        f"event={event.ref.lower()}",
    ):
        assert link in client.get(f"/desk/letters/?{query}").text, query
    for query in ("status=sent", "kind=nothing", "to=a_b%25c", "event=NOSUCH", "to=%25", "to=_"):
        assert link not in client.get(f"/desk/letters/?{query}").text, query
    for query in ("status=x", "after=x", "after=W10", "kind=%00", "to=%E2%80%AE", "to=" + "x" * 5000):
        assert client.get(f"/desk/letters/?{query}").status_code == 200, query


def test_no_page_looks_through_the_whole_log(session, promised, monkeypatch):
    """A rare kind is found by going on; each step is bounded."""
    monkeypatch.setattr(log_queries, "WINDOW", 10)
    rare = promised("probe:0", kind="reminder_set")
    for number in range(1, 31):
        promised(f"probe:{number}")
    steps, after = 0, None
    while not (page := log_queries.logged(Sought(kind="reminder_set"), after=after)).rows:
        after, steps = page.next_key, steps + 1
        assert after, "the log ended before the letter was found"
    assert [letter.id for letter in page.rows] == [rare.id]
    assert steps >= 2


def test_pages_follow_each_other_without_a_gap(session, promised, monkeypatch):
    monkeypatch.setattr(log_queries, "PAGE", 2)
    made = [promised(f"probe:{n}", status=Status.FAILED).id for n in range(5)]
    seen, after = [], None
    while True:
        page = log_queries.logged(Sought(status=Status.FAILED), after=after)
        seen += [letter.id for letter in page.rows]
        if page.next_key is None:
            break
        after = page.next_key
    assert seen == made[::-1]


def test_the_number_of_statements_does_not_grow(signed_in, operator, world, session, promised):
    client = signed_in(operator)
    counts = []
    for number in range(2):
        for n in range(number * 5, number * 5 + 5):
            event = world.published(world.people["Nigar"], title=f"Evening {n}")
            session.commit()
            promised(f"probe:{n}", subject="event", subject_id=event.id)
        with statements() as seen:
            client.get("/desk/letters/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_letter_is_shown_without_its_keys(app: Flask, signed_in, operator, promised):
    token = Links.of(app.extensions["settings"]).token("confirm", [1, "abc"])
    letter = promised("probe:key")
    with transaction():
        db.session.get(Letter, letter.id).context = {"name": "Rana", "link": f"http://localhost/v/{token}"}
    page = signed_in(operator).get(f"/desk/letters/{letter.id}").text
    assert "Dear Rana" in page
    assert token not in page
    assert "http://localhost/v/…" in page


@pytest.mark.parametrize("purpose", ["reader", "stop", "feed", "invite", "password"])
def test_every_signed_link_is_masked(app: Flask, purpose: str) -> None:
    """A long payload is packed and begins with a dot."""
    links = Links.of(app.extensions["settings"])
    for payload in ([1], [1, "a" * 16, 5], ["x" * 400], list(range(60))):
        token = links.token(purpose, payload)
        shown = masked(f"See http://localhost/m/{token}?x=1 and http://localhost/e/ABC123.")
        assert token not in shown
        assert links.read(purpose, shown.partition("/m/")[2].partition("?")[0], timedelta(days=1)) is None
        assert "http://localhost/e/ABC123." in shown


def test_a_letter_that_cannot_be_written_is_still_a_page(signed_in, operator, promised):
    letter = promised("probe:broken", kind="no_such_kind")
    page = signed_in(operator).get(f"/desk/letters/{letter.id}")
    assert page.status_code == 200
    assert "It cannot be written" in page.text


def test_sent_again_with_a_reason_in_the_journal(signed_in, operator, session, promised):
    letter = promised("probe:again", status=Status.FAILED, expires_at=database_now() + timedelta(hours=2))
    expires_at, message_id = letter.expires_at, letter.message_id
    client, url = signed_in(operator), f"/desk/letters/{letter.id}/again"
    assert client.get(url).status_code == 405
    answer = client.post(url, data={"reason": " "})
    assert answer.status_code == 422
    assert session.get(Letter, letter.id).status is Status.FAILED
    assert client.post(url, data={"reason": "The mailbox was full"}).status_code == 303
    letter = session.get(Letter, letter.id)
    assert (letter.status, letter.attempts) == (Status.PENDING, 0)
    assert (letter.expires_at, letter.message_id) == (expires_at, message_id)
    entry = session.scalar(select(Entry).where(Entry.act == "letter_sent_again"))
    assert (entry.subject_id, entry.actor_id, entry.note) == (letter.id, operator.id, "The mailbox was full")
    assert "The mailbox was full" in client.get(f"/desk/letters/{letter.id}").text


def test_what_may_not_be_sent_again(signed_in, operator, session, promised):
    client = signed_in(operator)
    waiting = promised("probe:waiting")
    assert client.post(f"/desk/letters/{waiting.id}/again", data={"reason": "now"}).status_code == 409
    late = promised("probe:late", status=Status.EXPIRED, expires_at=database_now() - timedelta(hours=1))
    assert client.post(f"/desk/letters/{late.id}/again", data={"reason": "now"}).status_code == 422
    with transaction():
        service.suppress("reader@example.org", "no such mailbox")
    stopped = promised("probe:stopped", status=Status.SUPPRESSED)
    answer = client.post(f"/desk/letters/{stopped.id}/again", data={"reason": "now, please"})
    assert answer.status_code == 422
    assert "now, please" in answer.text
    assert session.get(Letter, stopped.id).status is Status.SUPPRESSED


def test_what_would_be_dropped_is_refused_with_the_reason_of_its_composer(
    signed_in, operator, session, promised, monkeypatch
):
    dropped = composers.OneByOne(lambda _letter: Drop(Status.CANCELLED, "a newer version is known"))
    monkeypatch.setitem(composers._composers, "probe", dropped)
    sent_at = database_now() - timedelta(hours=3)
    letter = promised("probe:old", kind="probe", status=Status.SENT)
    letter.sent_at = sent_at
    session.commit()
    answer = signed_in(operator).post(f"/desk/letters/{letter.id}/again", data={"reason": "not arrived"})
    assert answer.status_code == 422
    assert "It would not be sent any more: a newer version is known" in answer.text
    letter = session.get(Letter, letter.id)
    assert (letter.status, letter.sent_at) == (Status.SENT, sent_at)


def test_addresses_are_stopped_and_allowed_by_operators_only(signed_in, operator, world, session):
    form = {"email": "Reader@Example.org", "reason": "asked by telephone"}
    assert signed_in(world.people["Lena"]).get("/desk/letters/addresses/").status_code == 403
    client = signed_in(operator)
    assert client.post("/desk/letters/addresses/stop", data=form).status_code == 303
    page = client.get("/desk/letters/addresses/?to=read").text
    assert "reader@example.org" in page
    assert "asked by telephone" in page
    assert client.post("/desk/letters/addresses/stop", data=form).status_code == 422
    assert client.post("/desk/letters/addresses/allow", data=form).status_code == 303
    assert session.scalar(select(Suppression)) is None
    entries = session.scalars(select(Entry).where(Entry.subject == "address").order_by(Entry.id)).all()
    assert [(e.act, e.details) for e in entries] == [
        ("address_stopped", {"address": "R…@Example.org"}),
        ("address_allowed", {"address": "R…@Example.org"}),
    ]


@pytest.mark.parametrize("email", ["", "nobody", "a@b\r\nBcc: c@d", "a@b, c@d", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_kept_and_refused(signed_in, operator, session, email):
    answer = signed_in(operator).post("/desk/letters/addresses/stop", data={"email": email, "reason": "typed"})
    assert answer.status_code == 422
    assert "typed" in answer.text
    assert session.scalar(select(Suppression)) is None


def test_masked_addresses() -> None:
    assert masked_address("reader@example.org") == "r…@example.org"
    assert masked_address("nothing") == "…"
