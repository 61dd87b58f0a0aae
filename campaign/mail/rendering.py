"""Writes a letter from `templates/emails/<kind>/{subject.txt,body.txt,body.html}` in the reader's language."""

import re
from collections.abc import Mapping
from typing import Any

from flask import current_app
from markupsafe import Markup

from campaign.core import languages
from campaign.core.folding import clean, one_line
from campaign.mail.composers import Message
from campaign.mail.models import Letter
from campaign.mail.office import Office

_EMPTY_LINES = re.compile(r"\n\s*\n")
SUBJECT_AT_MOST = 60
# What the layouts ask for and a letter may leave out.
_FOOTER = {"reason": "", "preferences_url": "", "other_language_url": ""}


def render(
    kind: str,
    language: str,
    context: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    attachments: tuple[tuple[str, str, bytes], ...] = (),
) -> Message:
    """One message in one language. Templates get the context plus `language`, `direction` and `public_url`.

    The page context of a request is left out on purpose: what a letter says must not depend on who triggered it.
    """
    spoken = language if language in languages.NAMES else languages.DEFAULT
    names = {
        **_FOOTER,
        "language": spoken,
        "direction": languages.direction(spoken),
        "public_url": Office.current().public_url,
        **context,
    }
    with languages.speaking(spoken):
        subject = current_app.jinja_env.get_template(f"emails/{kind}/subject.txt").render(names)
        text = _in_layout(kind, "txt", names)
        html = _in_layout(kind, "html", names | {"title": " ".join(subject.split())})
    # What people typed long ago, or elsewhere, may hold what turns the lines of a letter around.
    return Message(
        subject=shortened(one_line(subject)),
        text=_EMPTY_LINES.sub("\n\n", clean(text)).strip() + "\n",
        html=clean(html) + "\n",
        headers=dict(headers or {}),
        attachments=attachments,
    )


def shortened(subject: str) -> str:
    """A subject that mail programs show whole: cut between words, the cut marked."""
    if len(subject) <= SUBJECT_AT_MOST:
        return subject
    words = subject[:SUBJECT_AT_MOST].rsplit(" ", 1)[0]
    return words.rstrip(" ,.:;–-“") + "…"


def _in_layout(kind: str, ending: str, names: Mapping[str, Any]) -> str:
    """A body that extends the layout, or a plain fragment that is put into it."""
    environment = current_app.jinja_env
    name, layout = f"emails/{kind}/body.{ending}", f"emails/layout.{ending}"
    body = environment.get_template(name).render({**names, "content": ""})
    assert environment.loader is not None
    if "{% extends" in environment.loader.get_source(environment, name)[0]:
        return body
    # The fragment was escaped when it was rendered; the text layout escapes nothing.
    return environment.get_template(layout).render({**names, "content": Markup(body.strip())})  # noqa: S704


def from_context(letter: Letter) -> Message:
    """The default composer: the templates of the kind, filled with what was promised."""
    return render(letter.kind, letter.language, letter.context)
