"""What a team has of itself besides its outcome: never in the outcome, and in a gate only where it says so.

records.py    what is kept: posts, work items, flags, commitments, facilitation, results
folding.py    how each event changes them
drift.py      where a team drifts from being equals: dictating, taking orders, working in one function
evenness.py   how evenly people take part: the corrected Gini coefficient
asked.py      which command led to each event
sentences.py  each of these events as one sentence
views.py      what may be read of it all
"""
