"""What the page of one event shows, put together from its listings, its journal and its neighbours."""

from dataclasses import replace
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from campaign.accounts.looks import viewer_zone
from campaign.calendar import changes, context, neighbours, presenting, queries, structured, timing
from campaign.calendar.listed import Listed
from campaign.calendar.profiles import content as profiles
from campaign.calendar.sharing import album, codes, links
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import clock, languages
from campaign.core.folding import slug
from campaign.events import labels
from campaign.events import queries as events
from campaign.events.details import EventDetails, Wording
from campaign.events.lifecycle import Answer, Duration, Status, access_of
from campaign.events.models import Event
from campaign.media import queries as media
from campaign.organizations.models import Organization
from campaign.places import countries, zones

# Dates of an event with many: so many get links of their own into other calendars; the file holds all.
_LINKED_DATES = 6


def url(event: Event, language: str, *, text: str | None = None) -> str:
    """The canonical address of an event's page: its reference, which never changes, and its title for the eye.

    `text` asks for the organiser's text in a language that the interface does not speak.
    """
    readable = slug(event.title)
    name = f"{event.ref}-{readable}" if readable else event.ref
    return url_for("calendar.event", language=language, campaign=event.campaign.slug, name=name, text=text)


def short_address(event: Event) -> str:
    """The whole short link, as posters and QR codes carry it."""
    return f"{_site()}{url_for('calendar.short_link', ref=event.ref)}"


def content(campaign: Campaign, event: Event, language: str) -> dict[str, Any]:
    """Everything `calendar/event.html` needs."""
    details = event.details
    dates = queries.of_event(event.id)
    hosts = [*([event.organization] if event.organization else []), *events.hosts(event.id)]
    wording, wording_language = _wording(details, language)
    country = countries.name(details.country, language)
    said = links.Said(title=wording.title, address=short_address(event), place=links.place_text(details, country))
    story, picture = changes.story(event), media.find(details.picture_id)
    stream = timing.stream(details, event.status, clock.now())
    card = album.event_card(event, campaign, language)
    picture_url = url_for("sharing.event_picture", ref=event.ref, lang=language, v=album.key(card))
    page = structured.Page(site=_site(), address=url(event, language), picture=picture_url, wording=wording)
    facts = structured.event(event, dates, hosts, picture=picture, story=story, stream_url=stream.url, page=page)
    return {
        "event": event,
        "details": details,
        "picture": picture,
        "picture_url": picture_url,
        "story": story,
        "stream": stream,
        "structured": structured.inline(facts),
        "country": country,
        "wording": wording,
        "wording_language": wording_language,
        "other_texts": _other_texts(event, wording_language),
        "hosts": [(host, _host_url(host, campaign, language)) for host in hosts],
        "desk": _desk(campaign, event, language) if story.is_reviewed else "",
        **_when(event, dates, campaign, language),
        **_words(details, language),
        **_ways_out(dates, said, details, country),
        **_beside(event, dates, campaign, language),
    }


def _wording(details: EventDetails, language: str) -> tuple[Wording, str]:
    """(text, its language): the one asked for with `text=`, the page's, or the main one."""
    asked = request.args.get("text", "")
    wanted = asked if asked == details.language or asked in details.translations else language
    wording = details.wording(wanted)
    has_own = wanted != details.language and wanted in details.translations
    return wording, wanted if has_own else details.language


def _other_texts(event: Event, shown: str) -> list[tuple[str, str, str]]:
    """(language, its own name, address) of the texts that the organiser wrote in other languages."""
    found = []
    for code in (event.details.language, *event.details.translations):
        if code != shown:
            here = languages.chosen()
            address = url(event, code) if code in languages.NAMES else url(event, here, text=code)
            found.append((code, labels.language_name(code, code), address))
    return found


def _host_url(host: Organization, campaign: Campaign, language: str) -> str:
    return url_for("profiles.organiser", language=language, campaign=campaign.slug, slug=host.slug)


def _desk(campaign: Campaign, event: Event, language: str) -> str:
    """Which desk reviewed it; empty where nobody is named for the country."""
    region = campaigns.region_for(campaign.id, event.country)
    return context.in_language(region.desk_names, language) if region else ""


def _when(event: Event, dates: Any, campaign: Campaign, language: str) -> dict[str, Any]:
    details, now = event.details, clock.now()
    known = timing.spans(details)
    here = timing.today(details.time_zone, now)
    is_run = details.duration is Duration.RUN and bool(dates)
    return {
        "dates": [_date(one, campaign, language) for one in dates],
        "zone_city": details.city or zones.city_of(details.time_zone, language),
        "today": here,
        "run_tag": presenting.opening(dates[0], here, here) if is_run else ("", ""),
        "changed_on": timing.today(details.time_zone, event.changed_at),
        "is_over": timing.is_over(known, now),
        "is_on": not is_run and details.is_time_known and timing.is_on(known, now),
    }


def _date(one: Listed, campaign: Campaign, language: str) -> presenting.Row:
    plain = presenting.row(one, language, campaign.slug)
    viewer = viewer_zone()
    return replace(plain, second=presenting.own_time(one, viewer, language)) if plain.time else plain


def _words(details: EventDetails, language: str) -> dict[str, Any]:
    answers = [(name, Answer(details.access.get(name) or Answer.UNKNOWN)) for name in access_of(details.mode)]
    return {
        "type_label": labels.TYPE[details.type] if details.type else "",
        "type_icon": labels.TYPE_ICON[details.type] if details.type else "calendar",
        "spoken": _(", ").join(labels.language_name(code, language) for code in details.spoken),
        "entry_label": labels.ENTRY[details.entry] if details.entry else "",
        "access": [(labels.ACCESS[name], labels.ANSWER[answer], str(answer)) for name, answer in answers],
    }


def _ways_out(dates: Any, said: links.Said, details: EventDetails, country: str) -> dict[str, Any]:
    now = clock.now()
    coming = [one for one in dates if one.ends_at > now][:_LINKED_DATES]
    return {
        "said": said,
        "calendars": links.calendars(coming, said),
        "messengers": links.messengers(said),
        "directions": links.directions(details, country),
        "qr": Markup(codes.inline(said.address)),  # noqa: S704 - drawn by us from our own address
    }


def _beside(event: Event, dates: Any, campaign: Campaign, language: str) -> dict[str, Any]:
    """Other events near, then others of the same day that are not shown among those."""
    now = clock.now()
    here = timing.today(event.details.time_zone, now)
    city = dates[0].city_key if dates else ""
    near = neighbours.near(event, city, here)
    day = next((one for one in dates if not one.is_run and one.ends_at > now), None)
    is_coming = day is not None and event.status is not Status.POSTPONED
    same = (
        neighbours.same_day(event, city, day.starts_on, day.starts_local, but=[n.event_id for n in near])
        if day and is_coming
        else []
    )
    return {
        "city_url": profiles.city_url(campaign, city, language) if city else "",
        "near": rows(near, campaign, language),
        "is_near_the_city": bool(near) and all(n.card["city"] == event.details.city for n in near),
        "same_day": rows(same, campaign, language),
        "day": day.starts_on if day else None,
    }


def rows(listings: list[Listed], campaign: Campaign, language: str) -> list[presenting.Row]:
    """Listings as short cards: in their own time only, so that they are the same for everybody."""
    return [presenting.row(one, language, campaign.slug) for one in listings]


def _site() -> str:
    return str(current_app.extensions["settings"].public_url)
