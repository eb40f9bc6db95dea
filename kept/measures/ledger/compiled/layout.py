"""The numbers by which compiled steps and what calls them understand each other; what they mean stands where they are
used (`days`, `packed`, `table`)."""

from datetime import date

import numpy as np

FIRST_DAY = date(1900, 1, 1)
DAYS = 1 << 16
LAST_DAY = DAYS - 1
BEFORE_FIRST = FIRST_DAY.toordinal() - 2
"""The day of the number 0, counted from 1 January of the year 1. What lies before the first day is put on that, what
lies after the last, in 2079, on that: such moments are slips of writing, and after every clock."""

AT_BEST, ENTERED, JUDGED, ANSWERED = 4, 5, 6, 7
"""Below these bits a code holds the state in which an obligation settles; from `ANSWERED` on, when an answer came."""
CODES = 1 << (ANSWERED + 3)
"""So many codes obligations can have; those of tallies follow."""
ROOM = 12  # bits
MOST = (1 << ROOM) - 1
"""The most that one count of a tally can be: so many of one thing for one victim in one month."""
WIDE, WIDE_ROOM = 3, 20  # numbers, and bits for each count
WIDE_MOST = (1 << WIDE_ROOM) - 1
"""The most obligations of one duty that one victim can have in one cell: more than a million."""

NEVER = np.iinfo(np.int64).max
NOBODY = -1
OUTSIDE = -(1 << 28)
"""The place in a table of what is not counted: a sum with it, or with several of it, is below 0 and has 32 bits."""
MOST_CELLS = 1 << 28
"""The most that a table can have."""
