"""The store of finished answers: one maker, a fixed number of bytes, compressed once."""

import zlib
from threading import Barrier, Thread

import pytest

from campaign.calendar.store import Kept, Store, pack


def test_many_who_ask_at_once_wait_for_one_maker() -> None:
    store, made, together = Store(), [], Barrier(8)

    def make() -> str:
        made.append(1)
        return "a page"

    def ask() -> None:
        together.wait()
        assert store.made("key", 0, make).plain == b"a page"

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_a_maker_that_fails_keeps_nobody_waiting() -> None:
    store = Store()

    def fail() -> str:
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            store.made("key", 0, fail)
    assert store.made("key", 0, lambda: "well").plain == b"well"


def test_the_store_is_bounded_by_bytes_and_forgets_what_nobody_asks_for() -> None:
    store = Store(most_bytes=20_000)
    for number in range(50):
        store.made(f"page {number}", 0, lambda number=number: str(number) * 400)
        assert store.get("page 0") is not None
    assert store.size <= 20_000
    assert store.get("page 1") is None
    assert store.get("page 49") is not None


def test_a_huge_answer_pushes_nothing_out() -> None:
    store = Store(most_bytes=20_000)
    store.made("small", 0, lambda: "small")
    noise = "".join(f"{n * 2654435761 % 2**32:08x}" for n in range(9000))
    assert store.made("huge", 0, lambda: noise).plain.decode() == noise
    assert store.get("huge") is None
    assert store.get("small") is not None


@pytest.mark.parametrize("times", [1, 60_000])
def test_an_answer_is_one_plain_gzip_however_long(times: int) -> None:
    text = "Xocalı " * times
    reader = zlib.decompressobj(31)
    assert reader.decompress(pack(text)[0]).decode() == text
    assert (reader.eof, reader.unused_data) == (True, b"")


def test_pieces_are_packed_like_the_whole() -> None:
    pieces = ["Xocalı ", "東京 ", "x" * 100_000]
    packed, length = pack(piece.encode() for piece in pieces)
    plain = zlib.decompress(packed, 31)
    assert (plain.decode(), len(plain)) == ("".join(pieces), length)
    assert b"".join(Kept(packed, length, 0).pieces()) == plain
    assert pack("".join(pieces))[1] == length
