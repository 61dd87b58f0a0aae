"""Addresses of places and organisers. What never had an event is 404, with what is nearest to it."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from campaign.accounts.gates import cached_public
from campaign.calendar import context, pages, terms
from campaign.calendar.profiles import content, queries
from campaign.campaigns.models import Campaign
from campaign.core.faults import NotFound
from campaign.organizations import queries as organizations
from campaign.places import queries as gazetteer
from campaign.places.countries import is_country
from campaign.places.models import LONGEST_NAME

bp = Blueprint("profiles", __name__)
_SHORTLY = {"Cache-Control": "public, max-age=60", "Vary": "Cookie"}


@bp.get("/<language>/<campaign>/places/")
@cached_public
def places(language: str, campaign: str) -> ResponseReturnValue:
    """All countries and cities with their events of all years."""
    found = context.enter(language, campaign)
    return pages.answer(
        found, lambda: render_template("profiles/places.html", lands=content.everywhere(found, language))
    )


@bp.get("/<language>/<campaign>/places/<code>/")
@cached_public
def country(language: str, campaign: str, code: str) -> ResponseReturnValue:
    found = context.enter(language, campaign)
    if not is_country(code.upper()):
        raise NotFound
    if code != code.lower():
        return redirect(content.country_url(found, code, language), 301)
    try:
        return pages.answer(
            found, lambda: render_template("profiles/place.html", **content.country(found, code.upper(), language))
        )
    except content.NothingListed:
        return _nothing_there(found, language)


@bp.get("/<language>/<campaign>/places/<code>/<name>/")
@cached_public
def city(language: str, campaign: str, code: str, name: str) -> ResponseReturnValue:
    """A city by its key in the calendar; other spellings that the gazetteer knows lead there."""
    found = context.enter(language, campaign)
    key = f"{code}/{name}".lower()
    if not is_country(code.upper()) or not _is_name(name):
        raise NotFound
    if key != f"{code}/{name}":
        return redirect(content.city_url(found, key, language), 301)
    try:
        return pages.answer(found, lambda: render_template("profiles/place.html", **content.city(found, key, language)))
    except content.NothingListed:
        return _elsewhere(found, code.upper(), name, language)


def _is_name(text: str) -> bool:
    """Whether this can be a part of an address that we gave out."""
    return len(text) <= LONGEST_NAME and text.isprintable()


def _elsewhere(campaign: Campaign, code: str, name: str, language: str) -> ResponseReturnValue:
    """Where a city has no page: the page under its usual name, else what is nearest."""
    known = gazetteer.find_city(name.replace("-", " "), code)
    if known is None:
        return _nothing_there(campaign, language, code)
    key = terms.city_key(known.country, known.name)
    if key != f"{code.lower()}/{name}" and queries.place(campaign.id, key) is not None:
        return redirect(content.city_url(campaign, key, language))
    near = queries.nearest(queries.everywhere(campaign.id), known.latitude, known.longitude)
    return _nothing(near=content.linked(campaign, near, language))


def _nothing_there(campaign: Campaign, language: str, code: str = "") -> ResponseReturnValue:
    known = (code and queries.everywhere(campaign.id, code)) or queries.everywhere(campaign.id)
    return _nothing(near=content.linked(campaign, queries.nearest(known, None, None), language))


@bp.get("/<language>/<campaign>/organisers/")
@cached_public
def organisers(language: str, campaign: str) -> ResponseReturnValue:
    """Everybody who holds or held a public event, by name, with the events of all years."""
    found = context.enter(language, campaign)
    return pages.answer(
        found,
        lambda: render_template(
            "profiles/organisers.html", **content.organisers(found, request.args.get("page", ""), language)
        ),
    )


@bp.get("/<language>/<campaign>/organisers/<slug>/")
@cached_public
def organiser(language: str, campaign: str, slug: str) -> ResponseReturnValue:
    """An organiser with its public events in this calendar; one without any need not be known to anybody."""
    found = context.enter(language, campaign)
    if not _is_name(slug):
        raise NotFound
    try:
        known = organizations.get_by_slug(slug)
        return pages.answer(
            found, lambda: render_template("profiles/organiser.html", **content.organiser(found, known, language))
        )
    except NotFound:
        like = queries.organisers_like(found.id, slug)
        return _nothing(organisers=like, words=" ".join(slug.split("-")))


def _nothing(**values: object) -> ResponseReturnValue:
    shown = {"near": (), "organisers": (), "words": ""} | values
    return render_template("profiles/nothing.html", **shown), 404, _SHORTLY
