"""Subscriptions of visitors, what is due when, and the letters that say so."""
