"""The day of remembrance around the world, made anew every half minute and kept in between."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, url_for

from campaign.accounts.gates import cached_public
from campaign.accounts.looks import viewer_zone
from campaign.calendar import context, pages
from campaign.calendar.filters import Filter
from campaign.calendar.map import queries as places
from campaign.calendar.now import moments, presenting, queries
from campaign.calendar.now.moments import Phase, State
from campaign.campaigns import days, silence
from campaign.campaigns.models import Campaign
from campaign.core import clock
from campaign.places import zones

bp = Blueprint("now", __name__)
FRESH = timedelta(seconds=30)


@bp.get("/<language>/<campaign>/now/")
@cached_public
def page(language: str, campaign: str) -> Response:
    found = context.enter(language, campaign)
    now = clock.now()
    made = datetime.fromtimestamp(now.timestamp() // FRESH.total_seconds() * FRESH.total_seconds(), UTC)
    return pages.answer(found, lambda: _page(found, language, now), turns=(made, made + FRESH))


def _page(campaign: Campaign, language: str, now: datetime) -> str:
    day = moments.day_to_show((days.in_year(campaign, now.year + n) for n in (-1, 0, 1)), now)
    phase = moments.phase(day, now)
    spots = places.shared(campaign, Filter(first=day, last=day))
    viewer = viewer_zone()
    return render_template(
        "calendar/now.html",
        day=day,
        phase=phase.value,
        clock=now,
        mine=presenting.mine(now, viewer, language),
        list_url=url_for(
            "calendar.day", language=language, campaign=campaign.slug, year=day.year, month=day.month, day=day.day
        ),
        listed=sum(spot.events for spot in spots),
        cities=sum(1 for spot in spots if spot.key),
        **_silence(campaign, language, day, now, viewer, spots),
        **_events(campaign, language, day, now, viewer, phase),
    )


def _silence(
    campaign: Campaign, language: str, day: date, now: datetime, viewer: str, spots: Sequence[places.Spot]
) -> dict[str, Any]:
    """The row of flames with its sentences, and the figure, which is lit where the moment was kept."""
    kept = silence.read(campaign.settings["source"].get("silence"))
    line = moments.date_line(now)
    if kept is None:
        lit = {s.time_zone: now.astimezone(zones.zone(s.time_zone)).date() == day for s in spots}
        return {"silence": None, "figure": presenting.figure(spots, lit, line, day)}
    listed = moments.of_listings([(s.time_zone, s.name, s.events) for s in spots if s.key])
    row = moments.flames(kept, day, listed, now)
    lit = {p.zone: f.state in (State.KEPT, State.KEEPING) for f in row for p in f.places}
    return {
        "silence": kept,
        "label": context.in_language(dict(kept.label), language) if kept.label else "",
        "flames": presenting.flame_items(kept, row, day, viewer, language),
        "kept_sentence": presenting.kept_sentence(kept, row, now, language),
        "next_sentence": presenting.next_sentence(kept, row, day, now, viewer, language),
        "figure": presenting.figure(spots, lit, line, day),
    }


def _events(campaign: Campaign, language: str, day: date, now: datetime, viewer: str, phase: Phase) -> dict[str, Any]:
    """What is under way, what begins soon and what is over; before the day, what it will begin with."""
    is_before = phase is Phase.BEFORE
    listings = queries.first_of(campaign.id, day) if is_before else queries.around(campaign.id, day, now)
    rows = list(zip(listings, presenting.live_rows(listings, day, now, viewer, language, campaign.slug), strict=True))
    return {
        "tally": queries.tally(campaign.id, day, now),
        "first_rows": [row for _listing, row in rows] if is_before else [],
        "under_way": [row for x, row in rows if x.starts_at <= now < x.ends_at],
        "soon": [row for x, row in rows if x.starts_at > now and not is_before],
        "concluded": [row for x, row in reversed(rows) if x.ends_at <= now],
    }
