"""The Temporal shells: they keep time, run activities and pass messages, and decide nothing.

team_journey.py       the journey of one team, a workflow of months or years
member_updates.py     the updates by which members act, a row each
answer_tasks.py       what it asks of the answers database
pulse_tasks.py        the same about pulses
read_back_tasks.py    the same about the read-back
ledger.py             the state with the events that made it
limits.py             how long it waits, and how long one run lasts
edges.py              where it meets what it cannot trust
attributes.py         what it says of itself in search attributes
messages.py           its input, its carried state and the names of its messages
details.py            what people read in the Temporal UI: the page and the timeline's lines
sections.py           the sections of that page
ballot_sections.py    the same about ballots and people's tasks
together_section.py   the same about how the team works together
pulse_section.py      the section on pulses
waits.py              what it waits for by itself, in words
markdown.py           people's words in Markdown that they cannot break
how_to.py             command lines to copy
search_attributes.py  the one registry of search attributes
plugin.py             one configuration for client, worker, replayer and tests
"""
