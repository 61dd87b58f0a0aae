"""Finished answers of this process, compressed, within a fixed number of bytes; each is made by one request only."""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

import deflate
from isal import isal_zlib

MOST_BYTES = 24 * 1024 * 1024
# A piece larger than this share would push out all others; it is made for each who asks.
_LARGEST_SHARE = 4
_OVERHEAD = 600
# 16 more than the window: the header and the check sum of gzip stand around it.
_GZIP = 16 + zlib.MAX_WBITS
# A page is packed once and sent often: libdeflate makes it smaller than zlib does, in a third of the time. Long texts
# come in pieces and gain little from a harder search: igzip packs them in a fifth of the time of zlib's quickest level.
_LEVEL, _LEVEL_OF_LONG, _LONG = 6, 2, 256 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """What was made for an answer: its text, whole or in pieces, and headers that only its making shows."""

    text: str | Iterable[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its bytes as gzip, how many they are unpacked, its own headers, and the instant (seconds since 1970)
    it is good until."""

    packed: bytes
    length: int
    until: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> bytes:
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The unpacked bytes, never many of them at once."""
        unpacker, rest = isal_zlib.decompressobj(_GZIP), self.packed
        while rest:
            yield unpacker.decompress(rest, _PIECE)
            rest = unpacker.unconsumed_tail
        yield unpacker.flush()


class Store:
    """The most recently used answers by key."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self.size = most_bytes, 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._making: dict[str, Lock] = {}
        self._lock = Lock()

    def get(self, key: str) -> Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def made(self, key: str, until: float, make: Callable[[], str | Iterable[bytes] | Made]) -> Kept:
        """The answer of a key; where many ask for one that is not there, one makes it and the others wait."""
        found = self.get(key)
        if found is not None:
            return found
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            found = self.get(key)
            if found is None:
                try:
                    found = self.unkept(until, make)
                    self._put(key, found)
                finally:
                    with self._lock:
                        self._making.pop(key, None)
        return found

    @staticmethod
    def unkept(until: float, make: Callable[[], str | Iterable[bytes] | Made]) -> Kept:
        """The same for one who asks something nobody else will."""
        answer = make()
        made = answer if isinstance(answer, Made) else Made(answer)
        return Kept(*pack(made.text), until, made.headers)

    def _put(self, key: str, kept: Kept) -> None:
        weight = len(kept.packed) + _OVERHEAD
        if weight > self.most_bytes // _LARGEST_SHARE:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self.size += weight - (len(before.packed) + _OVERHEAD if before else 0)
            self._kept[key] = kept
            while self.size > self.most_bytes:
                _key, oldest = self._kept.popitem(last=False)
                self.size -= len(oldest.packed) + _OVERHEAD

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.size = 0


def pack(text: str | Iterable[bytes]) -> tuple[bytes, int]:
    """A text as gzip, and its length; of pieces, only the compressed form is ever whole."""
    if isinstance(text, str):
        whole = text.encode()
        if len(whole) < _LONG:
            return bytes(deflate.gzip_compress(whole, _LEVEL)), len(whole)
        text = [whole]
    lengths: list[int] = []

    def counted(pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            lengths.append(len(piece))
            yield piece

    return b"".join(packed(counted(text))), sum(lengths)


def packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a long text as one gzip stream that never stands in memory as a whole."""
    packer = isal_zlib.compressobj(_LEVEL_OF_LONG, isal_zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if some := packer.compress(piece):
            yield some
    yield packer.flush()
