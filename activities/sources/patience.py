"""Asking a source again when that may help, and no more than that."""

from collections.abc import Callable
from typing import Final, TypeVar

from activities.sources.allowance import Allowance
from domain.errors import TRANSIENT, SourceFailed

# Seconds before the second and the third try: a database that restarts, or a connection that was cut, is back
# by then or will not be for a while; then the journey asks again at its own pace.
PAUSES: Final = (1.0, 3.0)

_Answer = TypeVar("_Answer")


def patiently(ask: Callable[[], _Answer], place: str, allowance: Allowance) -> _Answer:
    """Return the answer, after another try or two where the failure may pass by itself.

    A place that did not answer to any try of one measurement is tried once from then on. The client of web
    sources has tries of its own, which follow what a server says of them.

    Raises:
        SourceFailed: what the last try said.
    """
    for pause in () if place.startswith(("http:", "https:")) else PAUSES:
        try:
            return ask()
        except SourceFailed as failure:
            if failure.source_code not in TRANSIENT or place in allowance.worn or allowance.stop.wait(pause):
                raise
    try:
        return ask()
    except SourceFailed as failure:
        if failure.source_code in TRANSIENT:
            allowance.worn.add(place)
        raise
