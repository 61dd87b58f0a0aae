"""Where to go next: only addresses of this site, whatever the link said."""

import re
from urllib.parse import urlsplit

_ODD = re.compile(r"[\x00-\x20\x7f\\]")


def local_path(asked: str | None, otherwise: str) -> str:
    """`asked` if it is a path on this site, else `otherwise`. Browsers read `//host` and `/\\host` as other sites."""
    if not asked or len(asked) > 2000 or not asked.startswith("/") or asked.startswith("//") or _ODD.search(asked):
        return otherwise
    try:
        parts = urlsplit(asked)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else asked


def path_of(address: str | None, host: str, otherwise: str) -> str:
    """The path of a full address (a Referer) if it is on this host, else `otherwise`."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return otherwise
    if parts.netloc != host:
        return otherwise
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""), otherwise)
