"""Questions to the DNS: few seconds each, and an error only where nobody answered."""

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, ip_address

import dns.exception
import dns.resolver
import dns.reversename
from dns.rdatatype import RdataType

TIMEOUT = 3.0
Ip = IPv4Address | IPv6Address


class NoAnswer(Exception):
    """No name server answered in time, or it refused to."""


@dataclass(frozen=True)
class Lookup:
    """`server` is `address:port` of a name server; empty for those of this machine."""

    server: str = ""

    def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each joined from its parts (RFC 7208, 3.3)."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, RdataType.TXT)]

    def addresses(self, name: str) -> list[Ip]:
        found = [*self._ask(name, RdataType.A), *self._ask(name, RdataType.AAAA)]
        return [ip_address(record.address) for record in found]

    def exchanges(self, name: str) -> list[str]:
        """The hosts that take mail for a domain, the preferred first; an empty name says that none does (RFC 7505)."""
        found = sorted(self._ask(name, RdataType.MX), key=lambda record: record.preference)
        return [record.exchange.to_text(omit_final_dot=True).rstrip(".") for record in found]

    def names(self, address: Ip) -> list[str]:
        """What an address is called, by its own operator."""
        found = self._ask(dns.reversename.from_address(str(address)).to_text(), RdataType.PTR)
        return [record.target.to_text(omit_final_dot=True) for record in found]

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        try:
            resolver = dns.resolver.Resolver(configure=not self.server)
        except dns.resolver.NoResolverConfiguration as error:
            raise NoAnswer("this machine knows no name server") from error
        if self.server:
            host, _, port = self.server.rpartition(":")
            resolver.nameservers, resolver.port = [host.strip("[]")], int(port)
        resolver.timeout = resolver.lifetime = TIMEOUT
        return resolver

    def _ask(self, name: str, kind: RdataType):  # type: ignore[no-untyped-def]
        """The records; none where the name does not exist. Raises NoAnswer."""
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise NoAnswer(f"{name} {kind.name}: {type(error).__name__}") from error
