"""What is followed, in words: for the pages of a reader and for letters."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.campaigns import queries as campaigns
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.events import queries as events
from campaign.reminders.facts import facts
from campaign.reminders.models import Kind, Subscription
from campaign.reminders.ports import calendar

RHYTHM: dict[Kind, LazyString] = {
    Kind.EVENT: _l("Reminders of this event, and a letter if something changes"),
    Kind.COMING: _l("On Mondays and Thursdays, what is coming in the next days, if there is something"),
    Kind.WEEKLY: _l("On Mondays, what is new and what the week brings, if there is something"),
    Kind.DAY: _l("A week before the day of remembrance, and in the morning of that day"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One thing that is followed. `path` leads to it; `title_language` is the language of a title that is not ours."""

    id: int
    kind: Kind
    title: str
    title_language: str
    when: str
    rhythm: str
    path: str
    is_active: bool
    is_stopped: bool


def followed(subscriptions: Iterable[Subscription], language: str, *, is_proven: bool = True) -> list[Followed]:
    """These subscriptions in words, in their order. Without proof, no word that a stranger typed is repeated."""
    rows = list(subscriptions)
    known = {e.id: e for e in events.among({s.event_id for s in rows if s.event_id is not None})}
    slugs = {c.id: c for c in campaigns.among({s.campaign_id for s in rows})}
    with languages.speaking(language):
        found = []
        for row in rows:
            if row.event_id is None:
                found.append(_filter(row, slugs[row.campaign_id], language, is_proven=is_proven))
            elif row.event_id in known:
                event = known[row.event_id]
                told = facts(event.details, language)
                found.append(
                    _made(row, told.title, told.title_language, path=f"/e/{event.ref}", when="; ".join(told.when[:1]))
                )
        return found


def subject_of(campaign: Campaign, query: str, language: str, *, is_proven: bool = True) -> str:
    """What a filter is about: `Justice for Khojaly: Germany, Ceremony`, or all events of the campaign."""
    name = name_of(campaign, language)
    with languages.speaking(language):
        said = calendar().words(query, language, is_proven=is_proven)
        if said:
            return str(_("%(campaign)s: %(filter)s", campaign=name, filter=said))
        return str(_("%(campaign)s: all events", campaign=name))


def name_of(campaign: Campaign, language: str) -> str:
    return campaigns.name_in(campaign.names, language) or campaign.slug


def page_of(campaign: Campaign, query: str, language: str) -> str:
    """The list that a filter finds."""
    return f"/{language}/{campaign.slug}/events/" + (f"?{query}" if query else "")


def _filter(row: Subscription, campaign: Campaign, language: str, *, is_proven: bool) -> Followed:
    title = subject_of(campaign, row.query, language, is_proven=is_proven)
    return _made(row, title, language, path=page_of(campaign, row.query if is_proven else "", language))


def _made(row: Subscription, title: str, title_language: str, *, path: str, when: str = "") -> Followed:
    return Followed(
        id=row.id,
        kind=row.kind,
        title=title,
        title_language=title_language,
        when=when,
        rhythm=str(RHYTHM[row.kind]),
        path=path,
        is_active=row.is_active,
        is_stopped=row.ended_at is not None,
    )
