"""Rules about the translations. Each failure names the language and the sentence."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from config import ROOT

FILES = sorted(Path(ROOT, "campaign/translations").glob("*/LC_MESSAGES/messages.po"))
# As in .ci/babel.cfg and the Makefile, which write the catalogues.
METHODS = [("campaign/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every text that code and templates hand to gettext."""
    found = extract_from_dir(str(ROOT), method_map=METHODS, keywords=KEYWORDS)
    texts = (message for _file, _line, message, _comments, _context in found)
    return {text[0] if isinstance(text, tuple) else text for text in texts}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_every_text_is_translated(path: Path, said: set[str]) -> None:
    """A guess that nobody confirmed is not compiled, so readers would get the English text."""
    known = {
        message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        for message in _read(path)
        if message.id and all(_texts(message)) and not message.fuzzy
    }
    assert len(said) > 1000
    assert sorted(said - known) == []


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def _pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(English, translation) of everything translated; of a plural the fuller English form, which names the number."""
    for message in (m for m in catalog if m.id):
        english = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
        yield from ((english, text) for text in _texts(message) if text)


def _texts(message: Message) -> list[str]:
    return [str(text) for text in (message.string if isinstance(message.string, (tuple, list)) else [message.string])]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_translations_fill_in_what_the_english_does(path: Path) -> None:
    """A number may be left out of a plural form that says it in a word, such as the Arabic dual."""
    wrong = []
    for english, text in _pairs(_read(path)):
        wanted, found = set(PLACEHOLDER.findall(english)), set(PLACEHOLDER.findall(text))
        if found - wanted or wanted - found - {"%(num)d", "%(num)s"}:
            wrong.append((english, text))
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_catalogues_state_their_language_and_its_plural_forms(path: Path) -> None:
    """The compiled file takes the order of the forms from the header; without it Babel falls back to its own."""
    catalog = _read(path)
    assert str(catalog.locale) == path.parts[-3]
    assert "Plural-Forms: nplurals=" in path.read_text(encoding="utf-8")
    short = [m.id for m in catalog if m.pluralizable and len(_texts(m)) != catalog.num_plurals]
    assert short == []


def test_azerbaijani_glues_no_ending_to_a_value() -> None:
    """Endings follow the vowels and the last letter of a word, and nobody knows which word will stand there."""
    path = Path(ROOT, "campaign/translations/az/LC_MESSAGES/messages.po")
    ending = r"(\)[sd]|\})[a-zəğıöşüç'’-]"
    assert [text for _english, text in _pairs(_read(path)) if re.search(ending, text)] == []


def test_arabic_counts_as_gettext_counts() -> None:
    """Babel's own rule has the last two forms the other way round: it would say `11 day`."""
    catalog = _read(Path(ROOT, "campaign/translations/ar/LC_MESSAGES/messages.po"))
    form = gettext.c2py(catalog.plural_expr)
    assert [form(number) for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103)] == [0, 1, 2, 3, 3, 4, 4, 5, 5, 3]


def test_arabic_glues_no_prefix_to_a_value() -> None:
    """The value may be in another script, or begin with an article that the prefix would change."""
    path = Path(ROOT, "campaign/translations/ar/LC_MESSAGES/messages.po")
    assert [text for _english, text in _pairs(_read(path)) if re.search(r"[\u0621-\u0652][%{]", text)] == []
