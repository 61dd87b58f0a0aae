"""What visitors report about a public listing, and what the desk does about it."""
