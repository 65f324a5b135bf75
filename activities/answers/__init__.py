"""The answers database: what people say without their names, kept apart from everything that lasts.

database.py  transactions that write and read, and what leaves nothing behind
read_backs.py read-backs: opened, codes handed out by function, answers counted
store.py     pulses: opened, codes handed out, answers counted, closed and destroyed
rows.py      the one row of a team, locked and written
schema.py    the tables, and why they are as they are
engine.py    how the database is opened, so that what is deleted is gone
codes.py     the one-time codes
errors.py    what can go wrong
pulses.py    the activities by which a journey opens and closes a pulse or a read-back
"""
