"""Public pages: home, list, month, day. Each is made once per version of the calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.accounts.gates import cached_public
from campaign.accounts.looks import viewer_zone
from campaign.calendar import (
    alternatives,
    context,
    counts,
    editions,
    finder,
    horizon,
    months,
    offered,
    pages,
    presenting,
    queries,
)
from campaign.calendar.filters import Filter
from campaign.calendar.listed import Listed
from campaign.calendar.map import queries as places
from campaign.calendar.map import views as map_pages
from campaign.calendar.map.picture import dots_path
from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.core.faults import NotFound
from campaign.core.languages import format_date
from campaign.places import countries

bp = Blueprint("calendar", __name__)

# A page of one day holds more than a page of the list: on most days this is all there is.
OF_A_DAY = 50


@bp.get("/")
@cached_public
def front() -> ResponseReturnValue:
    """The list of campaigns; with a single one, its home."""
    found = campaigns.open_campaigns()
    language = languages.chosen()
    if len(found) == 1:
        return redirect(url_for(".home", language=language, campaign=found[0].slug))
    rows = [
        (context.in_language(c.names, language), url_for(".home", language=language, campaign=c.slug)) for c in found
    ]
    return render_template("calendar/front.html", campaigns=rows)


@bp.get("/<language>/<campaign>/")
@cached_public
def home(language: str, campaign: str) -> Response:
    found = context.enter(language, campaign)
    return pages.answer(found, lambda: _home(found, language))


def _home(campaign: Campaign, language: str) -> str:
    today = context.today_anywhere()
    coming = editions.coming(campaign)
    first, last = coming.first, coming.last
    wanted = Filter(first=max(first, today), last=last)
    search = queries.Search(campaign.id, wanted)
    runs = search.on_view(max(first, today), last, limit=4)
    found = queries.page(search, limit=12)
    edition = queries.edition(campaign.id, first, last, places.shared(campaign, Filter(first=first, last=last)))
    return render_template(
        "calendar/home.html",
        day=context.next_day(campaign),
        victims=context.in_language(_terms(campaign, "victims"), language),
        totals=edition,
        lights=horizon.lights(edition.lights),
        light_sizes=horizon.SIZES,
        dots=dots_path(edition.places),
        map_url=url_for("map.page", language=language, campaign=campaign.slug),
        finder=finder.choices(campaign, Filter(), language, numbers=offered.numbers(campaign, Filter(first=today))),
        groups=_groups(campaign, found.rows, language),
        on_view=presenting.on_view(runs, language, campaign.slug),
        more_url=url_for(".events", language=language, campaign=campaign.slug),
        figures=finder.figures(campaign, language),
        feed_url=_feed(campaign, Filter(), language),
        year=last.year,
    )


def _terms(campaign: Campaign, name: str) -> dict[str, str]:
    terms = campaign.settings["source"].get("neutral_terms", {}).get(name, {})
    return terms if isinstance(terms, dict) else {"en": str(terms)}


def _groups(campaign: Campaign, rows: Any, language: str) -> list[presenting.DayGroup]:
    zone = viewer_zone()
    return presenting.by_day(rows, campaign.month, campaign.day, language, campaign.slug, zone)


def _feed(campaign: Campaign, wanted: Filter, language: str) -> str:
    query = wanted.query()
    return url_for(".feed", campaign=campaign.slug, **query, lang=language)


@bp.get("/<language>/<campaign>/events/")
@cached_public
def events(language: str, campaign: str) -> ResponseReturnValue:
    """The list, grouped by event-local date; `view=month` leads to the grid, `view=map` is the map."""
    found = context.enter(language, campaign)
    if request.args.get("view") == "map":
        return map_pages.show(found, language)
    wanted = Filter.read(request.args)
    if request.args.get("view") == "month":
        day = wanted.first or context.next_day(found)
        query = replace(wanted, first=None, last=None).query()
        target = url_for(".month", language=language, campaign=campaign, year=day.year, month=day.month, **query)
        return redirect(target)
    return pages.answer(found, lambda: _events(found, wanted, language))


def _events(campaign: Campaign, asked: Filter, language: str) -> str:
    wanted = queries.resolved(asked)
    today = context.today_anywhere()
    shown = queries.coming(wanted, today)
    search = queries.Search(campaign.id, shown)
    page = queries.page(search, after=wanted.page)
    count = search.count(queries.MOST)
    is_bare = not (page.rows or count.number)
    runs = (
        queries.alone(search, today, limit=months.MOST_RUNS)
        if is_bare
        else queries.beside(search, today, limit=_runs(shown))
    )
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    here = url_for(".events", **home)
    return render_template(
        "calendar/events.html",
        groups=_groups(campaign, page.rows, language),
        on_view=presenting.on_view(runs, language, campaign.slug),
        count=count,
        alone=_alone(runs) if is_bare else None,
        wanted=wanted,
        finder=finder.choices(campaign, wanted, language, here, offered.numbers(campaign, shown)),
        chips=finder.chips(wanted, language, here),
        next_url=url_for(".events", **home, **wanted.query(), page=page.next_key) if page.next_key else "",
        first_url=url_for(".events", **home, **wanted.query()) if wanted.page else "",
        feed_url=_feed(campaign, wanted, language),
        list_url=url_for(".events", **home, **wanted.query()),
        month_url=url_for(".events", **home, **wanted.query(), view="month"),
        map_url=url_for("map.page", **home, **wanted.query()),
        instead=None if page.rows or (is_bare and runs) else alternatives.find(campaign, shown, language),
        past_url=url_for(".events", **home, **Filter(first=date(today.year - 1, 1, 1), last=today).query()),
    )


def _alone(runs: Sequence[Listed]) -> queries.Counted | None:
    """How many exhibitions stand in place of events."""
    return queries.Counted(len(runs), is_more=len(runs) == months.MOST_RUNS) if runs else None


def _runs(wanted: Filter) -> int:
    """Whoever asks for a week or less wants every exhibition of it; beside a longer list stand a few."""
    first, last = wanted.first, wanted.last
    return months.MOST_RUNS if first and last and last - first < timedelta(days=7) else 8


@bp.get("/<language>/<campaign>/events/<int:year>/<int(fixed_digits=2):month>/")
@cached_public
def month(language: str, campaign: str, year: int, month: int) -> ResponseReturnValue:
    """One month; whoever asks for dates of their own, with the form above it, gets the list of those."""
    found = context.enter(language, campaign)
    if not (1900 <= year <= 2100 and 1 <= month <= 12):
        raise NotFound
    wanted = Filter.read(request.args)
    if wanted.first or wanted.last:
        return redirect(url_for(".events", language=language, campaign=campaign, **wanted.query()))
    return pages.answer(found, lambda: _month(found, wanted, language, year, month))


def _month(campaign: Campaign, asked: Filter, language: str, year: int, month: int) -> str:
    wanted = queries.resolved(asked)
    coming = queries.coming(wanted, context.today_anywhere())
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    query = wanted.query()
    here = url_for(".month", **home, year=year, month=month)

    def beside(by: int) -> tuple[str, str]:
        count = year * 12 + month - 1 + by
        there, which = divmod(count, 12)
        if not 1900 <= there <= 2100:
            return "", ""
        name = format_date(date(there, which + 1, 1), "LLLL" if there == year else "LLLL yyyy")
        return name, url_for(".month", **home, year=there, month=which + 1, **query)

    return render_template(
        "calendar/month.html",
        month=months.grid(campaign, wanted, language, date(year, month, 1), context.visitors_day()),
        earlier=beside(-1),
        later=beside(1),
        wanted=wanted,
        finder=finder.choices(
            campaign,
            wanted,
            language,
            here,
            offered.numbers(campaign, coming),
            dated=url_for(".events", **home),
        ),
        chips=finder.chips(wanted, language, here),
        list_url=url_for(".events", **home, **replace(wanted, first=date(year, month, 1), last=None).query()),
        here_url=url_for(".month", **home, year=year, month=month, **query),
        map_url=url_for("map.page", **home, **query, month=f"{year:04}-{month:02}"),
        feed_url=_feed(campaign, wanted, language),
    )


@bp.get("/<language>/<campaign>/events/<int:year>/<int(fixed_digits=2):month>/<int(fixed_digits=2):day>/")
@cached_public
def day(language: str, campaign: str, year: int, month: int, day: int) -> Response:
    found = context.enter(language, campaign)
    try:
        on = date(year, month, day)
    except ValueError:
        raise NotFound from None
    if not 1900 <= year <= 2100:
        raise NotFound
    wanted = Filter.read(request.args)
    return pages.answer(found, lambda: _day(found, wanted, language, on))


def _day(campaign: Campaign, asked: Filter, language: str, on: date) -> str:
    wanted = replace(queries.resolved(asked), first=None, last=None)
    search = queries.Search(campaign.id, replace(wanted, first=on, last=on))
    page = queries.page(search, after=wanted.page, limit=OF_A_DAY)
    runs = search.on_view(on, on, limit=months.MOST_RUNS)
    home: dict[str, Any] = {"language": language, "campaign": campaign.slug}
    one = timedelta(days=1)

    def there(day: date, **query: Any) -> str:
        return url_for(".day", **home, year=day.year, month=day.month, day=day.day, **query)

    count = search.count(queries.MOST)
    is_busy = bool(page.next_key or wanted.page)
    return render_template(
        "calendar/day.html",
        on=on,
        is_key=(on.month, on.day) == (campaign.month, campaign.day),
        count=count,
        alone=None if page.rows or count.number else _alone(runs),
        chips=finder.chips(wanted, language, there(on)),
        unknown=wanted.unknown,
        countries=_countries(campaign, wanted, language, on, there(on)) if is_busy and wanted.is_empty else (),
        groups=_groups(campaign, page.rows, language),
        next_url=there(on, **wanted.query(), page=page.next_key) if page.next_key else "",
        first_url=there(on, **wanted.query()) if wanted.page else "",
        on_view=presenting.on_view(runs, language, campaign.slug, on),
        earlier=(on - one, there(on - one, **wanted.query())),
        later=(on + one, there(on + one, **wanted.query())),
        month_url=url_for(".month", **home, year=on.year, month=on.month, **wanted.query()),
        feed_url=_feed(campaign, replace(wanted, first=on, last=on), language),
    )


def _countries(
    campaign: Campaign, wanted: Filter, language: str, on: date, address: str
) -> tuple[tuple[str, int, str], ...]:
    """(name, events, address) of the countries of a day that is too busy for one page, those with most events first."""
    numbers, link = counts.beginning_with(campaign.id, "country:", on), wanted.each(address, "country")
    found = [(countries.name(code, language), number, link(code)) for code, number in numbers.items()]
    return tuple(sorted(found, key=lambda row: (-row[1], row[0])))
