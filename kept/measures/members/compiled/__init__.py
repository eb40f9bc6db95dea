"""What of making members is compiled: one pass over the entries of a row group."""
