"""The calendar as JSON for other programs: resources, their shapes, and the document that describes them (OpenAPI)."""
