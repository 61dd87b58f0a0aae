"""Where events are: counts by place kept ready, circles on a map without borders, and the table that says the same."""
