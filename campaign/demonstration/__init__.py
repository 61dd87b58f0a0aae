"""A living calendar for whoever tries the platform: campaigns, real archive, invented listings, sign-ins."""
