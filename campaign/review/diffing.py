"""What a proposed change changes, word by word; pure, and safe to show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup, escape

Shown = tuple[str, str, str]
# Comparing word by word is quadratic at worst; longer texts are shown whole, before and after.
_MOST_WORDS = 1500
_WORDS = re.compile(r"\s+|[^\s\w]|\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field that differs; `before` and `after` are marked with `del` and `ins`."""

    field: str
    label: str
    before: Markup
    after: Markup


def changes(before: Iterable[Shown], after: Iterable[Shown]) -> list[Row]:
    """Only the fields that differ, in the order of the page. Rows are (field, label, text)."""
    old = {field: (label, text) for field, label, text in before}
    new = {field: (label, text) for field, label, text in after}
    rows = []
    for field in _in_order(list(old), list(new)):
        label, then = old.get(field) or (new[field][0], "")
        now = new[field][1] if field in new else ""
        if then != now:
            left, right = words(then, now)
            rows.append(Row(field=field, label=str(label), before=left, after=right))
    return rows


def words(before: str, after: str) -> tuple[Markup, Markup]:
    """Both texts, escaped, with what went in `<del>` and what came in `<ins>`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > 2 * _MOST_WORDS:
        return _mark("del", old), _mark("ins", new)
    left, right = Markup(), Markup()
    for operation, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            left += escape("".join(old[i:j]))
            right += escape("".join(new[k:m]))
        else:
            left += _mark("del", old[i:j])
            right += _mark("ins", new[k:m])
    return left, right


def _mark(tag: str, tokens: Sequence[str]) -> Markup:
    text = "".join(tokens)
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if text else Markup()  # noqa: S704 - tag is ours


def _in_order(old: list[str], new: list[str]) -> list[str]:
    """The new order; what went stands where it was, after what it followed."""
    ordered = list(new)
    for position, field in enumerate(old):
        if field not in ordered:
            follows = next((f for f in reversed(old[:position]) if f in ordered), None)
            ordered.insert(ordered.index(follows) + 1 if follows else 0, field)
    return ordered
