"""Append-only: who did what to which thing, and what the thing was before."""
