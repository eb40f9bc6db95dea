"""From timelines to obligations. `reference.py` is what the duty language means; what is faster must agree."""
