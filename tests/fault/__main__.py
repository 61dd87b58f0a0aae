"""`python -m tests.fault [CASE …] [--size small] [--engine …] [--with letters=1000]`: a line a case, then a table."""

import argparse
import os

os.environ["PYTHONTZPATH"] = ""

import signal
import sys
from collections.abc import Iterator

from tests.fault.catalogue import BOTH, CASES
from tests.fault.figures import Outcome, table
from tests.fault.installation import installed


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fault", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"one of {', '.join(CASES)}; all when none is named")
    parser.add_argument("--size", choices=("small", "full"), default="full")
    parser.add_argument("--engine", choices=(*BOTH, "both"), default="both")
    parser.add_argument("--with", action="append", default=[], dest="sizes", type=_size, metavar="NAME=NUMBER")
    asked = parser.parse_args()
    unknown = [name for name in asked.cases if not _named(name)]
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)}")
    return asked


def _size(word: str) -> tuple[str, float]:
    """`letters=1000`."""
    name, _, number = word.partition("=")
    return name, float(number) if "." in number else int(number)


def _named(word: str) -> list[str]:
    """`A1` names every case of that number."""
    return [name for name in CASES if word in (name, name.partition("-")[0])]


def _outcomes(asked: argparse.Namespace) -> Iterator[Outcome]:
    """Each case on an installation of its own."""
    names = [name for word in asked.cases for name in _named(word)] or list(CASES)
    engines = BOTH if asked.engine == "both" else (asked.engine,)
    for name in dict.fromkeys(names):
        case = CASES[name]
        for engine in case.engines_at(asked.size):
            if engine in engines:
                with installed(engine, is_brisk=asked.size == "small") as home:
                    yield case.run(home, asked.size, dict(asked.sizes))


def main() -> int:
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # So that everything is put away.
    outcomes = []
    for outcome in _outcomes(_asked()):
        print(outcome.line(), flush=True)
        outcomes.append(outcome)
    print(table(outcomes))
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
