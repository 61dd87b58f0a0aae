"""Whether a setting can work, judged before anything starts: one sentence each, which says what to write instead.

Nothing here connects to anything, and no sentence repeats a value: URLs carry passwords. What a running server says is
the business of `flask doctor` and `/readyz`.
"""

import logging
import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SMTP_TLS = ("starttls", "ssl", "none")
_MAILBOX = re.compile(r"[^\s<>@,;\"()]+@[^\s<>@,;\"()]+")
_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")

_SELECTOR = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?")

Check = Callable[[str], str]


def database_url(value: str) -> str:
    """SQLite in a file that all processes share, or PostgreSQL through psycopg 3."""
    wanted = "DATABASE_URL must be sqlite:////folder/file.sqlite or postgresql+psycopg://user:password@host/database."
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        return wanted
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        is_shared = bool(url.database) and url.database != ":memory:"
        sentence = "DATABASE_URL must name a file (sqlite:////folder/file.sqlite): web and worker share it."
        return "" if is_shared else sentence
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg2"):
        return "DATABASE_URL must begin with postgresql+psycopg:// (with the name of the driver)."
    return "" if url.drivername == "postgresql+psycopg" and url.database else wanted


def redis_url(value: str) -> str:
    """A Redis or Valkey server; empty for none."""
    parts = _parts(value)
    is_socket = parts is not None and parts.scheme == "unix" and bool(parts.path)
    is_server = parts is not None and parts.scheme in ("redis", "rediss") and _has_host(parts)
    number = parts.path.strip("/") if parts is not None and is_server else ""
    if value and not is_socket and not (is_server and (not number or number.isdecimal())):
        return "REDIS_URL must look like redis://host:6379/0 (rediss:// with TLS), or be left empty."
    return ""


def smtp_url(value: str) -> str:
    """The mail server; empty for none. The shape that `mail.smtp.Server` reads."""
    if not value:
        return ""
    parts = _parts(value)
    if parts is None or parts.scheme not in ("smtp", "smtps") or not _has_host(parts):
        return "SMTP_URL must look like smtp://user:password@host:587?tls=starttls."
    asked = parse_qs(parts.query, keep_blank_values=True)
    if set(asked) - {"tls"}:
        return "SMTP_URL knows one option, tls; please remove the others."
    if any(way not in SMTP_TLS for way in asked.get("tls", [])):
        return "SMTP_URL: tls must be starttls, ssl or none."
    if parts.username and not parts.password:
        return "SMTP_URL names a user without a password; write smtp://user:password@host:587?tls=starttls."
    return ""


def public_url(value: str) -> str:
    """The address people use: what links in letters begin with, and the only Host that is answered."""
    parts = _parts(value)
    if parts is None or parts.scheme not in ("http", "https") or not _has_host(parts):
        return "PUBLIC_URL must be the address people use, like https://calendar.example.org."
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        return "PUBLIC_URL must end after the host (https://calendar.example.org): the calendar has a host of its own."
    return ""


def map_tile_url(value: str) -> str:
    """Where pictures of streets come from: another host, or a path of this one; empty for none."""
    parts = _parts(value)
    is_here = value.startswith("/") and not value.startswith("//")
    is_there = parts is not None and parts.scheme == "https" and _has_host(parts)
    # The origin becomes part of a header, and the whole an attribute: nothing that would end one of them.
    is_plain = not set(value) & set(" ;,'\"<>\\") and value.isascii() and value.isprintable()
    if value and not ((is_here or is_there) and is_plain and all(part in value for part in ("{z}", "{x}", "{y}"))):
        return "MAP_TILE_URL must look like https://tiles.example.org/{z}/{x}/{y}.png, or be left empty."
    return ""


def mail_from(value: str) -> str:
    """The sender of all letters: an address, with or without a name in front."""
    return "" if _is_mailbox(value) else "MAIL_FROM must look like Remembrance Calendar <calendar@example.org>."


def mail_reply_to(value: str) -> str:
    """Where people's answers go, which somebody reads; empty for the sender's own mailbox."""
    return "" if not value or _is_mailbox(value) else "MAIL_REPLY_TO must look like Desk <desk@example.org>."


def _is_mailbox(value: str) -> bool:
    name, bracket, rest = value.rpartition("<")
    address, closing, after = rest.partition(">") if bracket else (value, ">", "")
    is_whole = bool(closing) and not after.strip() and value.isprintable() and "<" not in name
    return is_whole and _MAILBOX.fullmatch(address.strip()) is not None


def mail_dkim(key: str, selector: str) -> str:
    """Signing needs both: a file with the private key, and the name under which its public part stands in the DNS."""
    if bool(key) != bool(selector):
        return "MAIL_DKIM_KEY and MAIL_DKIM_SELECTOR belong together: set both, or none."
    if key and (wrong := _signing_key(key)):
        return f"MAIL_DKIM_KEY must be a file with the private key (PEM) of the sender's domain: {wrong}."
    if selector and not _SELECTOR.fullmatch(selector):
        return "MAIL_DKIM_SELECTOR must be a name like calendar2027."
    return ""


def _signing_key(path: str) -> str:
    """Why letters cannot be signed with this; receivers believe no RSA key under 1024 bits (RFC 8301)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from campaign.core import keys

    try:
        key = keys.read(Path(path))
    except ValueError as error:
        return str(error)
    if isinstance(key, RSAPrivateKey):
        return "" if key.key_size >= 1024 else f"RSA with {key.key_size} bits is too short, 2048 are usual"
    return "" if isinstance(key, Ed25519PrivateKey) else "it is neither RSA nor Ed25519"


def push_key(value: str) -> str:
    """What signs notifications of browsers (RFC 8292, 2: ES256); empty for none."""
    if not value:
        return ""
    from campaign.core import keys

    try:
        keys.public_point(value)
    except ValueError as error:
        return f"PUSH_KEY must be a file with a private key on the curve P-256 (PEM): {error}."
    return ""


def secret(name: str, value: str) -> str:
    """What somebody else's program shows to us; empty for none."""
    is_good = len(value) >= 16 and value.isascii() and value.isprintable() and " " not in value
    return f"{name} must have at least 16 letters and digits." if value and not is_good else ""


def uploads(value: str) -> str:
    """A folder that web processes share; see DECISIONS for the object store."""
    if "://" in value:
        return "UPLOADS must be a folder: object stores (s3://) are not supported yet, mount one as a folder instead."
    return "UPLOADS must be a folder, and there is a file of that name." if Path(value).is_file() else ""


def dns_server(value: str) -> str:
    """The name server that answers for the checks of the sender's domain; empty for this machine's own."""
    host, _, port = value.rpartition(":")
    try:
        is_right = not value or (ip_address(host.strip("[]")) is not None and 0 < int(port) < 65536)
    except ValueError:
        is_right = False
    return "" if is_right else "DNS_SERVER must be an address with a port, like 9.9.9.9:53 or [2620:fe::fe]:53."


def log_level(value: str) -> str:
    known = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    assert set(known) <= set(logging.getLevelNamesMapping())
    return "" if value in known else f"LOG_LEVEL must be one of {', '.join(known)}."


def whole_number(name: str, value: str, *, least: int, most: int) -> int:
    """The number. Raises ValueError with the sentence."""
    if not (value.isascii() and value.isdecimal() and len(value) < 9 and least <= int(value) <= most):
        raise ValueError(f"{name} must be a whole number from {least} to {most}.")
    return int(value)


def _parts(value: str) -> SplitResult | None:
    """The parts of an address; None where it is none, or its port is no port."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def _has_host(parts: SplitResult) -> bool:
    host = parts.netloc.rpartition("@")[2]
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return bool(_HOST.fullmatch(name))
