"""The day of remembrance around the world: where the moment was kept, what is happening, what is still to come."""
