"""Uploads: limits, re-encoding, storage."""
