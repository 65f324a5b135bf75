"""What each command leads to, by who acts.

people.py       members: confirm, consent, object, hold, resume, milestones
proposals.py    what is put to everybody: opening, closing, and what consent brings about
revising.py     which round of what a proposal is
asking.py       questions on a ballot, and their answers
absence.py      members who are away, and who answers for them
leaving.py      members who go
exempting.py    exemptions from regression
rebasing.py     freezing limits anew: signed, with its cause and four questions
measuring.py    the sources: new facts, frozen limits, regression
signing.py      in a team with keys: whether it is signed by who it says
counting.py     members again: what they count by hand
restating.py    restated numbers: which passed gates they put in doubt
together.py     what members tell one another, by topic
exchanging.py   what each function needs, cannot do and can do
working.py      work items, and what the team makes of a flag of drift
committing.py   what one member promises by a day
facilitating.py whose turn it is to facilitate
pulses.py       pulses: when one opens, and what the answers database said of it
readback.py     the read-back: opened and counted by members
clock.py        time: reminders, closes, the end of a grace period
reactions.py    what follows by itself from any of them
"""
