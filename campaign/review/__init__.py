"""The desk: what waits for a coordinator, and the decisions."""
