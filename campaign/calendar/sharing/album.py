"""Pictures of events and campaigns: what stands on them, made once for each version of it and kept on disk."""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from campaign.calendar import context, timing
from campaign.calendar.sharing import pictures
from campaign.calendar.sharing.pictures import Card
from campaign.calendar.sharing.typesetting import Fonts
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.core.jinja import day_month, long_date
from campaign.core.languages import format_date
from campaign.events import labels
from campaign.events.details import EventDetails
from campaign.events.lifecycle import Duration, Mode
from campaign.events.models import Event
from campaign.places import countries, zones


@dataclass(frozen=True, slots=True)
class Album:
    """A folder with one picture for each event and language; an older version goes when a newer one comes."""

    folder: Path
    fonts: Fonts

    @classmethod
    def here(cls) -> "Album":
        """The album of the running application."""
        build = Path(str(current_app.static_folder), "build", "drawing")
        return cls(current_app.extensions["settings"].data_dir / "pictures", Fonts(build))

    def picture(self, name: str, card: Card) -> bytes:
        """The picture of a card, drawn unless it is there."""
        shelf = self.folder / name[:2]
        wanted = shelf / f"{name}-{key(card)}.png"
        with suppress(OSError):
            return wanted.read_bytes()
        data = pictures.draw(card, self.fonts)
        with suppress(OSError):  # A full disk costs time, not the answer.
            shelf.mkdir(parents=True, exist_ok=True)
            draft = shelf / f".{secrets.token_hex(8)}.part"
            draft.write_bytes(data)
            for older in shelf.glob(f"{name}-*.png"):
                older.unlink(missing_ok=True)
            draft.replace(wanted)
        return data


def key(card: Card) -> str:
    """Changes with everything that is drawn."""
    said = "\n".join(str(part) for part in (pictures.VERSION, *astuple(card)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def event_card(event: Event, campaign: Campaign, language: str) -> Card:
    """What stands on the picture of an event, in a language."""
    details = event.details
    with languages.speaking(language):
        return Card(
            campaign=context.in_language(campaign.names, language),
            title=details.wording(language).title,
            instead=str(labels.TYPE[details.type]) if details.type else _("Event"),
            when=_when(event, details, language),
            where=_where(details, language),
            mark=labels.mark(event.status),
            direction="rtl" if languages.direction(language) == "rtl" else "ltr",
        )


def campaign_card(campaign: Campaign, language: str) -> Card:
    """What stands on the picture of all other pages of a campaign."""
    with languages.speaking(language):
        return Card(
            campaign=_("Remembrance Calendar"),
            title=context.in_language(campaign.names, language),
            when=day_month(context.next_day(campaign)),
            where=_("Events around the world"),
            direction="rtl" if languages.direction(language) == "rtl" else "ltr",
        )


def _when(event: Event, details: EventDetails, language: str) -> str:
    first, last = event.starts_on, event.ends_on
    if first is None or last is None:
        return ""
    if details.duration is Duration.RUN:
        return _("%(first)s to %(last)s", first=day_month(first), last=format_date(last, "d MMMM yyyy"))
    if len(timing.spans(details)) > 1:
        return _("%(first)s and further dates", first=long_date(first))
    if not details.is_time_known or details.starts is None:
        return long_date(first)
    city = details.city or zones.city_of(details.time_zone, language)
    return _("%(date)s, %(start)s %(city)s time", date=long_date(first), start=f"{details.starts:%H:%M}", city=city)


def _where(details: EventDetails, language: str) -> str:
    if details.mode is Mode.ONLINE:
        return _("Online")
    venue = details.venue if details.is_address_public else ""
    parts = (venue, details.city, countries.name(details.country, language))
    return _(", ").join(dict.fromkeys(part for part in parts if part))
