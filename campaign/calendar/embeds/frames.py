"""What every answer for other sites has in common: it may be framed, it runs no script, it reads and sets no cookie."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from campaign.core import languages
from campaign.core.jinja import THEMES

# Styles, fonts and pictures are ours; nothing else may load, and any page may frame it.
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the embedding page wants it: a language of ours and a theme, or the reader's system theme."""

    language: str
    theme: str

    @classmethod
    def read(cls) -> "Look":
        """From `lang` and `theme` of the address. What a browser prefers says nothing about the page around us."""
        language, theme = request.args.get("lang", ""), request.args.get("theme", "")
        return cls(
            language=language if language in languages.NAMES else languages.DEFAULT,
            theme=theme if theme in THEMES else "",
        )

    @property
    def names(self) -> dict[str, Any]:
        """What the layout needs instead of what a visitor's cookies would say."""
        return {"language": self.language, "direction": languages.direction(self.language), "theme": self.theme}

    @property
    def query(self) -> dict[str, str]:
        return {"lang": self.language, **({"theme": self.theme} if self.theme else {})}


def framed(response: Response) -> Response:
    """May be shown inside any page, and fetched from any page's script or server."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Vary"] = "Accept-Encoding"
    return response
