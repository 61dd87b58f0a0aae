"""The log of letters for those who answer for them: what left, what did not and why, and what to do about it."""
