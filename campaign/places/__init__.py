"""Countries, cities and time zones: reference data that works offline."""
