"""The sender's domain, asked over real DNS: each answer of the world gives its finding and the line to add."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from campaign.mail.domain import dkim, lookup, spf
from campaign.mail.domain.checks import Check, Sender, Verdict, examine, line
from campaign.mail.domain.lookup import Lookup
from config import Settings
from tests.servers import nameserver
from tests.servers.nameserver import Nameserver

IP, OTHER = "93.184.216.34", "93.184.216.35"
DOMAIN, HOST = "example.org", "mail.example.org"


@pytest.fixture
def dns() -> Iterator[Nameserver]:
    """A domain where everything is right but DKIM."""
    with nameserver.serve() as server:
        server.add(HOST, "A", IP)
        server.add(DOMAIN, "TXT", '"v=spf1 ip4:93.184.216.34 -all"', '"site-verification=1"')
        server.add(DOMAIN, "MX", "10 mail.example.org.")
        server.add("_dmarc.example.org", "TXT", '"v=DMARC1; p=reject"')
        server.add("34.216.184.93.in-addr.arpa", "PTR", "mail.example.org.")
        yield server


def finding(name: str, server: Nameserver, sender: Sender | None = None) -> Check:
    sender = sender or Sender(domain=DOMAIN, hosts=(HOST,))
    return next(check for check in examine(sender, Lookup(server.address)) if check.name == name)


def test_a_good_domain_is_right_everywhere_but_unsigned(dns: Nameserver) -> None:
    found = {check.name: check.verdict for check in examine(Sender(domain=DOMAIN, hosts=(HOST,)), Lookup(dns.address))}
    assert found == {
        "SPF": Verdict.OK,
        "DKIM": Verdict.WARN,
        "DMARC": Verdict.OK,
        "MX": Verdict.OK,
        "PTR": Verdict.OK,
        "TLS": Verdict.OK,
    }


@pytest.mark.parametrize(
    ("records", "verdict", "wanted"),
    [
        ([], Verdict.FAULT, f'{DOMAIN}. 3600 IN TXT "v=spf1 ip4:{IP} -all"'),
        (['"v=spf1 mx -all"'], Verdict.OK, ""),
        (['"v=spf1 a:mail.example.org/24 -all"'], Verdict.OK, ""),
        (['"v=spf1 include:_spf.example.net -all"'], Verdict.OK, ""),
        (['"v=spf1 redirect=_spf.example.net"'], Verdict.OK, ""),
        (['"v=spf1 ip4:93.184." "216.0/24 ~all"'], Verdict.OK, ""),
        (['"v=spf1 ptr:example.org -all"'], Verdict.OK, ""),
        ([f'"v=spf1 ip4:{IP}"'], Verdict.WARN, f'{DOMAIN}. 3600 IN TXT "v=spf1 ip4:{IP} -all"'),
        ([f'"v=spf1 ip4:{OTHER} -all"'], Verdict.FAULT, f'"v=spf1 ip4:{OTHER} ip4:{IP} -all"'),
        ([f'"v=spf1 -ip4:{IP} +all"'], Verdict.FAULT, f'"v=spf1 -ip4:{IP} -all"'),
        (['"v=spf1 ip4:1.2.3 -all"'], Verdict.FAULT, ""),
        (['"v=spf1 unheard:of -all"'], Verdict.FAULT, ""),
        (['"v=spf1 include:nowhere.example.net -all"'], Verdict.FAULT, ""),
        (['"v=spf1 include:example.org -all"'], Verdict.FAULT, ""),
        (['"v=spf1 -all"', '"v=spf1 mx -all"'], Verdict.FAULT, ""),
    ],
)
def test_who_may_send(dns: Nameserver, records: list[str], verdict: Verdict, wanted: str) -> None:
    dns.add("_spf.example.net", "TXT", f'"v=spf1 ip4:{IP} -all"')
    dns.records[DOMAIN, "TXT"] = records
    check = finding("SPF", dns)
    assert check.verdict is verdict
    assert wanted in check.line


def test_more_lookups_than_receivers_do_break_the_line(dns: Nameserver) -> None:
    many = " ".join(f"a:h{n}.example.org" for n in range(11))
    dns.add(DOMAIN, "TXT", f'"v=spf1 {many} mx -all"')
    check = finding("SPF", dns)
    assert check.verdict is Verdict.FAULT
    assert "more than 10 lookups" in str(check.says)
    assert spf.MOST_LOOKUPS == 10


def test_a_provider_may_send_from_elsewhere(dns: Nameserver) -> None:
    dns.add("smtp.example.net", "A", OTHER)
    sender = Sender(domain=DOMAIN, hosts=("smtp.example.net",), is_own_server=False)
    assert finding("SPF", dns, sender).verdict is Verdict.WARN


def signing(folder: Path, kind: str) -> Sender:
    made = ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else rsa.generate_private_key(65537, int(kind))
    path = folder / "key.pem"
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Sender(domain=DOMAIN, hosts=(HOST,), dkim_key=str(path), dkim_selector="cal")


@pytest.mark.parametrize("kind", ["2048", "ed25519"])
def test_the_line_that_is_offered_is_right_once_it_is_there(dns: Nameserver, tmp_path: Path, kind: str) -> None:
    sender = signing(tmp_path, kind)
    check = finding("DKIM", dns, sender)
    assert check.verdict is Verdict.FAULT
    name, _ttl, _class, record, value = check.line.split(" ", 4)
    dns.add(name.rstrip("."), record, value)
    assert finding("DKIM", dns, sender).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        ('"v=DKIM1; k=rsa; p="', Verdict.FAULT),
        ('"v=DKIM1; k=rsa; p=bm90IG91cnM="', Verdict.FAULT),
        ('"v=DKIM1; k=rsa; p=***"', Verdict.FAULT),
    ],
)
def test_a_key_that_is_not_ours(dns: Nameserver, tmp_path: Path, record: str, verdict: Verdict) -> None:
    dns.add("cal._domainkey.example.org", "TXT", record)
    check = finding("DKIM", dns, signing(tmp_path, "2048"))
    assert check.verdict is verdict
    assert check.line.startswith('cal._domainkey.example.org. 3600 IN TXT "v=DKIM1; k=rsa; p=')
    assert all(len(part) <= 255 for part in check.line.split('"')[1::2])


def test_a_short_key_and_a_test_key_are_named(dns: Nameserver, tmp_path: Path) -> None:
    short = signing(tmp_path, "1024")
    dns.add("cal._domainkey.example.org", "TXT", f'"{dkim.public_half(Path(short.dkim_key)).record}"')
    assert finding("DKIM", dns, short).verdict is Verdict.WARN
    sender = signing(tmp_path, "ed25519")
    key = base64.b64encode(dkim.public_half(Path(sender.dkim_key)).content).decode()
    dns.add("cal._domainkey.example.org", "TXT", f'"v=DKIM1; t=y; k=ed25519; p={key}"')
    assert finding("DKIM", dns, sender).verdict is Verdict.WARN


def test_a_file_that_is_no_key(dns: Nameserver, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("nothing")
    sender = Sender(domain=DOMAIN, dkim_key=str(tmp_path / "key.pem"), dkim_selector="cal")
    assert finding("DKIM", dns, sender).verdict is Verdict.FAULT


@pytest.mark.parametrize(
    ("name", "records", "verdict"),
    [
        ("_dmarc.example.org", [], Verdict.FAULT),
        ("_dmarc.example.org", ['"v=DMARC1; p=none"'], Verdict.WARN),
        ("_dmarc.example.org", ['"v=DMARC1; p=quarantine; pct=100"'], Verdict.OK),
        ("_dmarc.example.org", ['"v=DMARC1; p=whatever"'], Verdict.FAULT),
        ("_dmarc.example.org", ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"'], Verdict.FAULT),
    ],
)
def test_what_receivers_are_asked(dns: Nameserver, name: str, records: list[str], verdict: Verdict) -> None:
    dns.records[name, "TXT"] = records
    check = finding("DMARC", dns)
    assert check.verdict is verdict
    assert bool(check.line) == (verdict is not Verdict.OK)


def test_the_domain_above_speaks_for_those_below(dns: Nameserver) -> None:
    below = Sender(domain="news.example.org", hosts=(HOST,))
    assert finding("DMARC", dns, below).verdict is Verdict.OK
    dns.add("_dmarc.example.org", "TXT", '"v=DMARC1; p=reject; sp=none"')
    assert finding("DMARC", dns, below).verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("records", "verdict"),
    [
        ([], Verdict.FAULT),
        (["0 ."], Verdict.FAULT),
        (["10 gone.example.org."], Verdict.FAULT),
        (["10 mail.example.org.", "20 mail.example.org."], Verdict.OK),
    ],
)
def test_bounces_find_their_way(dns: Nameserver, records: list[str], verdict: Verdict) -> None:
    dns.records[DOMAIN, "MX"] = records
    assert finding("MX", dns).verdict is verdict


def test_names_lead_back_and_letters_are_encrypted(dns: Nameserver) -> None:
    dns.add("34.216.184.93.in-addr.arpa", "PTR", "elsewhere.example.net.")
    assert finding("PTR", dns).verdict is Verdict.WARN
    assert finding("TLS", dns, Sender(domain=DOMAIN, is_encrypted=False)).verdict is Verdict.FAULT


def test_silence_is_a_finding_within_seconds(dns: Nameserver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "TIMEOUT", 0.3)
    dns.is_silent = True
    found = examine(Sender(domain=DOMAIN, hosts=(HOST,)), Lookup(dns.address))
    assert [c.name for c in found if "no answer" in str(c.says)] == ["SPF", "DMARC", "MX", "PTR"]
    assert all(c.verdict is Verdict.WARN for c in found if c.name in ("SPF", "DMARC", "MX", "PTR"))


@pytest.mark.parametrize(
    ("smtp_url", "hosts", "is_encrypted", "is_own"),
    [
        ("", ("calendar.example.org",), True, True),
        ("smtp://127.0.0.1:25", ("calendar.example.org",), True, True),
        ("smtp://mail.example.org:587", ("mail.example.org",), True, True),
        ("smtp://u:p@smtp.example.net:25?tls=none", ("smtp.example.net",), False, False),
    ],
)
def test_the_settings_say_who_sends(
    tmp_path: Path, smtp_url: str, hosts: tuple[str, ...], is_encrypted: bool, is_own: bool
) -> None:
    settings = replace(
        Settings.for_tests(database_url="sqlite:///x", data_dir=tmp_path),
        mail_from="Calendar <calendar@example.org>",
        public_url="https://calendar.example.org",
        smtp_url=smtp_url,
    )
    sender = Sender.of(settings)
    assert (sender.domain, sender.hosts) == (DOMAIN, hosts)
    assert (sender.is_encrypted, sender.is_own_server) == (is_encrypted, is_own)


def test_long_texts_are_cut_into_strings() -> None:
    assert line("a.example.org", "TXT", "x" * 300) == f'a.example.org. 3600 IN TXT "{"x" * 255}" "{"x" * 45}"'
