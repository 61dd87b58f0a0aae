"""Who is reminded of what, when, in which words, and how it stops."""
