"""The results as JSON, which runs of one day share, and as tables for people (Markdown)."""

import json
import os
import platform
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from benchmarks import load
from benchmarks.measuring import Result

_HEAD = (
    "| page | bytes | SQL | kept/s | p50 / p99 ms | CPU ms | × hello | × nginx "
    "| fresh/s | p50 / p99 ms | CPU ms | × SELECT | MB |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def machine() -> str:
    """Where and with what this was measured."""
    model = next((line for line in _cpuinfo() if line.startswith("model name")), ": unknown processor")
    gigabytes = psutil.virtual_memory().total / 1024**3
    return (
        f"{os.cpu_count()} cores ({model.partition(':')[2].strip()}), {gigabytes:.0f} GB, Linux {platform.release()}, "
        f"Python {platform.python_version()}, asked by {load.client()} on the same machine"
    )


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def kept(path: Path, results: Iterable[Result]) -> list[dict[str, Any]]:
    """Add results to the file of a day; what was measured before of the same engine and number is replaced."""
    before: list[dict[str, Any]] = json.loads(path.read_text())["results"] if path.exists() else []
    fresh = [asdict(result) for result in results]
    replaced = {(one["engine"], one["events"]) for one in fresh}
    found = [one for one in before if (one["engine"], one["events"]) not in replaced] + fresh
    found.sort(key=lambda one: (one["engine"] != "sqlite", one["events"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": machine(), "results": found}, indent=1) + "\n")
    return found


def markdown(results: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One table for each database, then how the sizes compare."""
    known = list(results)
    for result in known:
        select = result["select"]
        yield f"\n**{result['engine']}, {result['events']:,} events**; SELECT + Jinja {select['rate']:,.0f}/s, "
        yield f"p99 {select['p99']:.1f}, CPU {select['cpu']:.1f} ms; {result['idle']:.0f} MB for {_workers()} "
        yield f"when idle.\n\n{_HEAD}\n"
        yield from (_row(page, select) for page in result["pages"])
        alone, beside = map(_spread, result["beside"])
        yield f"\nThe list, fresh, asked by one: p50 / p99 {alone} ms; beside one who asks for all as ICS: {beside}.\n"
    yield from _growth(known)


def summary(results: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The largest databases side by side, a line for each page."""
    known = list(results)
    engines = list(dict.fromkeys(result["engine"] for result in known))
    pairs = [[r for r in known if r["engine"] == engine] for engine in engines]
    yield "| page | bytes | SQL |" + "".join(
        f" kept/s {engine} | × hello | fresh/s | CPU ms | × SELECT | × fewest | MB |" for engine in engines
    )
    yield "\n|---|--:|--:|" + "--:|--:|--:|--:|--:|--:|--:|" * len(engines) + "\n"
    for at, page in enumerate(pairs[0][-1]["pages"]):
        yield f"| {page['page']} | {page['bytes']:,} | {page['statements']} |"
        yield "".join(_cells(several, at) for several in pairs) + "\n"


def _cells(several: list[dict[str, Any]], at: int) -> str:
    """One page in the largest of the databases of an engine, and its cost in times of that in the smallest."""
    small, large = several[0]["pages"][at], several[-1]["pages"][at]
    kept, fresh = large["kept"], large["fresh"]
    return (
        f" {kept['rate']:,.0f} | {_ratio(kept, large['hello'])} | {_rate(fresh)} | {fresh['cpu']:.1f} "
        f"| {_ratio(fresh, several[-1]['select'])} "
        f"| {fresh['cpu'] / small['fresh']['cpu']:.2f} | {large['megabytes']:.0f} |"
    )


def _row(page: dict[str, Any], select: dict[str, float]) -> str:
    kept, fresh = page["kept"], page["fresh"]
    return (
        f"| {page['page']} | {page['bytes']:,} | {page['statements']} | {kept['rate']:,.0f} | {_spread(kept)} "
        f"| {kept['cpu']:.2f} | {_ratio(kept, page['hello'])} | {_ratio(kept, page['static'])} | {_rate(fresh)} "
        f"| {_spread(fresh)} | {fresh['cpu']:.1f} | {_ratio(fresh, select)} | {page['megabytes']:.0f} |\n"
    )


def _growth(results: list[dict[str, Any]]) -> Iterator[str]:
    """What first requests cost at the largest number of events, against the smallest."""
    for engine in dict.fromkeys(result["engine"] for result in results):
        several = [result for result in results if result["engine"] == engine]
        if len(several) < 2:
            continue
        small, large = several[0], several[-1]
        pairs = zip(small["pages"], large["pages"], strict=True)
        said = (f"{b['page']} {b['fresh']['cpu'] / a['fresh']['cpu']:.2f}" for a, b in pairs)
        yield f"\n**{engine}**: a first request at {large['events']:,} events costs, in times of one at "
        yield f"{small['events']:,}: {', '.join(said)}.\n"


def _workers() -> str:
    from benchmarks.serving import THREADS, WORKERS

    return f"{WORKERS} processes of {THREADS} threads"


def _rate(speed: dict[str, float]) -> str:
    return f"{speed['rate']:,.0f}" if speed["rate"] >= 10 else f"{speed['rate']:.1f}"


def _spread(speed: dict[str, float]) -> str:
    return f"{speed['p50']:.1f} / {speed['p99']:.1f}"


def _ratio(speed: dict[str, float], other: dict[str, float] | None) -> str:
    """What share of a yardstick's speed this is, by what an answer costs a processor."""
    return f"{other['cpu'] / speed['cpu']:.2f}" if other and speed["cpu"] else "–"
