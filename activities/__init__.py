"""Everything that touches the world on a journey's behalf: sources are read, the journal is written.

measure.py          the activity that reads all sources of a team and computes the evidence
turns.py            many calls at once, so many altogether and so many to one place
reading.py          what is new of one metric, and what is read again, page by page
restating.py        what a source says differently now, and what passed gates say about that
sources/            where metrics come from, one module per kind
judge.py            the evidence about one metric, from its numbers
control.py          the newest points against frozen limits: which are signals, by which rules
described.py        diagnostics, variation and assurance, capability, proposed changes
readings.py         what the criteria of a team's own ask of a metric
margins.py          a margin in the unit as a step on the chart's scale
contribution.py     how support metrics move with the outcome
comparison.py       the points since a stage began against the frozen baseline
recomputing.py      what a recorded measurement must have answered
evidence_versions.py every version of the statistics, by its number
points.py           between the domain's observations and limits and those of `evidence`
answers/            what people say without their names: pulses
journal.py          the activity that records events outside Temporal's retention
journal_store.py    appending and reading, idempotent and safe to share
journal_schema.py   the tables, and the triggers that refuse to change the past
journal_engine.py   how the database is opened, locked and waited for
journal_address.py  where a journal is, its password never shown
journal_damage.py   a file of SQLite that is not as it was written
journal_errors.py   what can go wrong, and what of it is final
"""
