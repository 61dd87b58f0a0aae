"""The listing: what an event is, its lifecycle, revisions, import; the organiser's own pages."""
