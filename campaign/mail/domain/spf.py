"""Which machines may send for a domain (RFC 7208): enough of the rules to judge the addresses that send for us."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_network

from campaign.mail.domain.lookup import Ip, Lookup

# RFC 7208, 4.6.4: receivers stop there and count the record as broken.
MOST_LOOKUPS = 10
_TERM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^\s/]+))?((?:/[^\s]*)?)", re.IGNORECASE)
_IP = re.compile(r"([+?~-]?)ip[46]:(\S+)", re.IGNORECASE)


class Result(StrEnum):
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    BROKEN = "permerror"


_SIGNS = {"": Result.PASS, "+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}


class Broken(Exception):
    """Receivers treat the record as if there was an error; the text says which."""


def records(lookup: Lookup, domain: str) -> list[str]:
    return [text for text in lookup.texts(domain) if re.match(r"v=spf1(\s|$)", text, re.IGNORECASE)]


@dataclass
class Judge:
    """Evaluates records for one address; counts the lookups that receivers would count."""

    lookup: Lookup
    address: Ip
    lookups: int = field(default=0)

    def result(self, domain: str) -> Result:
        """What receivers find. Raises Broken, and NoAnswer where the DNS is silent."""
        found = records(self.lookup, domain)
        if len(found) > 1:
            raise Broken(f"{domain} has {len(found)} SPF records")
        if not found:
            return Result.NONE
        terms = found[0].split()[1:]
        for term in terms:
            if (said := self._term(term, domain)) is not None:
                return said
        return self._redirected(terms)

    def _redirected(self, terms: list[str]) -> Result:
        for term in terms:
            name, is_redirect, target = term.partition("=")
            if is_redirect and name.lower() == "redirect":
                self._count(term)
                said = self.result(target)
                if said is Result.NONE:
                    raise Broken(f"{target} has no SPF record")
                return said
        return Result.NEUTRAL

    def _term(self, term: str, domain: str) -> Result | None:
        """The result if the term fits the address; None where the next one decides."""
        if literal := _IP.fullmatch(term):
            return _SIGNS[literal[1]] if self._is_within(literal[2]) else None
        if re.match(r"[a-z][a-z0-9._-]*=", term, re.IGNORECASE):
            return None  # A modifier; `redirect` counts at the end only.
        found = _TERM.fullmatch(term)
        if found is None:
            raise Broken(f"{term} is no SPF term")
        sign, mechanism, target, length = found[1], found[2].lower(), found[3] or domain, found[4]
        if mechanism == "all":
            return _SIGNS[sign]
        self._count(term)
        if "%" in target:
            return None  # A macro: what it becomes depends on the letter.
        fits = self._includes(target) if mechanism == "include" else self._is_among(mechanism, target, length)
        return _SIGNS[sign] if fits else None

    def _includes(self, target: str) -> bool:
        said = self.result(target)
        if said is Result.NONE:
            raise Broken(f"{target} has no SPF record")
        return said is Result.PASS

    def _is_among(self, mechanism: str, target: str, length: str) -> bool:
        if mechanism == "exists":
            return bool(self.lookup.addresses(target))
        if mechanism == "ptr":
            return any(name == target or name.endswith(f".{target}") for name in self.lookup.names(self.address))
        hosts = self.lookup.exchanges(target)[:MOST_LOOKUPS] if mechanism == "mx" else [target]
        return any(self._is_near(one, length) for host in hosts if host for one in self.lookup.addresses(host))

    def _is_near(self, one: Ip, length: str) -> bool:
        """Whether the address lies in the network of `one`; `/24//64` are lengths for IPv4 and for IPv6."""
        if one.version != self.address.version:
            return False
        four, _, six = length.removeprefix("/").partition("//") if not length.startswith("//") else ("", "", length[2:])
        bits = (four or "32") if one.version == 4 else (six or "128")
        return self._is_within(f"{one}/{bits}")

    def _is_within(self, network: str) -> bool:
        try:
            return self.address in ip_network(network, strict=False)
        except ValueError as error:
            raise Broken(f"{network} is no network") from error

    def _count(self, term: str) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise Broken(f"more than {MOST_LOOKUPS} lookups, at {term}")


def allowing(record: str, term: str) -> str:
    """The record with one more term, before what it says about everybody else."""
    words = record.split()
    place = next((n for n, word in enumerate(words) if _closes(word)), len(words))
    return " ".join([*words[:place], term, *words[place:]])


def _closes(word: str) -> bool:
    return word.lower().lstrip("+?~-") == "all" or word.lower().startswith("redirect=")


def last_word(record: str) -> Result:
    """What it says about everybody who is not named; `none` where another record says it."""
    for word in record.split()[1:]:
        if word.lower().lstrip("+?~-") == "all":
            return _SIGNS.get(word[:1], Result.PASS)
    return Result.NONE if "redirect=" in record.lower() else Result.NEUTRAL
