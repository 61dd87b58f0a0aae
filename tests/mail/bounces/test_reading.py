"""What mail servers of the world report is understood; what is no report reports nothing, and nothing breaks."""

import base64
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from campaign.mail.bounces.reading import LONGEST, Report, read
from tests.mail.bounces import samples
from tests.mail.bounces.samples import ALL, ID, POSTFIX, TO, report


@pytest.mark.parametrize("form", ALL.values(), ids=ALL.keys())
def test_a_report_names_letter_address_and_reason(form: str) -> None:
    (found,) = read(report(form))
    assert found.message_id == ID
    assert TO in found.recipients
    assert found.has_failed
    assert found.status.startswith("5.")
    assert "550" in found.said
    assert "\n" not in found.said


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    ("action", "status"), [("failed", "5.1.1"), ("failed", "4.4.7"), ("delayed", "4.4.1"), ("relayed", "2.0.0")]
)
def test_what_happened_is_told_apart(ends: bytes, action: str, status: str) -> None:
    (found,) = read(report(action=action, status=status).replace(b"\n", ends))
    assert (found.action, found.status) == (action, status)


def test_a_forwarded_letter_is_still_ours() -> None:
    source = report().replace(b"Original-Recipient: rfc822;reader@example.net\n", b"")
    moved = source.replace(b"Final-Recipient: rfc822; reader@example.net", b"Final-Recipient: rfc822; old@example.com")
    (found,) = read(moved)
    assert found.recipients == ("old@example.com", TO)


def test_one_letter_to_several() -> None:
    more = b"\nFinal-Recipient: rfc822; other@example.net\nAction: delayed\nStatus: 4.2.0\n"
    source = report().replace(
        b"\n--4C1A22.1614247207/mx.example.com\nContent-Description: Undelivered",
        more + b"\n--4C1A22.1614247207/mx.example.com\nContent-Description: Undelivered",
    )
    assert [(one.recipients[0], one.action) for one in read(source)] == [
        (TO, "failed"),
        ("other@example.net", "delayed"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"Subject: hello\n\nhello\n",
        report(samples.HOLIDAY),
        report().replace(ID.encode(), b"<somebody@example.com>"),
        report().replace(b"message/delivery-status", b"text/plain"),
        report().replace(b"Action:", b"Fraction:"),
    ],
    ids=["nothing", "noise", "a letter", "a holiday", "not ours", "in plain text", "without an action"],
)
def test_what_is_no_report_reports_nothing(source: bytes) -> None:
    assert read(source) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"charset=us-ascii", b"charset=klingon"),
        (b"charset=us-ascii", b'charset="\xff\xfe"'),
        (b"Status: 5.1.1", b"Status: \xff\xfe 5.1.1"),
        (b"User unknown", b"\xd0\x9d\xd0\xb5\xd1\x82 \x00\x1b[31m"),
        (b"User unknown", b"=?utf-8?b?!!!?= =?nope?q?=ZZ?="),
        (b"Status: 5.1.1", b"Status: five"),
        (b'boundary="4C1A22.1614247207/mx.example.com"', b"boundary="),
        (b"rfc822; reader", b"x400; <<<reader"),
    ],
)
def test_odd_reports_do_not_raise(old: bytes, new: bytes) -> None:
    source = report()
    assert old in source
    for found in read(source.replace(old, new)):
        assert isinstance(found, Report)
        assert "\n" not in found.said


def test_twenty_megabytes_cost_little() -> None:
    """The report is read, what it returns is not."""
    source = report() + base64.encodebytes(b"x" * 15_000_000)
    assert len(source) > 20_000_000
    tracemalloc.start()
    began = time.process_time()
    assert len(read(source)) == 1
    assert time.process_time() - began < 3
    assert tracemalloc.get_traced_memory()[1] < 20 * LONGEST
    tracemalloc.stop()


@pytest.mark.parametrize(
    "inner", [b"Content-Type: message/rfc822\n\n", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"]
)
def test_letters_in_letters_in_letters_are_no_report(inner: bytes) -> None:
    began = time.process_time()
    assert read(b"X: " + ID.encode() + b"\n" + inner * 5000) == []
    assert read(b"X: " + ID.encode() + b"\n" + inner.replace(b": ", b":\n ") * 5000) == []
    assert time.process_time() - began < 3


@given(some.lists(some.tuples(some.integers(0, 2500), some.binary(max_size=12)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_broken_reports_never_raise(wounds: list[tuple[int, bytes]]) -> None:
    source = bytearray(report(POSTFIX))
    for at, junk in wounds:
        source[at : at + len(junk)] = junk
    for found in read(bytes(source)):
        assert found.message_id.startswith("<r.")
        parts = (found.message_id, *found.recipients, found.status, found.said)
        assert not any("\0" in part for part in parts), "no database takes it"
