"""What of ledgers is compiled: how they are made, and how their rows are added up, counted and listed."""
