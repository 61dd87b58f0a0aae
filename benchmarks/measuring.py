"""One database, every page: kept, fresh, and beside the yardsticks."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from urllib.parse import quote

from benchmarks import load
from benchmarks.databases import CAMPAIGN, Prepared
from benchmarks.load import Speed
from benchmarks.serving import Served, nginx, serving

HOME = f"/en/{CAMPAIGN}/"
CONNECTIONS = 8
# What takes longer than this is asked by fewer, or nobody would be answered while we look.
SLOW = 60.0
SLOW_CONNECTIONS, SLOW_SHARE = 2, 2


@dataclass(slots=True)
class Figures:
    """What was measured of one page; a yardstick that could not be had is missing."""

    page: str
    bytes: int = 0
    statements: int | None = None
    megabytes: float = 0.0
    kept: Speed | None = None
    fresh: Speed | None = None
    hello: Speed | None = None
    static: Speed | None = None


@dataclass(slots=True)
class Result:
    """One engine with so many events; `select` is the yardstick of fresh answers, `idle` megabytes before any page.

    `beside` is the speed of the fresh list, asked by one, without and with another who asks for all events as ICS.
    """

    engine: str
    events: int
    idle: float = 0.0
    select: Speed | None = None
    beside: list[Speed] = field(default_factory=list)
    pages: list[Figures] = field(default_factory=list)


def pages(prepared: Prepared) -> dict[str, str]:
    """Every page that is measured, by name."""
    return {
        "home": HOME,
        "list": f"{HOME}events/",
        "list, deep page": f"{HOME}events/?page={prepared.deep}",
        "list, filters": f"{HOME}events/?spoken=az&type=vigil&free=1",
        "month": f"{HOME}events/2027/02/",
        "day of remembrance": f"{HOME}events/2027/02/26/",
        "map": f"{HOME}map/",
        "map data": f"{HOME}map/4/1/0.json",
        "event": f"{HOME}e/{prepared.ref}",
        "search": f"{HOME}events/?q={quote('remembrance')}",
        "near a city": f"{HOME}events/?near=Berlin&r=200",
        "ICS of one filter": f"/feeds/{CAMPAIGN}.ics?type=vigil",
        "ICS of everything": f"/feeds/{CAMPAIGN}.ics",
        "RSS": f"/feeds/{CAMPAIGN}.rss",
        "API, list": f"/api/v1/campaigns/{CAMPAIGN}/events",
    }


def measure(prepared: Prepared, *, seconds: float, names: list[str]) -> Result:
    """Everything of one database, one server after the other, so that each has the machine for itself."""
    result = Result(prepared.engine, prepared.events)
    wanted = {name: path for name, path in pages(prepared).items() if name in names}
    result.pages = [Figures(name) for name in wanted]
    with serving("benchmarks.applications.fresh:app", prepared.environment) as served:
        paths = {name: _followed(served, path) for name, path in wanted.items()}
        for figures in result.pages:
            _fresh(served, figures, paths[figures.page], seconds)
        result.beside = list(_beside(served, seconds))
    with serving("benchmarks.applications.kept:app", prepared.environment) as served:
        load.once(served.url + next(iter(paths.values())))
        result.idle = served.memory()
        for figures in result.pages:
            for _worker in range(CONNECTIONS):
                load.once(served.url + paths[figures.page])
            figures.kept = served.ask(paths[figures.page], connections=CONNECTIONS, seconds=seconds)
    _yardsticks(prepared, result, seconds)
    return result


def _followed(served: Served, path: str) -> str:
    """The canonical address; a short one is redirected."""
    return load.final(served.url + path).removeprefix(served.url)


def _fresh(served: Served, figures: Figures, path: str, seconds: float) -> None:
    load.once(served.url + path)
    first = load.once(served.url + path)
    figures.bytes, figures.statements = first.bytes, first.statements
    idle, is_slow = served.memory(), first.took > SLOW
    with served.highest() as highest:
        figures.fresh = served.ask(
            path,
            connections=SLOW_CONNECTIONS if is_slow else CONNECTIONS,
            seconds=seconds * (SLOW_SHARE if is_slow else 1),
            is_slow=is_slow,
        )
    figures.megabytes = highest[0] - idle


def _beside(served: Served, seconds: float) -> Iterator[Speed]:
    yield served.ask(f"{HOME}events/", connections=1, seconds=seconds)
    with _asking(f"{served.url}/feeds/{CAMPAIGN}.ics"):
        yield served.ask(f"{HOME}events/", connections=1, seconds=seconds)


@contextmanager
def _asking(url: str) -> Iterator[None]:
    """Somebody who asks for one address again and again, one answer at a time."""
    is_over = Event()

    def keep_asking() -> None:
        while not is_over.is_set():
            load.once(url)

    asking = Thread(target=keep_asking)
    asking.start()
    try:
        yield
    finally:
        is_over.set()
        asking.join()


def _yardsticks(prepared: Prepared, result: Result, seconds: float) -> None:
    with serving("benchmarks.applications.select:app", prepared.environment) as served:
        result.select = served.ask("/", connections=CONNECTIONS, seconds=seconds)
    with ExitStack() as stack:
        hello = stack.enter_context(serving("benchmarks.applications.hello:app", prepared.environment))
        static = stack.enter_context(nginx([figures.bytes for figures in result.pages]))
        for figures in result.pages:
            figures.hello = hello.ask(f"/{figures.bytes}", connections=CONNECTIONS, seconds=seconds)
            if static is not None:
                figures.static = static.ask(f"/{figures.bytes}", connections=CONNECTIONS, seconds=seconds)
