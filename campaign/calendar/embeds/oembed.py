"""oEmbed 1.0: from the address of a page of ours to the frame that shows it elsewhere."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from campaign.calendar import context, presenting, queries
from campaign.calendar.filters import Filter
from campaign.campaigns import queries as campaigns
from campaign.core import languages
from campaign.core.faults import NotFound
from campaign.events import queries as events
from campaign.events.lifecycle import PUBLIC

_EVENT = re.compile(r"/(?P<language>[a-z]{2})/(?P<campaign>[a-z0-9-]+)/e/(?P<ref>[0-9A-Za-z]+)(?:-[^/]*)?")
_LIST = re.compile(r"/(?P<language>[a-z]{2})/(?P<campaign>[a-z0-9-]+)/(?:events/)?")
WIDTH, LIST_HEIGHT, EVENT_HEIGHT = 640, 640, 260


def describe(args: Mapping[str, str], site: str) -> dict[str, Any]:
    """The answer for `url`, within `maxwidth` × `maxheight`. Raises NotFound for an address that is not ours."""
    address = args.get("url", "")
    if not address.startswith(f"{site}/"):
        raise NotFound
    parts = urlsplit(address)
    if found := _EVENT.fullmatch(parts.path):
        title, frame, height = _event(**found.groupdict())
    elif found := _LIST.fullmatch(parts.path):
        title, frame, height = _list(**found.groupdict(), query=parts.query)
    else:
        raise NotFound
    width, height = _at_most(args.get("maxwidth"), WIDTH), _at_most(args.get("maxheight"), height)
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Remembrance Calendar",
        "provider_url": f"{site}/",
        "title": title,
        "width": width,
        "height": height,
        "html": iframe(site + frame, title, width=width, height=height),
    }


def iframe(address: str, title: str, *, width: int, height: int) -> str:
    """The element other pages put in; it may open links in new windows and nothing else.

    It stays of our origin, or browsers would refuse it the icons; without scripts it can do nothing with that.
    """
    element = Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" '
        'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>'
    )
    return str(element.format(address, title, width, height))


def _event(language: str, campaign: str, ref: str) -> tuple[str, str, int]:
    event = events.get(ref)
    listings = queries.of_event(event.id)
    if event.status not in PUBLIC or event.campaign.slug != campaign or not listings:
        raise NotFound
    title, _spoken = presenting.title_of(listings[0], language)
    return title, url_for("embeds.single", campaign=campaign, ref=event.ref, lang=language), EVENT_HEIGHT


def _list(language: str, campaign: str, query: str) -> tuple[str, str, int]:
    if language not in languages.NAMES:
        raise NotFound
    found = campaigns.get_by_slug(campaign)
    wanted = Filter.read(MultiDict(parse_qsl(query)))
    frame = url_for("embeds.agenda", campaign=campaign, is_fragment=False, **wanted.query(), lang=language)
    return context.in_language(found.names, language), frame, LIST_HEIGHT


def _at_most(asked: str | None, usual: int) -> int:
    """No more than was asked; nonsense counts as no wish, as does a number wider than any screen."""
    if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked) > 0:
        return min(usual, int(asked))
    return usual
