"""A browser without a script: cookies, redirects, and forms filled in and sent as the page offers them."""

from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

from typing_extensions import override
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.pages import Form, Page

Files = dict[str, FileStorage]


class _Stay(HTTPRedirectHandler):
    """Redirects are followed by hand: a browser turns a POST into a GET, and so do we."""

    @override
    def redirect_request(self, *_what: Any) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    """What came back, after all redirects."""

    url: str
    status: int
    text: str
    headers: HTTPMessage

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def page(self) -> Page:
        return Page.of(self.text)


@dataclass
class Visitor:
    """One person with one browser."""

    base: str
    jar: CookieJar = field(default_factory=CookieJar)
    at: Answer | None = None

    @property
    def page(self) -> Page:
        assert self.at is not None
        return self.at.page

    def get(self, address: str) -> Answer:
        return self._go(Request(urljoin(self.base, address)))

    def follow(self, words: str) -> Answer:
        """Press the link that says this."""
        assert self.at is not None
        return self.get(urljoin(self.at.url, self.page.link(words)))

    def post(self, address: str, values: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
        body = urlencode(values, doseq=True).encode()
        return self._go(Request(urljoin(self.base, address), data=body, headers=self._origin() | (headers or {})))

    def send(
        self, form: Form, button: str = "", *, files: dict[str, FileStorage] | None = None, **typed: Any
    ) -> Answer:
        """Fill in a form of the page at hand and press a button."""
        assert self.at is not None
        address, sent = urljoin(self.at.url, form.action or self.at.url), form.sent(button, **typed)
        if form.method == "get":
            return self.get(f"{address.partition('?')[0]}?{urlencode(sent, doseq=True)}")
        if form.element.get("enctype") != "multipart/form-data":
            return self.post(address, sent)
        boundary, body = encode_multipart({**sent, **(files or {})})
        kind = {"Content-Type": f'multipart/form-data; boundary="{boundary}"'}
        return self._go(Request(address, data=body, headers=self._origin() | kind))

    def _origin(self) -> dict[str, str]:
        return {"Origin": self.base.rstrip("/"), "Sec-Fetch-Site": "same-origin"}

    def _go(self, request: Request) -> Answer:
        request.add_header("Accept-Language", "en")
        for _hop in range(5):
            answer = self._open(request)
            if answer.status not in (301, 302, 303, 307, 308):
                self.at = answer
                return answer
            request = Request(urljoin(answer.url, str(answer.headers["Location"])), headers={"Accept-Language": "en"})
        raise AssertionError(f"too many redirects from {request.full_url}")

    def _open(self, request: Request) -> Answer:
        opener: OpenerDirector = build_opener(_Stay, HTTPCookieProcessor(self.jar))
        try:
            with opener.open(request, timeout=30) as answer:
                return Answer(request.full_url, answer.status, answer.read().decode("utf-8"), answer.headers)
        except HTTPError as error:
            with error:
                return Answer(request.full_url, error.code, error.read().decode("utf-8"), error.headers)
