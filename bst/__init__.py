"""What people hold: the command `bst`, the client for Python programs, and the server that `bst up` starts.

The command
cli/                    one module per command, imported when it is called
next_steps.py           what can be done now, as commands to copy
journal_view.py         the journal as people read it
journal_file.py         the journal as a file that every flipped bit shows in
journal_sealed.py       answers on open ballots: what may be read, and what may leave
verification/           a journal, proved: all of it computed and decided again

Plugins
source_plugin.py        what a plugin for a source is made with
conformance.py          the tests that every plugin has to pass

The client
client.py               everything that may be asked of a journey, typed
calls.py                the calls behind it, each bounded in time
failures.py             what goes wrong in them, as the errors that people know
asked.py                what a caller gave, checked before it is sent
signing_calls.py        updates, signed where the team has keys
keys/                   a member's own keys: made, kept, and signed with
update_ids.py           ids that make the same call, made twice, one update
overview.py             every journey in one row, without a worker
ask_page/               the page on which people answer without an account
answering.py            the answers database of this place
ui_link.py              where a journey is seen in the Temporal UI

Charter files
charter_file.py         read, checked as a whole, written
charter_misfits.py      a wrong shape, said with its place and the way out
charter_places.py       where in the charter's model a place of a file is
charter_plugins.py      what it sets for plugins, checked by them
charter_rules.py        every code of `bst check`, with its example
charter_reference.py    docs/charter.md, made from the model and the rules
criteria_reference.py   docs/criteria.md, made from the models and played examples
criteria_examples.py    a worked example for each criterion
criteria_play.py        a journey in memory, by which examples are judged
charter_schema.py       the JSON Schema for editors
yaml_text.py            YAML with the place of everything in it
yaml_errors.py          the parser's complaints in words that say the way out
value_traps.py          values that YAML turns into something else

Sources
trial.py                a charter's sources, read from where somebody stands
source_kinds.py         what kinds there are, from their models

Server and processes
settings.py             what the environment says
connection.py           the one way to a Temporal server
dev_server.py           the embedded server, its state in a file
dev_server_address.py   the note it leaves for clients, and its ports
dev_server_flags.py     how it is started
dev_server_health.py    whether it serves
temporal_binary.py      where the Temporal CLI is, which is that server
file_lock.py            a lock that ends with its holder
service.py              how a worker waits, works, shows life and leaves
logs.py                 one form for every line of the log
exit_cleanly.py         how a process that used the SDK ends with the code it meant

The report
report/                 a journey's report, its charts and its data

Rehearsals
rehearsal/              a charter played over past data
turning_points.py       what is worth a line of all that is in a journal

The demo
demo/                   a year of real flights, played for three teams
"""
