"""What the words of a mail server say about an address: that nobody lives there, or something about us."""

import re

_CODE = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
# RFC 3463: 5.1.x is about the address; its 7 and 8 are about the sender's.
_ADDRESS = re.compile(r"5\.1\.(?!7$|8$)\d+")
# 5.7.x is about policy and 5.2.2 about a full mailbox; neither says that nobody lives at the address.
_ANOTHER = re.compile(r"5\.(7\.\d+|2\.2|1\.[78])")
# Many servers write no code, or a general one. The list of relays is where Postfix looks for readers.
_WORDS = re.compile(
    r"relay(?! recipient)|polic(y|ies)|spam|block|blacklist|not permitted|prohibited|denied|reputation|authenti|"
    r"authori[sz]|\b(spf|dkim|dmarc|rbl|dnsbl)\b|\bsender|client host|too many|rate limit|quota|\bfull\b|storage",
    re.IGNORECASE,
)
_SIGN_IN_FIRST = 530


def is_nobody_there(said: str, *, code: int = 550, status: str = "") -> bool:
    """Whether this permanent refusal of a recipient speaks about the address alone.

    `said` are the words after the `code` of the answer; `status` is the enhanced code, if it does not stand there.
    Whatever is not clear counts against the server: a letter that waits harms less than a reader who is forgotten.
    """
    found = _CODE.match(said)
    status = status or (found.group(1) if found else "")
    if code == _SIGN_IN_FIRST or _ANOTHER.fullmatch(status):
        return False
    return _ADDRESS.fullmatch(status) is not None or _WORDS.search(said) is None
