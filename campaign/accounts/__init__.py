"""People: sign-in, e-mail addresses, passwords, preferences."""
