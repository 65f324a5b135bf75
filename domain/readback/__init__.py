"""The read-back: people outside the team say what they would call met.

The lint judges an outcome's form; only readers judge whether others can recognise it.

rules.py      what a charter says of it
records.py    what a journey knows of it, and what it asks the answers database
standing.py   which one counts, and when the answers database has to be asked
views.py      what may be read of it
telling.py    its events as sentences
reconstruction.py  which command led to each event
evolving.py   how its events change the state
"""
