"""Asking a server as fast as it answers: `wrk` where it is installed, else a small client of our own."""

import http.client
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

# Where it is installed; else a small client of our own asks.
WRK = shutil.which("wrk")
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Speed:
    """Answers a second, and within how many milliseconds half of them came, and 99 of a hundred.

    `cpu` is what one answer cost the server's processes, in milliseconds of a processor: unlike the rate, it stays much
    the same on a machine that is busy with other things.
    """

    rate: float
    p50: float
    p99: float
    answers: int
    cpu: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: bytes as they travel, statements it needed if the server says so, milliseconds."""

    bytes: int
    statements: int | None
    took: float


def once(url: str) -> Answer:
    """Ask once; anything but 200 ends the run, because nobody wants the speed of an error page."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", url.removeprefix(f"{parts.scheme}://{parts.netloc}"), headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    body = response.read()
    took = (time.perf_counter() - began) * 1000
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{url} answers {response.status}")
    said = response.headers.get("X-Statements")
    return Answer(len(body), int(said) if said else None, took)


def final(url: str) -> str:
    """Where an address leads in the end."""
    try:
        with urlopen(url, timeout=60) as response:  # noqa: S310 - our own server
            return str(response.url)
    except HTTPError as error:
        raise RuntimeError(f"{url} answers {error.code}") from error


def client() -> str:
    """Who asks, for the head of the table."""
    return "wrk" if WRK else "a client in Python, which is slow itself"


def ask(url: str, *, connections: int, seconds: float, is_slow: bool = False) -> Speed:
    """The speed of one address. wrk counts only what is answered in time, our own client waits for what is slow."""
    return _wrk(url, connections, seconds) if WRK and not is_slow else _python(url, connections, seconds)


def _wrk(url: str, connections: int, seconds: float) -> Speed:
    threads = min(2, connections)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
    command += ["--latency", "-H", "Accept-Encoding: gzip", url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{url} does not always answer:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    answers = re.search(r"(\d+) requests in", told)
    assert rate is not None
    assert answers is not None
    return Speed(float(rate[1]), _milliseconds(told, "50%"), _milliseconds(told, "99%"), int(answers[1]))


def _milliseconds(told: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)\b", told)
    assert found is not None
    return float(found[1]) * _UNITS[found[2]]


def _python(url: str, connections: int, seconds: float) -> Speed:
    parts = urlsplit(url)
    path = url.removeprefix(f"{parts.scheme}://{parts.netloc}")
    end = time.perf_counter() + seconds

    def keep_asking(_number: int) -> list[float]:
        taken: list[float] = []
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        while (began := time.perf_counter()) < end or not taken:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
            taken.append(time.perf_counter() - began)
        connection.close()
        return taken

    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        taken = sorted(t for several in pool.map(keep_asking, range(connections)) for t in several)
    rate = len(taken) / (time.perf_counter() - began)
    return Speed(rate, taken[len(taken) // 2] * 1000, taken[len(taken) * 99 // 100] * 1000, len(taken))
