"""The rules, and nothing but the rules: pure functions, without Temporal, input, output or clock.

What people write
charter.py      the charter's model: outcome, members, metrics, gates, ballots
sources/        where numbers come from, as a charter says it
draft.py        a charter that may still lack parts, so that what is missing can be said
charting.py     how a metric is charted
criterion.py    criteria of a team's own, and how they are combined
forming.py      what a charter asks of a team that forms
drift_rules.py  when a team is told that it drifts from being equals
signatures.py   keys and signatures as they are written
statement.py    what a member signs, to the letter
values.py       the kinds of value that a charter is written in, each strict
duration.py     durations as people write them
readback/       the read-back by people outside the team
pulses/         what pulses ask, and how answers become bands
model.py        how every model is made: frozen, finite, unknown keys refused
once.py         answers that follow from one frozen value, worked out once

What a charter is judged by before a team starts
lint.py         what an outcome lacks before anybody could recognise it (E and W)
words.py        the words that the lint knows
crosschecks.py  the parts of a charter against one another (C)
gate_checks.py  charts and own criteria against the rest (C)
key_checks.py   members' keys against the members (C)
pulse_checks.py pulses against the members (C)
literal_secrets.py  where a password stands in a source as it is
finding.py      what is said about a charter: a rule, a key, a place in a file

The decider
commands/       what people and the clock may ask, in the imperative, by topic
decide.py       what a command leads to, as events
rekeying.py     what an amendment does to members' keys
permissions.py  what every member may do, read off the commands
decisions/      the same by who acts: members, proposals, measurements, time
events/         what has happened, in the past tense, by topic
policies.py     every version of the rules, by its number
reconstruction.py  which command led to stored events
parsing.py      events read back from a journal's entries
evolve.py       how each event changes the state
voices.py       the same for questions, absences, members who leave, exemptions
facts.py        the same for facts: what sources gave, what people counted, what a passed gate stood on
restatement.py  what a source says differently about a period that was recorded
state.py        a journey's state
errors.py       every refusal of the program, in one tree

What a team has of itself
together/       posts, work items, flags of drift, commitments, facilitation, results

The gates
gates.py        the criteria of each stage's gate
differences.py  what another charter would change
criteria/       one file per kind of question
verdicts.py     what an evaluation says, and its digest
ballots.py      one round of consent on one proposal
rounds.py       the rounds of a member's proposal, and what a further one changes
series.py       the observations of a metric, and the newest of them
readings.py     what is known of a series beyond its limits, and what own criteria asked
measurement.py  what is measured: the facts that a gate decides on
rare_events.py  from counts of rare events to the time between them
periods.py      calendar periods as whole numbers
zones.py        time zones by their IANA names
schedule.py     when a journey wakes up, and what it measures then

What is read
views.py        the only ways out of the state
ballot_views.py the same for ballots, with their answers sealed
duties.py       what each member has yet to do
notices.py      what the numbers ask of people: restated, in doubt, not counted
sealing.py      what an answer on an open ballot reads as
sentences.py    each event as one sentence
saying.py       the same for questions, absences, members who leave, exemptions
telling.py      what the numbers of a metric say, in sentences
wording.py      how numbers, periods and lists read
limits.py       the control limits of one point, for pages and charts
chart.py        a control chart in characters
envelope.py     the journal's format and its chain of hashes
"""
