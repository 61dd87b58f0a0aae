"""What organisers tell of how an event went: reported figures, never mixed with expected ones."""
