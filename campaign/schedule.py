"""Every periodic job on one page: name, task, cadence in seconds, why."""

from typing import Any

from celery.schedules import crontab

ENTRIES: dict[str, dict[str, Any]] = {
    # The doorbell: sends what is due. Expires, so that a queue that stood still does not ring a hundred times.
    "send-due-letters": {"task": "mail.send_due", "schedule": 15.0, "options": {"expires": 60}},
    # A worker that can be seen: /readyz reads the row this writes.
    "heartbeat": {"task": "mail.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    # Finds what nobody planned; finding anything is a fault and is logged as one.
    "plan-reminders": {"task": "reminders.plan", "schedule": crontab(hour=2, minute=10)},
    # Letters that come by the calendar (followed places, weekly, the day itself) are planned a day and a half ahead.
    "sweep-reminders": {"task": "reminders.sweep", "schedule": crontab(minute=20)},
    # Drafts that rest, questions without an answer, the dates of an edition.
    "sweep-organisers": {"task": "reminders.sweep_organisers", "schedule": crontab(minute=25)},
    # What waits at the desks, and the word to the lead when it waits too long.
    "sweep-desks": {"task": "review.sweep", "schedule": crontab(minute=10)},
    # Addresses that nobody reads: those who run the installation hear of them once a day.
    "tell-stopped-addresses": {"task": "operations.tell_stopped", "schedule": crontab(hour=6, minute=15)},
    # What is kept about people ends after the terms that the page for visitors names.
    "forget": {"task": "privacy.sweep", "schedule": crontab(hour=3, minute=30)},
    # Webhooks of partners that took nothing for days are stopped, and their owners told.
    "stop-deaf-webhooks": {"task": "partners.sweep", "schedule": crontab(minute=50)},
    # The embedded broker never deletes what it delivered; elsewhere there is nothing to do.
    "tidy-broker": {"task": "operations.tidy_broker", "schedule": crontab(minute=40)},
}
