"""The benchmark: how fast this engine is on one machine, and how near to what the machine allows. `make bench`."""
