"""Wording that a person should look at before it is public: pure, in every language of listings at once.

Words of `campaign/data/wording.yaml` near one another in one sentence: a people and an insult, a people and blame, a
call for violence, a denial of what victims suffered. What a sentence refuses, tells of others or quotes from a source
is not held. A verdict informs a coordinator and decides nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import yaml

from campaign.core.folding import clean, fold
from campaign.organizations.lookalikes import skeleton
from config import ROOT

Words = tuple[str, ...]
Span = tuple[int, int]

_SENTENCE = re.compile(r"[.!?؟۔…\n;]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SPACED = re.compile(r"\b(?:[^\W\d_][\s.·*_-]){3,}[^\W\d_]\b")
_HIDDEN = re.compile("[\u00ad\u2060-\u2064\u200c\u200d\u034f]")
# So far apart may two words stand and still belong together.
NEAR, BESIDE, BEFORE = 4, 1, 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to look: its kind and the words it is about, as they were compared."""

    kind: str
    phrase: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.phrase}"


def examine(text: str) -> list[Finding]:
    """Every reason to hold a text; empty where there is none."""
    sentences = [_tokens(sentence) for sentence in _SENTENCE.split(_unmasked(text))]
    found: list[Finding] = []
    for words in _lists().values():
        has_topic = any(words["topic"].spots(tokens) for tokens in sentences)
        for tokens in filter(None, sentences):
            found += _Sentence(tokens, words).findings(has_topic=has_topic)
    return list(dict.fromkeys(found))


def _unmasked(text: str) -> str:
    """Spaced letters, foreign letters inside a word, and digits in the place of letters are what they look like."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", clean(text)))
    plain = _SPACED.sub(lambda match: re.sub(r"[\s.·*_-]", "", match.group()), plain)
    return re.sub(r"[\w@$|]+", lambda match: _latin(match.group()), plain)


def _latin(word: str) -> str:
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
    is_masked = len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1
    has_digits = scripts == {"LATIN"} and re.search(r"[^\W\d_][0-9@$|][^\W\d_]", word) is not None
    return skeleton(word) if is_masked or has_digits else word


def _tokens(sentence: str) -> Words:
    return tuple(_WORD.findall(fold(sentence).replace("-", " ").replace("’", "'")))


class _List:
    """Entries of one list, each a sequence of words, found by their first; a word that ends with * is a beginning."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.by_word: dict[str, list[Words]] = {}
        self.by_beginning: list[Words] = []
        for entry in map(_entry, texts):
            if entry[0].endswith("*"):
                self.by_beginning.append(entry)
            else:
                self.by_word.setdefault(entry[0], []).append(entry)
        self.beginnings = tuple(entry[0][:-1] for entry in self.by_beginning)

    def spots(self, tokens: Words) -> list[Span]:
        """Where these words stand: first and last position."""
        found = []
        for start, token in enumerate(tokens):
            entries = self.by_word.get(token, [])
            if token.startswith(self.beginnings):
                entries = entries + self.by_beginning
            for entry in entries:
                ahead = tokens[start : start + len(entry)]
                if len(ahead) == len(entry) and all(map(_is, ahead, entry)):
                    found.append((start, start + len(entry) - 1))
        return found


@cache
def _lists() -> Mapping[str, Mapping[str, _List]]:
    """Language → name → list."""
    raw = yaml.safe_load((ROOT / "campaign" / "data" / "wording.yaml").read_text(encoding="utf-8"))
    names = {name for lists in raw.values() for name in lists}
    return {language: {name: _List(lists.get(name, ())) for name in names} for language, lists in raw.items()}


def _entry(text: str) -> Words:
    return tuple(
        fold(word.rstrip("*")).replace("-", " ").strip() + ("*" if word.endswith("*") else "")
        for word in text.replace("-", " ").split()
    )


def _is(token: str, word: str) -> bool:
    return token.startswith(word[:-1]) if word.endswith("*") else token == word


class _Sentence:
    """One sentence, read with the lists of one language."""

    def __init__(self, tokens: Words, words: Mapping[str, _List]) -> None:
        self.tokens, self.words = tokens, words
        self.adjectives = self._spots("adjective")
        self.people = [*self._spots("people"), *self._nations()]
        self.is_reported = bool(self._spots("reported"))
        self.has_source = bool(self._spots("source"))

    def findings(self, *, has_topic: bool) -> Iterator[Finding]:
        yield from self._all("slur", self._spots("slur"))
        if self.is_reported:
            return
        yield from self._all("incitement", self._spots("call"))
        yield from self._all("incitement", self._demanded())
        yield from self._all("dehumanising", self._dehumanised())
        yield from self._all("collective-blame", self._blamed())
        if not self.has_source:
            yield from self._all("attributed-to-a-people", self._laid_to_a_people())
        if has_topic:
            yield from self._all("denial", self._spots("denial"))

    def _spots(self, name: str) -> list[Span]:
        return self.words[name].spots(self.tokens)

    def _all(self, kind: str, spans: Sequence[Span]) -> Iterator[Finding]:
        for first, last in spans:
            if kind == "slur" or not self._is_refused(first):
                yield Finding(kind, " ".join(self.tokens[first : last + 1]))

    def _is_refused(self, first: int) -> bool:
        """Whether the words before say no to it: "we do not blame …", "against the slogan …"."""
        return any(first - BEFORE <= last < first for _start, last in self._spots("against"))

    def _nations(self) -> list[Span]:
        """ "The Armenian people", "every Armenian": an adjective that means everybody."""
        nations, wholes = self._spots("nation"), self._spots("whole")
        after = [(a[0], n[1]) for a in self.adjectives for n in nations if n[0] == a[1] + 1]
        return after + [(w[0], a[1]) for a in self.adjectives for w in wholes if w[1] == a[0] - 1]

    def _pairs(self, left: Sequence[Span], right: Sequence[Span], most: int) -> list[Span]:
        """Spans from one kind to the other, with at most so many unrelated words between them."""
        found = []
        for a in left:
            for b in right:
                between = self.tokens[a[1] + 1 : b[0]]
                if a[1] < b[0] and len(between) <= most and not self.words["between"].spots(between):
                    found.append((a[0], b[1]))
        return found

    def _told(self, of: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
        """What is said of somebody without a "not" between the two."""
        return [
            span
            for span in spans
            if not any(span[0] < first and last < span[1] for first, last in self._spots("against"))
            or any(span[1] == last and first > 0 and self._is_negative(first, last) for first, last in of)
        ]

    def _is_negative(self, first: int, last: int) -> bool:
        """ "Not human" carries its own negation."""
        return bool(self.words["against"].spots(self.tokens[first : last + 1]))

    def _dehumanised(self) -> list[Span]:
        insults = self._spots("dehumanising")
        spans = self._pairs(self.people, insults, NEAR) + self._pairs(self._spots("they"), insults, 2)
        spans += self._pairs(self.adjectives, insults, 0) + self._pairs(insults, self.people, BESIDE)
        return self._told(insults, spans)

    def _blamed(self) -> list[Span]:
        blame = self._spots("guilt")
        spans = self._pairs(self.people, blame, NEAR) + self._pairs(self.adjectives, blame, 0)
        return self._told(blame, spans + self._pairs(blame, self.people, 0))

    def _demanded(self) -> list[Span]:
        demands = self._spots("violence")
        spans = self._pairs(demands, self.people, 2) + self._pairs(self.people, demands, NEAR)
        return self._told(demands, spans)

    def _laid_to_a_people(self) -> list[Span]:
        if not self._spots("act"):
            return []
        by = self._spots("by")
        return self._pairs(by, self.people, BESIDE) + self._pairs(self.people, by, 0) + self._spots("doers")
