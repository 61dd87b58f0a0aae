"""Ways out of the calendar: links to calendar programs and messengers, codes, pictures, and what machines read."""
