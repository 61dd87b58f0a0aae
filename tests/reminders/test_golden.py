"""Every message in every language, word for word; `make golden` writes the files anew after a change of words."""

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from campaign.campaigns import configuration, service
from campaign.campaigns.models import Campaign
from campaign.core import languages
from campaign.core.db import transaction
from campaign.mail.composers import Message
from campaign.mail.rendering import SUBJECT_AT_MOST
from campaign.operations.messages.samples import SAMPLES
from campaign.operations.messages.stage import Stage

GOLDEN = Path(__file__).parent / "golden"
DAY = date(2027, 2, 26)
# What is nobody's sentence: names, places, addresses and numbers of the samples.
DATA = re.compile(
    r"https?://\S+|organiser@example\.org|Haus am Ufer|Musterstraße 12|10115|Berlin|Hamburg|Rathaus|Stadtbibliothek"
    r"|Gedenkstunde|7KQ2P[ABC]|[\d:.,()\[\]–—-]+|…"
)


@pytest.fixture
def campaign(session: Any, moved_clock: Any) -> Campaign:
    moved_clock.set(datetime(2027, 2, 10, 9, tzinfo=UTC))
    text = (Path(configuration.__file__).parents[1] / "data" / "campaigns" / "khojaly.yaml").read_text("utf-8")
    with transaction():
        return service.take_over(configuration.read(text))


def _message(name: str, language: str, campaign: Campaign) -> Message:
    return SAMPLES[name].message(Stage.of(language, campaign, DAY, []))


def _words(message: Message) -> str:
    """Subject, headers and text, without what changes with every signature."""
    headers = [f"{name}: {re.sub(r'/u/s?/?[^>]*', '/u/…', value)}" for name, value in sorted(message.headers.items())]
    text = re.sub(r"(/(?:m|u/s|u|v/r)/)\S+", r"\1…", message.text)
    return "\n".join([f"Subject: {message.subject}", *headers, "", text])


def _openings(message: Message) -> set[str]:
    """How the sentences of a letter begin, without its data: what follows may be a date in the other language."""
    bare = (DATA.sub("", line).split() for line in [message.subject, *message.text.splitlines()])
    return {" ".join(words[:3]) for words in bare if any(c.isalpha() for word in words for c in word)}


@pytest.mark.parametrize("language", languages.NAMES)
def test_word_for_word(language: str, campaign: Campaign) -> None:
    written = {f"{name}.{language}.txt": _words(_message(name, language, campaign)) for name in SAMPLES}
    if os.environ.get("GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        for name, words in written.items():
            (GOLDEN / name).write_text(words, encoding="utf-8")
    kept = {path.name: path.read_text("utf-8") for path in GOLDEN.glob(f"*.{language}.txt")}
    assert sorted(kept) == sorted(written)
    assert kept == written


@pytest.mark.parametrize("language", languages.NAMES)
def test_nothing_is_missing(language: str, campaign: Campaign) -> None:
    direction = languages.direction(language)
    for name in SAMPLES:
        message = _message(name, language, campaign)
        whole = "\n".join([message.subject, message.text, message.html, *message.headers.values()])
        assert not re.search(r"%\(|\bNone\b|\{\{|\{%|Undefined|&lt;bdi", whole), name
        assert 5 < len(message.subject) <= SUBJECT_AT_MOST, name
        assert "!" not in message.subject + message.text, name
        assert f'<html lang="{language}" dir="{direction}">' in message.html
        loading = r"(?i)<(img|link|script|iframe|object|video|form)\b|<[^>]*\b(src|on\w+)=|url\("
        assert not re.search(loading, message.html), name


@pytest.mark.parametrize("language", [code for code in languages.NAMES if code != languages.DEFAULT])
def test_no_english_sentence_is_left(language: str, campaign: Campaign) -> None:
    """Desks read an event under the title its organiser gave it."""
    titles = {" ".join(event.title.split()[:3]) for event in Stage.of(language, campaign, DAY, []).events}
    left = {}
    for name in SAMPLES:
        english, own = (_openings(_message(name, code, campaign)) for code in (languages.DEFAULT, language))
        if found := english & own - titles:
            left[name] = found
    assert left == {}


def test_the_html_says_what_the_text_says(campaign: Campaign) -> None:
    """Every line of the text stands in the HTML too; only the layout differs."""
    missing = []
    for name in SAMPLES:
        message = _message(name, "en", campaign)
        html = " ".join(re.sub(r"<[^>]+>", " ", message.html).split())
        html = html.replace(" : ", ": ").replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")
        for line in message.text.partition("\n—\n")[0].splitlines():
            words = " ".join(line.removeprefix("- ").split())
            if words and words not in html and f"{words} " not in html:
                missing.append(f"{name}: {words}")
    assert missing == []


def test_every_kind_of_the_matrix_has_a_sample() -> None:
    folders = {path.name for path in (Path(__file__).parents[2] / "templates" / "emails").iterdir() if path.is_dir()}
    of_the_matrix = {kind for kind in folders if kind.startswith(("event_", "reminder", "follow_", "season_", "desk_"))}
    assert of_the_matrix - {sample.kind for sample in SAMPLES.values()} == set()


def test_bulk_letters_can_be_stopped_with_one_click(campaign: Campaign) -> None:
    bulk = [n for n, s in SAMPLES.items() if s.kind.startswith(("reminder", "follow_", "season_"))]
    assert len(bulk) > 20
    for name in bulk:
        headers = _message(name, "en", campaign).headers
        assert headers["List-Unsubscribe"].startswith("<http")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_letters_to_people_with_an_account_lead_to_where_their_language_is_chosen(campaign: Campaign) -> None:
    samples = [n for n, s in SAMPLES.items() if s.kind.startswith(("event_", "change_", "desk_"))]
    assert len(samples) > 10
    for name in samples:
        message = _message(name, "en", campaign)
        assert message.text.count("/account/\n") == 1, name
        assert message.html.count('/account/">') == 1, name
