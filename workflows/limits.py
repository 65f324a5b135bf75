"""How long a journey waits for its worker and its journal, and how long one run of it lasts."""

from datetime import timedelta

from temporalio.common import RetryPolicy

# The slowest source of a large team, with room: a query over years of rows takes minutes, not hours.
MEASURE_TIMEOUT = timedelta(minutes=30)
# The activity reports while it waits for sources; without a word for so long its worker is gone.
HEARTBEAT_TIMEOUT = timedelta(minutes=1)
APPEND_TIMEOUT = timedelta(seconds=30)
# The activity turns every failing source into an answer, so what fails here is the worker or its machine.
MEASURE_RETRIES = RetryPolicy(maximum_interval=timedelta(minutes=5), maximum_attempts=10)
# A journal that is down is tried again with the next event or measurement; nobody waits for it.
APPEND_RETRIES = RetryPolicy(maximum_attempts=3)
# A pulse is written in milliseconds; rewriting its table waits for whoever reads it just now.
PULSE_TIMEOUT = timedelta(seconds=60)
# An answers database that is down is asked again an hour later, so that measuring goes on meanwhile.
PULSE_RETRIES = RetryPolicy(maximum_attempts=3)
# At the end there is no next time: the last events are worth waiting for.
FINAL_RETRIES = RetryPolicy(maximum_interval=timedelta(minutes=10))
# A journal that refuses what is written (the record of another journey of this name) takes a person.
FINAL_PAUSE = timedelta(days=1)
# A run lasts a quarter at most, so that a pinned run meets a new version of the program within one.
RUN_AT_MOST = timedelta(days=91)
