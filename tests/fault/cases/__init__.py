"""One module for each kind of trouble; what is promised there is counted in the journal, never in our tables."""
