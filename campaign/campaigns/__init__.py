"""Remembrance campaigns: names, day, window, regions with desks, who coordinates what. All of it is data."""
