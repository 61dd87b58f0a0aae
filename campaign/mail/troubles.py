"""The ways in which a letter does not get through, whatever carries it; each says what that means for the letter."""


class Trouble(Exception):
    """A letter did not get through; the subclasses say what that means for it."""


class Unreachable(Trouble):
    """No conversation with the server is possible now; no letter is to blame."""


class TryLater(Trouble):
    """This letter was not accepted now; another time may do."""


class Unwelcome(TryLater):
    """The server refused a reader for good, in words that are not about the address: its rules, or who we are to it."""


class InDoubt(Trouble):
    """The connection ended while the letter was handed over: the server may have it (RFC 1047).

    `is_silence` says that the server kept the connection and gave no answer.
    """

    def __init__(self, said: str, *, is_silence: bool) -> None:
        super().__init__(said)
        self.is_silence = is_silence


class AddressRefused(Trouble):
    """The server says that nobody can be reached at this address."""


class LetterRefused(Trouble):
    """The server will never take this letter."""
