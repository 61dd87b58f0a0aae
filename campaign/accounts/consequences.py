"""What must happen in the same transaction when somebody wants to be written to in another language or zone."""

from campaign.accounts.models import Person
from campaign.core.followers import Followers

_followers = Followers[Person]()
connect, changed = _followers.connect, _followers.tell
