"""The small size of every case of the fault suite; the journal of the mail server is the judge."""

from collections.abc import Iterator

import pytest

from tests.fault.catalogue import CASES
from tests.fault.installation import Installation, installed


@pytest.fixture(scope="module")
def home(engine: str) -> Iterator[Installation]:
    with installed(engine, is_brisk=True) as one:
        yield one


@pytest.mark.servers
@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.small])
def test_what_is_promised_holds(home: Installation, case: str) -> None:
    outcome = CASES[case].run(home, "small")
    assert outcome.is_good, outcome.line()
