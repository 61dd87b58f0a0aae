"""Passwords: which are good enough, and how they are kept (argon2id)."""

import unicodedata

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError
from pwdlib.hashers.argon2 import Argon2Hasher

from campaign.core.folding import fold

SHORTEST, LONGEST = 10, 128
_keeper = PasswordHash((Argon2Hasher(),))

# The common ones of at least ten characters, from public lists of leaked passwords; shorter ones fail by length.
_COMMON_TEXT = """
1234567890 12345678910 123456789a 0123456789 0987654321 9876543210 1111111111 0000000000 1234512345 1231231231
123456789q 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc qwertyuiop qwerty1234 qwerty12345 qwerty123456 qwertyuiop123
asdfghjkl1 asdfghjkl; zxcvbnm123 password12 password123 password1234 password12345 password123456 passw0rd123
mypassword passwordpassword iloveyou12 iloveyou123 iloveyou1234 administrator adminadmin admin12345 admin123456
letmein123 letmein1234 welcome123 welcome1234 changeme123 basketball footballfootball football123 baseball123
superman123 michael123 jordan12345 liverpool1 manchester chocolate1 butterfly1 princess123 sunshine123 monkey12345
qazwsxedcrfv qweasdzxc123 qwe123qwe123 abc1234567 abcd123456 abcdefghij abcdefghijk a123456789 aa12345678
q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsx12 p@ssw0rd123 p@ssword123 test123456 testtest123 azerbaijan azerbaycan
azerbaijan1 azerbaijan123 azerbaycan1 azerbaycan123 qarabagh123 qarabag123 karabakh123 karabakh12 khojaly1992
xocali1992 khojaly613 khojaly26021992 xocali26021992 baku123456 baki123456 26021992260 justiceforkhojaly
"""
_COMMON = frozenset(_COMMON_TEXT.split())


def problem(password: str, email: str = "") -> LazyString | None:
    """The sentence that says why a password is not good enough; None when it is (NIST SP 800-63B, 5.1.1.2)."""
    typed = _plain(password)
    if len(typed) < SHORTEST:
        return _("Use at least %(n)d characters. Three or four unrelated words are easy to remember.", n=SHORTEST)
    if len(typed) > LONGEST:
        return _("Use at most %(n)d characters.", n=LONGEST)
    folded = fold(typed)
    if email and folded in (fold(email), fold(email.partition("@")[0])):
        return _("The password must not be your e-mail address.")
    if folded.replace(" ", "") in _COMMON or len(set(folded)) < 4:
        return _("This password is on lists that attackers try first. Please choose another one.")
    return None


def keep(password: str) -> str:
    """The hash to store. Slow on purpose: call it before a transaction, not inside one."""
    return _keeper.hash(_plain(password))


def matches(password: str, kept: str) -> bool:
    """Whether this is the password; takes as long for an account that has none, or that does not exist."""
    typed = _plain(password)[: LONGEST + 1]
    try:
        return _keeper.verify(typed, kept or _nobody()) and bool(kept)
    except PwdlibError:
        return False


_kept_for_nobody: list[str] = []


def _nobody() -> str:
    if not _kept_for_nobody:
        _kept_for_nobody.append(_keeper.hash("nobody has this password"))
    return _kept_for_nobody[0]


def _plain(password: str) -> str:
    """Keyboards write the same letter in several ways; NFKC makes them one."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
