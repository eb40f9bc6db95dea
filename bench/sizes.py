"""How large the benchmark's stores are."""

BASE = 20_000
"""The victims of the one force that is copied, examples included."""
COPIES = {"force": 15, "five years": 75, "national": 335}
"""How often it is copied: a force year of 300,000 victims, five of them, and a national year of 6.7 million."""
