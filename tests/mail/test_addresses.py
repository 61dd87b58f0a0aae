"""Which addresses are written to, and that none of them can smuggle anything into a header or a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.mail.addresses import LONGEST, routable

LONG = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".org"


@pytest.mark.parametrize(
    ("address", "travels_as"),
    [
        ("reader@example.org", "reader@example.org"),
        ("reader+calendar@example.org", "reader+calendar@example.org"),
        ("postmaster@example.org", "postmaster@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ('"a@b"@example.org', '"a@b"@example.org'),
        ("reader@bücher.example", "reader@xn--bcher-kva.example"),
        ("reader@faß.example", "reader@xn--fa-hia.example"),
        ("oxucu@şəki.example", "oxucu@xn--ki-eta41h.example"),
        ("nigâr@example.org", "nigâr@example.org"),
        (LONG, LONG),
    ],
)
def test_these_travel(address: str, travels_as: str) -> None:
    assert len(LONG) <= LONGEST
    assert routable(address) == travels_as


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "@example.org",
        "reader@",
        "reader@example.org\r\nBcc: x@example.org",
        "reader@example.org\nRCPT TO:<x@example.org>",
        "a@example.org,b@example.org",
        "Reader <reader@example.org>",
        "reader@example.org>",
        '"a b"@example.org',
        "a b@example.org",
        "a@b@example.org",
        "a..b@example.org",
        ".a@example.org",
        "reader@[127.0.0.1]",
        "reader@exa mple.org",
        "reader@example.org\x00",
        "reader\u2028@example.org",
        "reader\u202e@example.org",
        "reader@\u202eexample.org",
        "\ud800@example.org",
        "a" * 290 + "@example.org",
    ],
)
def test_these_do_not(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        routable(address)


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_travels_is_one_word(local: str, domain: str) -> None:
    try:
        found = routable(f"{local}@{domain}")
    except ValueError:
        return
    assert found.isprintable()
    assert not any(c.isspace() for c in found)
    assert routable(found) == found
