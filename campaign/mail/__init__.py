"""Letters: the outbox, what is due, SMTP, rendering, suppression."""
