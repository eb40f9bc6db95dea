"""From a force's extract to versioned records: mappings, staging, the store, timelines."""
