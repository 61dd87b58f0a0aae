"""Embassies, diaspora associations and others who hold events; their members and roles."""
