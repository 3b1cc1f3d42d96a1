"""Everything that is recorded about one person, on the page and on paper."""
