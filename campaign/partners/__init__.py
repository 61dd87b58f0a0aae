"""Other programs that are told when the public calendar changes."""
