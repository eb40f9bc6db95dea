"""Pure functions over counts: each names the source of its formula."""
