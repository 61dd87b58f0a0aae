"""How long things about people are kept; the page for visitors says it in these very numbers."""

from datetime import timedelta

from campaign.reminders import service as reminders

# A wish about an event, after the event is over; a wish that was stopped, after that. Without a wish left, the address.
WISH = timedelta(days=60)
# A question whether an address is somebody's, and a registration, if nobody answers.
UNANSWERED = reminders.ANSWER_WITHIN
# The address of somebody who reported a mistake, after the answer.
REPORTER = timedelta(days=30)
# A letter in the log, with the address it went to.
LETTER = timedelta(days=180)
