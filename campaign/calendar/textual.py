"""Words inside texts, in every script: one index of three-letter pieces on either engine behind the same questions.

SQLite: the FTS5 table `listing_search` follows `listing_texts` by triggers. PostgreSQL: a GIN index of pg_trgm on
`listing_texts` answers LIKE. Texts and questions are folded alike (`core.folding`).
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, bindparam, exists, literal_column, select, text
from sqlalchemy.orm import InstrumentedAttribute

from campaign.calendar.models import listing_texts
from campaign.core.db import db

_INDEX = text("listing_search")


def containing(words: Sequence[str]) -> Select[int]:
    """The ids of the listings whose text contains all of these folded words, each of three letters or more."""
    if db.session.get_bind().dialect.name == "sqlite":
        phrases = " AND ".join('"{}"'.format(word.replace('"', '""')) for word in words)
        found: Select[int] = select(literal_column("rowid")).select_from(_INDEX)
        return found.where(text("listing_search MATCH :phrases").bindparams(bindparam("phrases", phrases, unique=True)))
    ids = select(listing_texts.c.listing_id)
    return ids.where(*(listing_texts.c.search_text.contains(word, autoescape=True) for word in words))


def reads(word: str, listing_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether the text of one listing contains a word: reads that text, and no index."""
    is_its = listing_texts.c.listing_id == listing_id
    return exists().where(is_its, listing_texts.c.search_text.contains(word, autoescape=True))
