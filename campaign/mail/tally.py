"""What a run of the engine did, in letters."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """One run; `unreachable` is about the mail server."""

    sent: int = 0
    kept: int = 0
    found: int = 0
    dropped: int = 0
    deferred: int = 0
    failed: int = 0
    uncertain: int = 0
    given_back: int = 0
    unreachable: bool = False

    def add(self, other: "Tally") -> None:
        """Take the numbers of another road as well."""
        for name in ("sent", "kept", "found", "dropped", "deferred", "failed", "uncertain", "given_back"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
