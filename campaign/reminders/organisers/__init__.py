"""Letters to organisers: about each event of theirs, and about the coming edition of a campaign."""
