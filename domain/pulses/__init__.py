"""Pulses: what a team's members think of trust and equality, asked so that nobody can be told apart.

rules.py      what a charter says of them
questions.py  the items, their wording by version, which of them are reversed
bands.py      from a tally to bands: low, mixed or high, and never a number
cycles.py     what a journey knows of a pulse, and what it asks the answers database
timing.py     when one opens by itself, and when the answers database has to be asked
telling.py    pulses in words, and what a member should know beforehand
views.py      what may be read of them
reconstruction.py  which command led to each event
evolving.py   how the events of pulses change the state
"""
