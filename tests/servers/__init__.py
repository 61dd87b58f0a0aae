"""Throw-away real servers for tests: PostgreSQL, Redis, and a mail server that remembers."""
