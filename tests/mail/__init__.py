"""Promises, the engine, the bytes of a letter, the commands and the outbox."""
