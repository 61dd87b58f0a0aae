"""The application as Flask has it, but it remembers addresses: pages name the same few thousand again and again."""

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request
from typing_extensions import override

MOST = 4000
_OPTIONS = frozenset({"_anchor", "_external", "_method", "_scheme"})


class Application(Flask):
    """Builds each address once; `flask.url_for` asks here."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._address = lru_cache(MOST, typed=True)(self._built)

    @override
    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of an endpoint. What asks for one of Flask's own options (`_external`), or stands outside of a
        request, is not remembered."""
        if not has_request_context() or not values.keys().isdisjoint(_OPTIONS):
            return super().url_for(endpoint, **values)
        # An endpoint such as `.home` is one of the blueprint of the request.
        whole = endpoint if endpoint[0] != "." else f"{request.blueprint}{endpoint}"
        given = (tuple(value) if isinstance(value, list) else value for value in values.values())
        return self._address(request.script_root, whole, tuple(values), *given)

    def _built(self, _root: str, endpoint: str, names: tuple[str, ...], *given: Any) -> str:
        return super().url_for(endpoint, **dict(zip(names, given, strict=True)))
