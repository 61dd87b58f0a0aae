"""What the DNS says about the domain that our letters come from, and what must be added so that they are believed."""
