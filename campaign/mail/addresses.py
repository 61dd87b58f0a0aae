"""E-mail addresses in the form in which mail servers and headers take them."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from functools import lru_cache

import idna

LONGEST = 254  # RFC 5321, 4.5.3.1.3: a path has 256 octets, two of them brackets.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_ORDINARY = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+")


@lru_cache(1000)
def routable(address: str) -> str:
    """The address with its domain in ASCII (RFC 5891); a local part outside ASCII stays and needs SMTPUTF8.

    Raises ValueError for what is no single address: line breaks, two addresses, a name, an impossible domain.
    """
    if len(address.encode("utf-8", "surrogatepass")) > LONGEST:
        raise ValueError("not an e-mail address: too long")
    if _ORDINARY.fullmatch(address):
        return address
    local, _, domain = address.rpartition("@")
    if any(c.isspace() or not c.isprintable() for c in address):
        raise ValueError("not an e-mail address")
    try:
        whole = f"{local}@{idna.encode(domain, uts46=True).decode()}"
        # The parser knows ASCII only; letters of other scripts are as good as any letter (RFC 6532).
        stand_in = _FOREIGN.sub("x", whole)
        parsed = Address(addr_spec=stand_in)
    except (ValueError, MessageError, IndexError) as error:
        raise ValueError("not an e-mail address") from error
    if str(parsed) != stand_in:
        raise ValueError("not an e-mail address")
    return whole
