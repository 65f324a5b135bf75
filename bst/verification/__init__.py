"""A journal, proved: everything that was computed or decided is computed and decided again.

Nothing here needs Temporal, a database or a source: the journal's entries are enough.

walk.py          from the first event to the last: each decision, decided again
measurements.py  each measurement, computed again from what its sources said
differing.py     where two bodies differ first
findings.py      what a verification counted and found
continuing.py    whether a journal continues an older export
"""
