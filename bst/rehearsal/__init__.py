"""A charter played over past data, by the rules and the evidence of real journeys.

preparing.py    what a rehearsal needs: charter, policy, and the sources read once
recording.py    the sources, read once
answers.py      what members say and do: in a word, or in a file
people.py       that policy, turned into acts
engine.py       a journey in process, on a clock of its own
course.py       a journey's events as a course: periods, stages, what held each gate
varying.py      a charter with some keys changed
planting.py     changes planted into the data
resampling.py   many plays on resampled data
spread.py       what they say together
on_temporal.py  the same through the real workflow
comparing.py    whether two journals are the same
remembering.py  a real journey's facts, read from its journal
what_if.py      the same facts under another charter
telling.py      that course in words, and as one document
"""
