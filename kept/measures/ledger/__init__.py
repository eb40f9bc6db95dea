"""What is owed, in the order in which it is counted: one ledger a bucket, added up by compiled steps."""
