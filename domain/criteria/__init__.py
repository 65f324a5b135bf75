"""The criteria, one file per kind of question.

common.py       is the team whole, are its milestones reached
stability.py    limits frozen, later points inside them, the promise kept, no gaps
improvement.py  better than the frozen baseline, by a margin, with a test
target.py       the target is kept
exchange.py     everybody's needs, limitations and capabilities are said, and read
drift.py        no flag of drift was left alone for two cycles
readback.py     people outside the team recognise the outcome
pulse.py        the team believes that its members are equals
own.py          the criteria of a team's own, and their combinations
own_leaves.py   what one reading says against the numbers of its criterion
"""
