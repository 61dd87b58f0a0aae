"""The calendar inside other sites' pages: frames, plain fragments, oEmbed. No cookie, no script, no session."""
