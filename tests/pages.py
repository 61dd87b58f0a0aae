"""Pages as a browser without a script reads them: links, forms with what they would send, summaries of errors."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from typing_extensions import override

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


@dataclass
class Element:
    """One element of a page; `text` is everything written inside it."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def get(self, name: str, otherwise: str = "") -> str:
        return self.attributes.get(name, otherwise)

    @property
    def text(self) -> str:
        return " ".join("".join(self._texts()).split())

    @property
    def raw(self) -> str:
        return "".join(self._texts())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()

    def walk(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str = "", **attributes: str) -> list["Element"]:
        """Every element inside with this tag and these attributes (`class_` for one class among several)."""
        return [e for e in self.walk() if (not tag or e.tag == tag) and e._has(attributes)]

    def _has(self, wanted: dict[str, str]) -> bool:
        class_ = wanted.get("class_")
        if class_ is not None and class_ not in self.get("class").split():
            return False
        return all(self.attributes.get(name) == value for name, value in wanted.items() if name != "class_")

    def first(self, tag: str = "", **attributes: str) -> "Element":
        found = self.all(tag, **attributes)
        assert found, f"no <{tag}> {attributes}"
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    @override
    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    @override
    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


@dataclass
class Form:
    """A form of a page. `sent()` is what a browser would send; names with several values are lists."""

    element: Element

    @property
    def action(self) -> str:
        return self.element.get("action")

    @property
    def method(self) -> str:
        return self.element.get("method", "get").lower()

    @property
    def names(self) -> list[str]:
        controls = [e for e in self.element.walk() if e.tag in ("input", "select", "textarea", "button")]
        return list(dict.fromkeys(e.get("name") for e in controls if e.get("name")))

    def sent(self, button: str = "", **values: Any) -> dict[str, Any]:
        """The fields as they stand, with `values` typed over them; the first button is pressed, or the one whose value
        is `button`. None empties a box or lifts a choice."""
        found: dict[str, list[str]] = {}
        for control in self.element.walk():
            for value in _values(control):
                found.setdefault(control.get("name"), []).append(value)
        pressed = [b for b in self.element.all("button") if b.get("type", "submit") == "submit"]
        pressed = [b for b in pressed if b.get("value") == button] if button else pressed[:1]
        assert pressed, f"no button {button!r}"
        if pressed[0].get("name"):
            found[pressed[0].get("name")] = [pressed[0].get("value")]
        sent: dict[str, Any] = {name: v if len(v) > 1 else v[0] for name, v in found.items()}
        unknown = set(values) - set(self.names)
        assert not unknown, f"the form has no {unknown}"
        sent |= values
        return {name: value for name, value in sent.items() if value is not None}


def _values(control: Element) -> list[str]:
    if not control.get("name") or "disabled" in control.attributes:
        return []
    kind = control.get("type", "text")
    if control.tag == "textarea":
        return [control.raw.removeprefix("\r").removeprefix("\n")]
    if control.tag == "select":
        options = control.all("option")
        chosen = [o for o in options if "selected" in o.attributes]
        if "multiple" not in control.attributes:
            chosen = chosen[-1:] or options[:1]
        return [o.attributes.get("value", o.text) for o in chosen]
    if control.tag != "input" or kind in ("submit", "button", "image", "file"):
        return []
    if kind in ("checkbox", "radio"):
        return [control.get("value", "on")] if "checked" in control.attributes else []
    return [control.get("value")]


@dataclass
class Page:
    """One answer, read."""

    root: Element

    @classmethod
    def of(cls, html: str) -> "Page":
        reader = _Reader()
        reader.feed(html)
        reader.close()
        return cls(reader.root)

    @property
    def title(self) -> str:
        return self.root.first("title").text

    @property
    def heading(self) -> str:
        return self.root.first("h1").text

    @property
    def text(self) -> str:
        return self.root.first("main").text

    def forms(self) -> list[Form]:
        return [Form(element) for element in self.root.all("form")]

    def form(self, *, action: str = "", name: str = "") -> Form:
        """The form whose address contains `action` and that has a field `name`."""
        found = [f for f in self.forms() if action in f.action and (not name or name in f.names)]
        assert found, f"no form to {action!r} with {name!r} among {[f.action for f in self.forms()]}"
        return found[0]

    def only_form(self) -> Form:
        """The one form of the page's content; the frame's own do not count."""
        (found,) = self.root.first("main").all("form")
        return Form(found)

    def links(self) -> list[str]:
        return [a.get("href") for a in self.root.all("a") if a.get("href")]

    def link(self, words: str) -> str:
        """Where the link goes that says this."""
        found = [a.get("href") for a in self.root.all("a") if words in a.text]
        assert found, f"no link {words!r}"
        return found[0]

    def summary(self) -> list[tuple[str, str]]:
        """(target, sentence) of the error summary; empty where there is none."""
        boxes = self.root.all(class_="errsum")
        return [(a.get("href"), a.text) for box in boxes for a in box.all("a")]

    def by_id(self, id_: str) -> Element:
        return self.root.first(id=id_)
