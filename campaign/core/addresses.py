"""The application as Flask has it, but it remembers addresses: pages name the same few thousand again and again."""

from collections.abc import Hashable
from threading import Lock
from typing import Any

from cachetools import LRUCache
from flask import Flask, has_request_context, request
from typing_extensions import override

MOST = 4000


class Application(Flask):
    """Builds each address once; `flask.url_for` asks here."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._addresses: LRUCache[Hashable, str] = LRUCache(MOST)
        self._looking = Lock()

    @override
    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of an endpoint. What Flask's own options ask for (`_external`), and what no page asks for, is
        not remembered."""
        if not has_request_context() or any(name.startswith("_") for name in values):
            return super().url_for(endpoint, **values)
        # An endpoint such as `.home` is one of the blueprint of the request; 1 and True are one key, but two addresses.
        whole = endpoint if endpoint[0] != "." else f"{request.blueprint}{endpoint}"
        plain = ((name, tuple(v) if isinstance(v, list) else v, type(v)) for name, v in values.items())
        key = (whole, request.script_root, *plain)
        with self._looking:
            found = self._addresses.get(key)
        if found is None:
            found = super().url_for(whole, **values)
            with self._looking:
                self._addresses[key] = found
        return found
