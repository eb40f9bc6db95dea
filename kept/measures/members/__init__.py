"""The members of populations, as a run saw them: how they are made, stored and read."""
