"""Letters that were handed over without an answer: found out about, sent once more, or left to a person.

RFC 1047: between the server's word and our mark nobody can know. So whoever knows more is asked first: the receipts of
this machine, then the log of the mail server. What nobody knows is sent once more under the same Message-ID; if that
ends without an answer too, the letter is `uncertain`.
"""

from dataclasses import dataclass, field

import structlog

from campaign.core.db import database_now, transaction
from campaign.mail import claims, hands
from campaign.mail.claims import Claim
from campaign.mail.models import Letter, Status
from campaign.mail.receipts import Receipts
from campaign.mail.reconcile import WasAccepted

log = structlog.get_logger(__name__)

MOST = 2


@dataclass(slots=True)
class Settled:
    """`clear` may be sent; of the others it is noted what became of them."""

    clear: list[Letter] = field(default_factory=list)
    found: int = 0
    uncertain: int = 0


def settle(claim: Claim, receipts: Receipts, was_accepted: WasAccepted) -> Settled:
    """Sort the letters of a claim; asks nobody when none is in doubt."""
    found = receipts.look_up(claim.abandoned.items())
    doubtful = {
        letter.id: letter.message_id
        for letter in claim.letters
        if (letter.id in claim.abandoned and letter.id not in found.untouched) or letter.doubts
    }
    if not doubtful:
        return Settled(clear=list(claim.letters))
    asked = {message_id for letter_id, message_id in doubtful.items() if letter_id not in found.accepted}
    logged = was_accepted(asked)
    settled = Settled()
    with transaction():
        for letter in claim.letters:
            is_accepted = letter.id in found.accepted or letter.message_id in logged
            is_new = letter.id in claim.abandoned and letter.id not in found.untouched
            if letter.id not in doubtful or _may_go(claim, letter, settled, is_accepted=is_accepted, is_new=is_new):
                settled.clear.append(letter)
    return settled


def _may_go(claim: Claim, letter: Letter, settled: Settled, *, is_accepted: bool, is_new: bool) -> bool:
    """Note what is known of a letter in doubt; `is_new`: nobody has counted this doubt yet."""
    now = database_now()
    if is_accepted:
        hands.mark_sent(claim.token, [letter.id], now, "its sender died; the mail server has it")
        settled.found += 1
        return False
    if letter.doubts + is_new >= MOST or claims.is_over(letter, now):
        log.error("nobody knows whether a letter arrived", letter=letter.id, message_id=letter.message_id)
        claims.mark_ended(claim.token, letter, Status.UNCERTAIN, "handed over without an answer; it may have arrived")
        settled.uncertain += 1
        return False
    if is_new:
        claims.doubt(claim.token, letter)
    log.warning("a letter is sent again", letter=letter.id, message_id=letter.message_id)
    return True
