"""Pages of a place and of an organiser: what is coming, and what there was in the years before."""
