"""The public filter as news feeds (RSS 2.0, Atom, JSON Feed 1.1), and the page that builds their addresses."""
