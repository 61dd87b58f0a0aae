"""Two letters that came back for good stop an address; one, or one that may still come, does not."""

import json
import mailbox
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from campaign.core import clock, signatures
from campaign.core.db import transaction
from campaign.mail import cli, engine, service
from campaign.mail.bounces import reading
from campaign.mail.bounces import service as bounces
from campaign.mail.bounces.service import Meaning
from campaign.mail.models import Bounce, Letter, Status
from tests.mail.bounces.samples import ALL, HOLIDAY, report

ADDRESS = "Reader@example.net"
SECRET = "not-a-secret-of-anybody"


@pytest.fixture
def letter(session: Any, promise: Callable[..., Letter], office: Any) -> Callable[[int], Letter]:
    """One that was sent."""

    def one(number: int) -> Letter:
        made = promise(f"probe:{number}", to=ADDRESS)
        engine.send_due(office)
        session.expire_all()
        assert made.status is Status.SENT
        return made

    return one


def arrive(source: bytes) -> list[Meaning]:
    with transaction():
        return [bounces.note(one).meaning for one in reading.read(source)]


def about(letter: Letter, form: str = ALL["postfix"], **more: Any) -> bytes:
    return report(form, message_id=letter.message_id, to=more.pop("to", letter.recipient), **more)


@pytest.mark.parametrize("form", ALL.values(), ids=ALL.keys())
def test_the_second_letter_that_comes_back_stops_the_address(session, letter, office, mailbox, form):
    first, second = letter(1), letter(2)
    assert arrive(about(first, form)) == [Meaning.NOTED]
    assert not service.is_suppressed(ADDRESS)
    assert arrive(about(second, form)) == [Meaning.STOPPED]
    assert service.is_suppressed(ADDRESS)
    session.expire_all()
    assert {first.status, second.status} == {Status.BOUNCED}
    assert "5." in second.last_error


def test_a_server_may_spell_the_address_its_own_way(session, letter):
    source = report(message_id=letter(1).message_id, to=ADDRESS.lower(), returned_to=ADDRESS)
    assert arrive(source) == [Meaning.NOTED]


def test_nothing_more_leaves_to_a_stopped_address(session, letter, promise, office, mailbox):
    for number in (1, 2):
        arrive(about(letter(number)))
    late = promise("probe:3", to=ADDRESS)
    engine.send_due(office)
    session.expire_all()
    assert late.status is Status.SUPPRESSED
    assert len(mailbox.messages) == 2


def test_the_same_report_twice_is_one(session, letter):
    first = letter(1)
    assert arrive(about(first)) == [Meaning.NOTED]
    assert arrive(about(first, ALL["gmail"])) == [Meaning.KNOWN]
    assert not service.is_suppressed(ADDRESS)
    assert session.query(Bounce).count() == 1


def test_one_that_is_sent_again_may_come_back_again(session, letter, office, moved_clock):
    made = letter(1)
    assert arrive(about(made, status="5.2.2")) == [Meaning.TEMPORARY]
    moved_clock.shift(timedelta(minutes=5))
    with transaction():
        service.resend(made.id)
    engine.send_due(office)
    assert arrive(about(made)) == [Meaning.NOTED]
    session.expire_all()
    assert (made.status, made.last_error[:5]) == (Status.BOUNCED, "5.1.1")
    assert arrive(about(made)) == [Meaning.KNOWN]
    assert not service.is_suppressed(ADDRESS), "it is one letter"
    assert session.query(Bounce).one().status == "5.1.1"


@pytest.mark.parametrize(
    ("action", "status", "becomes"),
    [
        ("delayed", "4.4.1", Status.SENT),
        ("delayed", "5.1.1", Status.SENT),
        ("delivered", "2.0.0", Status.SENT),
        ("failed", "4.4.7", Status.BOUNCED),
        ("failed", "5.2.2", Status.BOUNCED),
        ("failed", "5.7.1", Status.BOUNCED),
    ],
)
def test_what_may_mend_itself_or_is_not_the_address_stops_nothing(session, letter, action, status, becomes):
    for number in range(3):
        made = letter(number)
        assert arrive(about(made, action=action, status=status)) == [Meaning.TEMPORARY]
        session.expire_all()
        assert made.status is becomes
    assert not service.is_suppressed(ADDRESS)


def test_forged_and_foreign_reports_do_nothing(session, letter, promise):
    sent, waiting = letter(1), promise("probe:waits", to=ADDRESS, due_at=clock.now() + timedelta(days=1))
    assert arrive(report(message_id="<r.ffffffffffffffffffffffffffffffff@example.org>", to=ADDRESS)) == [
        Meaning.UNKNOWN
    ]
    assert arrive(about(sent, to="victim@example.net")) == [Meaning.UNKNOWN], "another address"
    assert arrive(about(waiting)) == [Meaning.UNKNOWN], "never sent"
    with transaction():
        session.get(Letter, sent.id).due_at -= timedelta(days=60)
    assert arrive(about(sent)) == [Meaning.UNKNOWN], "long ago"
    assert arrive(about(sent, HOLIDAY)) == []
    assert session.query(Bounce).count() == 0


def test_who_is_forgotten_leaves_no_report(session, promise, office):
    made = promise("probe:1", to=ADDRESS, recipient_id=7)
    engine.send_due(office)
    arrive(about(made))
    with transaction():
        service.forget(7, ["probe"])
    assert session.query(Bounce).count() == 0


def test_a_refusal_at_the_door_is_remembered_too(session, promise, office, mailbox):
    mailbox.refused.add(ADDRESS)
    promise("probe:1", to=ADDRESS)
    engine.send_due(office)
    assert service.is_suppressed(ADDRESS)
    assert list(bounces.stopped_since(clock.now() - timedelta(hours=1))) == [ADDRESS.lower()]


@pytest.fixture
def run(app: Any, session: Any) -> Callable[..., list[dict[str, Any]]]:
    def command(*words: str, given: bytes = b"", code: int = 0) -> list[dict[str, Any]]:
        result = app.test_cli_runner().invoke(cli.mail_group(), ["bounces", *words], input=given)
        assert result.exit_code == code, result.output
        return [json.loads(line) for line in result.output.splitlines()] if code == 0 else []

    return command


def test_from_a_pipe(run, letter):
    first = letter(1)
    outcome, counted = run(given=about(first) + b"x" * 3_000_000)
    assert outcome == {"meaning": "noted", "letter": first.id, "status": "5.1.1"}
    assert counted == {"messages": 1, "noted": 1}
    assert run(given=b"Subject: hello\n\nhello") == [{"messages": 1}]


def test_from_a_maildir_each_is_read_once(run, letter, tmp_path):
    box = mailbox.Maildir(tmp_path / "box", create=True)
    first, second = letter(1), letter(2)
    box.add(about(first))
    box.add(b"Subject: hello\n\nhello")
    box.add(about(second, ALL["exchange"]))
    *outcomes, counted = run(str(tmp_path / "box"))
    assert sorted(outcome["meaning"] for outcome in outcomes) == ["noted", "stopped"]
    assert counted["messages"] == 3
    assert run(str(tmp_path / "box")) == [{"messages": 0}]
    assert len(list(mailbox.Maildir(tmp_path / "box"))) == 3, "nothing is lost"


def test_from_an_mbox(run, letter, tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    box.add(about(letter(1), ALL["exim"]))
    box.close()
    assert run(str(tmp_path / "box"))[-1] == {"messages": 1, "noted": 1}
    assert run(str(tmp_path / "box"))[-1] == {"messages": 1, "known": 1}


def test_no_mailbox_is_a_sentence(run, tmp_path):
    run(str(tmp_path / "none"), code=1)
    (tmp_path / "folder").mkdir()
    run(str(tmp_path / "folder"), code=1)


@pytest.fixture
def post(app: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    from dataclasses import replace

    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mail_bounce_secret=SECRET))

    def send(body: bytes, *, secret: str = SECRET, ago: timedelta = timedelta(), **headers: str) -> int:
        signed = signatures.signed(secret, "m1", clock.now() - ago, body)
        answer = client.post("/mail/bounces", data=body, headers=signed | headers, content_type="message/rfc822")
        return int(answer.status_code)

    return send


def test_over_the_web_with_a_signature(post, letter):
    first, second = letter(1), letter(2)
    assert post(about(first)) == 204
    assert post(about(first)) == 204, "a copy changes nothing"
    assert not service.is_suppressed(ADDRESS)
    assert post(about(second)) == 204
    assert service.is_suppressed(ADDRESS)
    assert post(b"") == post(b"\xff\x00") == 204


def test_without_the_right_signature_nothing_is_read(post, client, letter, session):
    body = about(letter(1))
    assert post(body, secret="another-secret-of-ours") == 403
    assert post(body, ago=timedelta(minutes=6)) == 403
    assert post(body, ago=timedelta(minutes=-6)) == 403
    for headers in (
        {signatures.SIGNATURE: ""},
        {signatures.SIGNATURE: "v1,AAAA"},
        {signatures.SIGNATURE: "v1,é"},
        {signatures.TIMESTAMP: "now"},
        {signatures.TIMESTAMP: "99999999999"},
        {signatures.ID: "m2"},
    ):
        assert post(body, **headers) == 403, headers
    assert client.post("/mail/bounces", data=body).status_code == 403
    assert session.query(Bounce).count() == 0


def test_without_a_secret_there_is_no_such_address(client):
    assert client.post("/mail/bounces", data=report()).status_code == 404


def test_a_report_far_too_large_is_refused(post):
    assert post(b"x" * 3_000_000) == 413
