# ruff: noqa: INP001 - a script that the image copies, not a package
"""Exit 0 while the worker of this container shows a sign of life, and say so in one line.

A worker touches the file named by `BST_HEALTH_FILE` while it polls and its server answers. Looking at that
file asks the one process that knows, opens no port, and needs nothing but the standard library.
"""

import os
import sys
import time
from pathlib import Path

# Seconds: the worker touches its file every 10 s, so six touches in a row were missed.
MAX_AGE_S = 60


def verdict(named: str | None, now_s: float) -> tuple[int, str]:
    """Return the exit code and its sentence for the sign of life in the file `named`, at `now_s` (Unix time).

    A sign from the future counts by its distance: after a clock was set back it would look alive for ever.
    """
    if not named:
        return 1, "BST_HEALTH_FILE is not set: name the file that the worker touches, as the image does."
    try:
        age_s = abs(now_s - Path(named).stat().st_mtime)
    except OSError as error:
        return 1, f"No sign of life in {named}: {error.strerror}. The worker has not reached its server yet."
    if age_s > MAX_AGE_S:
        return (
            1,
            f"The last sign of life in {named} is {age_s:.0f} s away; at most {MAX_AGE_S} s is healthy.",
        )
    return 0, f"The last sign of life is {age_s:.0f} s old."


if __name__ == "__main__":
    code, sentence = verdict(os.environ.get("BST_HEALTH_FILE"), time.time())
    sys.stdout.write(sentence + "\n")
    sys.exit(code)
