"""Has claimed letters written by their composers: what many readers get is put into words once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from cachetools import LRUCache

from campaign.core.db import DATABASE_AWAY, db
from campaign.mail import composers, envelope, rendering
from campaign.mail.addresses import routable
from campaign.mail.composers import Composed, Drop, Filled, Form, Parcel
from campaign.mail.envelope import Sheet
from campaign.mail.models import Letter
from campaign.mail.office import Office

log = structlog.get_logger(__name__)

_FORMS = 200


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A letter that could not be written, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that only lacks its reader's own fields."""

    letter: Letter
    sheet: Sheet
    fields: dict[str, str]

    @property
    def title(self) -> str:
        return self.sheet.title

    @property
    def address(self) -> str:
        """Raises ValueError for one that cannot be written to."""
        return routable(self.letter.recipient)

    def data(self) -> bytes:
        """The bytes that travel. Raises ValueError for an address or a field that cannot be written."""
        return self.sheet.fill(self.letter, self.fields)


@dataclass(frozen=True, slots=True)
class Packed:
    """The same for what travels through another channel."""

    letter: Letter
    parcel: Parcel
    title: str = ""

    @property
    def address(self) -> str:
        return self.parcel.address

    def data(self) -> Parcel:
        return self.parcel


Sendable = Ready | Packed


@dataclass(slots=True)
class Desk:
    """Writes for one sender; keeps the sheets of the forms that came last."""

    office: Office
    _sheets: LRUCache[tuple[Form, str], Sheet] = field(default_factory=lambda: LRUCache(_FORMS))

    def write(self, letters: Sequence[Letter]) -> list[tuple[Letter, Sendable | Drop | Spoiled]]:
        """Every letter with what became of it, in their order. Raises one of DATABASE_AWAY when it is."""
        kinds: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            kinds[letter.kind].append(letter)
        written: dict[int, Sendable | Drop | Spoiled] = {}
        for kind, of_kind in kinds.items():
            for letter, composed in zip(of_kind, self._compose(kind, of_kind), strict=True):
                written[letter.id] = self._seal(letter, composed)
        return [(letter, written[letter.id]) for letter in letters]

    def _compose(self, kind: str, letters: Sequence[Letter]) -> Sequence[Composed | Spoiled]:
        """What the composer says; one letter it fails on does not take the others along."""
        compose = composers.find(kind) or composers.OneByOne(rendering.from_context)
        try:
            return compose(letters)
        except DATABASE_AWAY:
            raise
        except Exception as error:
            db.session.rollback()
            if len(letters) > 1:
                return [said for letter in letters for said in self._compose(kind, [letter])]
            return [self._spoiled(letters[0], error)]

    def _seal(self, letter: Letter, composed: Composed | Spoiled) -> Sendable | Drop | Spoiled:
        if isinstance(composed, Drop | Spoiled):
            return composed
        if isinstance(composed, Parcel):
            return Packed(letter, composed)
        try:
            if isinstance(composed, Filled):
                return Ready(letter, self._sheet(composed, letter.language), dict(composed.fields))
            return Ready(letter, envelope.sheet_of(composed, letter.language, self.office), {})
        except Exception as error:
            return self._spoiled(letter, error)

    def _sheet(self, filled: Filled, language: str) -> Sheet:
        found = self._sheets.get((filled.form, language))
        if found is None:
            found = envelope.sheet(filled, language, self.office)
            self._sheets[filled.form, language] = found
        return found

    def _spoiled(self, letter: Letter, error: Exception) -> Spoiled:
        log.error("a letter could not be written", letter=letter.id, kind=letter.kind, exc_info=error)
        return Spoiled(f"could not be written: {type(error).__name__}: {error}")
