"""Names and domains that could be mistaken for those of a verified organisation; pure, a person decides in the end."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from campaign.core.folding import clean, fold
from campaign.places import countries

# Letters of other scripts, and digits, that look like Latin ones (the common part of Unicode TS 39).
_PAIRS = (
    "аa вb гr еe зe іi јj кk мm нh оo рp сc тt уy хx ԛq һh ԝw ьb ѕs ԁd ӏl "
    "αa βb εe ηn ιi κk νv οo ρp τt υu χx ωw ϲc 0o 1l 3e 5s @a $s |l"
)
_LOOKS_LIKE = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
# Capitals whose small letter looks different: Н and Η look like H, Р and Ρ like P, Ν like N, Υ like Y.
_CAPITALS = str.maketrans("АВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYXABEZHIKMNOPTYX")
_SMALL_WORDS_TEXT = "a an and at das de der des die du for in la le of official on republic the to und"
_SMALL_WORDS = frozenset(_SMALL_WORDS_TEXT.split())
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` is empty exactly when nothing is suspicious."""

    reasons: tuple[str, ...]

    @property
    def is_flagged(self) -> bool:
        return bool(self.reasons)


def examine(name: str, email: str, verified: Iterable[Sequence[str]]) -> Verdict:
    """Compare an applicant with verified organisations, each (name, domain); the domain may be empty.

    A name that equals or resembles a verified one is fine only with an address in that one's domain.
    """
    domain = _domain(email)
    reasons = ["mixed-scripts"] if _mixes_scripts(name) else []
    for known_name, known_domain, *_rest in verified:
        official = _domain(known_domain)
        if official and _is_within(domain, official):
            continue
        likeness = resemblance(name, known_name)
        if likeness:
            reasons.append(f"{likeness}: {known_name}")
            reasons.append(f"domain-mismatch: {domain or 'none'} is not {official or 'known'}")
        if official and _domain_resembles(domain, official):
            reasons.append(f"domain-resembles: {official}")
    return Verdict(tuple(dict.fromkeys(reasons)))


def resemblance(name: str, known: str) -> str:
    """How a name resembles a known one: `same-name`, `confusable-name`, `similar-name`, or nothing."""
    if fold(clean(name)) == fold(clean(known)):
        return "same-name"
    mine, theirs = skeleton(name), skeleton(known)
    if mine.replace(" ", "") == theirs.replace(" ", ""):
        return "confusable-name"
    return "similar-name" if _is_similar(mine, theirs) else ""


def _is_similar(mine: str, theirs: str) -> bool:
    words, known_words = _telling(mine), _telling(theirs)
    if not words or not known_words:
        return False
    if sorted(words) == sorted(known_words):
        return True
    if len(known_words) >= 3 and set(known_words) < set(words):
        return True  # "Friends of the Embassy of X in Y" borrows the whole name.
    if _only_places_differ(set(words), set(known_words)):
        return False  # "Embassy in Iran" and "Embassy in Iraq" are two bodies, one letter apart.
    longest = max(len(mine), len(theirs))
    limit = 1 if longest < 12 else 2 if longest < 30 else 3
    return longest >= 6 and distance(mine, theirs, limit) <= limit


def skeleton(text: str) -> str:
    """What a hurried reader sees: compatibility forms, confusable letters and marks made one."""
    seen = unicodedata.normalize("NFKC", clean(text)).translate(_CAPITALS)
    return " ".join(_WORD.findall(fold(seen).translate(_LOOKS_LIKE).replace("rn", "m").replace("vv", "w")))


def distance(one: str, other: str, limit: int) -> int:
    """Edits between two texts, a swap of neighbours counted once; stops at limit + 1."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if before_last and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before_last, last = last, row
    return last[-1]


def _telling(text: str) -> list[str]:
    return [word for word in text.split() if word not in _SMALL_WORDS]


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    names = (countries.name(code, language) for code in countries.codes() for language in ("en", "az", "tr", "de"))
    return frozenset(word for name in names for word in skeleton(name).split())


def _only_places_differ(words: set[str], known: set[str]) -> bool:
    mine, theirs = words - known, known - words
    return bool(mine) and bool(theirs) and mine | theirs <= _places()


def _mixes_scripts(name: str) -> bool:
    """A word with letters of two scripts that look alike is no accident."""
    for word in _WORD.findall(unicodedata.normalize("NFKC", clean(name))):
        scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            return True
    return False


def _domain(address: str) -> str:
    """The domain of an e-mail address or website, in Unicode, without `www.`."""
    host = clean(address).casefold().rpartition("@")[2]
    host = host.partition("://")[2] if "://" in host else host
    host = re.split(r"[/:?#]", host)[0].strip(".").removeprefix("www.")
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _is_within(domain: str, official: str) -> bool:
    return domain == official or domain.endswith("." + official)


def _domain_resembles(domain: str, official: str) -> bool:
    """`mfa-gov.az` for `mfa.gov.az`, `mfa.gov.az.example.com`, one letter off; sister hosts of one body are fine."""
    if not domain or domain == official:
        return False
    if domain.partition(".")[2] == official.partition(".")[2] and official.count(".") >= 3:
        return False
    plain, plain_official = (re.sub(r"[^\w]", "", skeleton(d.replace(".", ""))) for d in (domain, official))
    if plain == plain_official or f".{official}." in f".{domain}.":
        return True
    return len(plain_official) >= 6 and distance(plain, plain_official, 1) <= 1
