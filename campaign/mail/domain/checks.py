"""What is right and what is missing around the sender's domain; each finding with the line to add to the DNS."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from campaign.mail.domain import dkim, spf
from campaign.mail.domain.lookup import Ip, Lookup, NoAnswer
from campaign.mail.office import Office
from campaign.mail.smtp import Server
from config import Settings

_SHORT_KEY, _GOOD_KEY = 1024, 2048
_LONGEST_STRING = 255


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `says` is a sentence, `found` what the DNS holds now, `line` what to put there."""

    name: str
    verdict: Verdict
    says: Any
    found: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What the settings say about our letters. `hosts` are the machines that hand them to the world."""

    domain: str
    hosts: tuple[str, ...] = ()
    is_encrypted: bool = True
    dkim_key: str = ""
    dkim_selector: str = ""
    is_own_server: bool = True

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """A mail server on this machine sends from the address that people use."""
        server = Server.parse(settings.smtp_url) if settings.smtp_url else None
        is_here = server is None or server.host in ("localhost", "127.0.0.1", "::1")
        host = urlsplit(settings.public_url).hostname if is_here or server is None else server.host
        domain = Office.of(settings).domain
        return cls(
            domain=domain,
            hosts=(host,) if host else (),
            is_encrypted=is_here or (server is not None and server.tls != "none"),
            dkim_key=settings.mail_dkim_key,
            dkim_selector=settings.mail_dkim_selector,
            is_own_server=is_here or f".{host}".endswith(f".{domain}"),
        )


def examine(sender: Sender, lookup: Lookup) -> list[Check]:
    """All findings, asked at once; a question that nobody answers is a finding too."""
    asked: list[tuple[str, Callable[[Sender, Lookup], Check]]] = [
        ("SPF", check_spf),
        ("DKIM", check_dkim),
        ("DMARC", check_dmarc),
        ("MX", check_bounces),
        ("PTR", check_names),
        ("TLS", check_encryption),
    ]
    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(lambda one: _ask(one[0], one[1], sender, lookup), asked))


def _ask(name: str, check: Callable[[Sender, Lookup], Check], sender: Sender, lookup: Lookup) -> Check:
    try:
        return check(sender, lookup)
    except NoAnswer as error:
        return Check(name, Verdict.WARN, _l("The DNS gave no answer. Try again in a minute."), found=str(error))


def line(name: str, kind: str, value: str) -> str:
    """A line of a zone file; long texts are cut into strings of 255 (RFC 1035, 3.3)."""
    if kind == "TXT":
        cut = [value[n : n + _LONGEST_STRING] for n in range(0, len(value), _LONGEST_STRING)]
        value = " ".join(f'"{part}"' for part in cut)
    return f"{name}. 3600 IN {kind} {value}"


def check_spf(sender: Sender, lookup: Lookup) -> Check:
    """Whether receivers are told that our mail server may send for the domain."""
    found, domain = spf.records(lookup, sender.domain), sender.domain
    addresses = _addresses(sender, lookup)
    own = " ".join(f"ip{a.version}:{a}" for a in addresses) or "mx"
    if not found:
        says = _l("Nothing says which servers may send letters of this domain. Add one line.")
        return Check("SPF", Verdict.FAULT, says, line=line(domain, "TXT", f"v=spf1 {own} -all"))
    if len(found) > 1:
        says = _l("There is more than one SPF line; receivers then ignore all of them. Keep one.")
        return Check("SPF", Verdict.FAULT, says, found="\n".join(found))
    if spf.last_word(found[0]) is spf.Result.PASS:
        says = _l("The line allows every server in the world to send (+all). End it with -all.")
        return Check("SPF", Verdict.FAULT, says, found[0], line(domain, "TXT", _closed(found[0])))
    if not addresses:
        says = _l("There is an SPF line, but the address of the sending server is not known, so it was not tried.")
        return Check("SPF", Verdict.WARN, says, found[0])
    return _judged(sender, lookup, found[0], addresses)


def _judged(sender: Sender, lookup: Lookup, record: str, addresses: list[Ip]) -> Check:
    try:
        missing = [a for a in addresses if spf.Judge(lookup, a).result(sender.domain) is not spf.Result.PASS]
    except spf.Broken as error:
        says = _l("Receivers cannot use the SPF line: %(reason)s.", reason=str(error))
        return Check("SPF", Verdict.FAULT, says, record)
    if missing:
        return _unnamed(sender, record, missing)
    if spf.last_word(record) is spf.Result.NEUTRAL:
        says = _l("Our server may send, but the line says nothing about others. End it with ~all or -all.")
        return Check("SPF", Verdict.WARN, says, record, line(sender.domain, "TXT", _closed(record)))
    return Check("SPF", Verdict.OK, _l("Our server may send letters of this domain."), record)


def _unnamed(sender: Sender, record: str, missing: list[Ip]) -> Check:
    """A provider's relay may send from other addresses than it takes letters on; our own server does not."""
    servers, wanted = ", ".join(map(str, missing)), record
    for address in missing:
        wanted = spf.allowing(wanted, f"ip{address.version}:{address}")
    change = line(sender.domain, "TXT", wanted)
    if sender.is_own_server:
        says = _l("The line does not allow %(server)s to send. Change it.", server=servers)
        return Check("SPF", Verdict.FAULT, says, record, change)
    says = _l(
        "The line does not name %(server)s. If your mail provider sends from there, change it; otherwise add what the"
        " provider asks for, usually an include.",
        server=servers,
    )
    return Check("SPF", Verdict.WARN, says, record, change)


def _closed(record: str) -> str:
    words = [word for word in record.split() if word.lower().lstrip("+?~-") != "all"]
    return " ".join([*words, "-all"])


def check_dkim(sender: Sender, lookup: Lookup) -> Check:
    """Whether the public half of our key stands where receivers look for it."""
    if not sender.dkim_key:
        says = _l(
            "This installation signs no letters. If the mail server does not sign them either, set MAIL_DKIM_KEY and"
            " MAIL_DKIM_SELECTOR."
        )
        return Check("DKIM", Verdict.WARN, says)
    name = f"{sender.dkim_selector}._domainkey.{sender.domain}"
    try:
        key = dkim.public_half(Path(sender.dkim_key))
    except ValueError as error:
        return Check("DKIM", Verdict.FAULT, _l("MAIL_DKIM_KEY cannot be read: %(reason)s.", reason=str(error)))
    wanted, found = line(name, "TXT", key.record), lookup.texts(name)
    if not found:
        says = _l("Letters are signed, but nobody can check it: the key is not in the DNS.")
        return Check("DKIM", Verdict.FAULT, says, line=wanted)
    if not any(dkim.is_same(record, key) for record in found):
        says = _l("The key in the DNS is not the one that signs our letters.")
        return Check("DKIM", Verdict.FAULT, says, "\n".join(found), wanted)
    return _published(key, found[0], wanted)


def _published(key: dkim.PublicKey, record: str, wanted: str) -> Check:
    if key.kind == "rsa" and key.bits < _GOOD_KEY:
        says = _l("The key has only %(bits)s bits; make one with 2048.", bits=key.bits)
        return Check("DKIM", Verdict.FAULT if key.bits < _SHORT_KEY else Verdict.WARN, says, record)
    if "y" in dkim.tags(record).get("t", "").split(":"):
        says = _l("The key is marked as a test (t=y); receivers may ignore the signature.")
        return Check("DKIM", Verdict.WARN, says, record, wanted)
    return Check("DKIM", Verdict.OK, _l("The key in the DNS is the one that signs our letters."), record)


def check_dmarc(sender: Sender, lookup: Lookup) -> Check:
    """What receivers are asked to do with letters that are neither signed nor sent by us."""
    name, found = _policy(sender.domain, lookup)
    wanted = line(f"_dmarc.{sender.domain}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:postmaster@{sender.domain}")
    if not found:
        says = _l("Large mailboxes refuse letters of domains that say nothing here. Add one line.")
        return Check("DMARC", Verdict.FAULT, says, line=wanted)
    said = dkim.tags(found[0])
    policy = said.get("sp" if name != sender.domain and "sp" in said else "p", "").lower()
    if len(found) > 1 or policy not in ("none", "quarantine", "reject"):
        says = _l("Receivers cannot use the DMARC line. Replace it.")
        return Check("DMARC", Verdict.FAULT, says, "\n".join(found), wanted)
    if policy == "none":
        says = _l("Forged letters in our name are only counted. Once SPF and DKIM are right, ask for quarantine.")
        return Check("DMARC", Verdict.WARN, says, found[0], wanted)
    return Check("DMARC", Verdict.OK, _l("Receivers are told to stop forged letters in our name."), found[0])


def _policy(domain: str, lookup: Lookup) -> tuple[str, list[str]]:
    """The records in force and the domain they stand at: its own, or that of the nearest domain above with one."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = ".".join(labels[start:])
        found = [t for t in lookup.texts(f"_dmarc.{name}") if dkim.tags(t).get("v", "").upper() == "DMARC1"]
        if found:
            return name, found
    return domain, []


def check_bounces(sender: Sender, lookup: Lookup) -> Check:
    """Whether letters that cannot be delivered find their way back."""
    exchanges, host = lookup.exchanges(sender.domain), sender.hosts[0] if sender.hosts else f"mail.{sender.domain}"
    wanted = line(sender.domain, "MX", f"10 {host}.")
    if exchanges == [""]:
        says = _l("The domain says that it takes no mail, so nothing can come back, and some receivers refuse it.")
        return Check("MX", Verdict.FAULT, says, "0 .", wanted)
    if not exchanges:
        is_reachable = bool(lookup.addresses(sender.domain))
        says = _l("No mail server is named for this domain: letters that bounce may not come back.")
        return Check("MX", Verdict.WARN if is_reachable else Verdict.FAULT, says, line=wanted)
    dead = [host for host in exchanges if not lookup.addresses(host)]
    if dead:
        says = _l("The mail server %(server)s has no address.", server=dead[0])
        return Check("MX", Verdict.FAULT, says, "\n".join(exchanges))
    return Check("MX", Verdict.OK, _l("Letters that bounce find their way back."), "\n".join(exchanges))


def check_names(sender: Sender, lookup: Lookup) -> Check:
    """Whether the sending addresses have names that lead back to them."""
    addresses = _addresses(sender, lookup)
    if not addresses:
        return Check("PTR", Verdict.WARN, _l("The address of the sending server is not known."))
    for address in addresses:
        names = lookup.names(address)
        if not any(address in lookup.addresses(name) for name in names):
            says = _l("The name of %(server)s does not lead back to it; its network operator sets it.", server=address)
            return Check("PTR", Verdict.WARN, says, "\n".join(names))
    return Check("PTR", Verdict.OK, _l("The sending addresses have names that lead back to them."))


def check_encryption(sender: Sender, _lookup: Lookup) -> Check:
    if not sender.is_encrypted:
        says = _l("Letters go to the mail server in the open. Use tls=starttls or tls=ssl in SMTP_URL.")
        return Check("TLS", Verdict.FAULT, says)
    return Check("TLS", Verdict.OK, _l("Letters reach the mail server encrypted, or never leave this machine."))


def _addresses(sender: Sender, lookup: Lookup) -> list[Ip]:
    """The public addresses of the machines that send."""
    found = (address for host in sender.hosts for address in _literal(host) or lookup.addresses(host))
    return [address for address in found if address.is_global]


def _literal(host: str) -> list[Ip]:
    try:
        return [ip_address(host)]
    except ValueError:
        return []
