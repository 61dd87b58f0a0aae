"""Every message that people get, as it reads today, for those who answer for its words."""
