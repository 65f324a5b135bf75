"""The `manual` source: nothing in the world has its numbers.

Members record them, the journey carries them, and a measurement takes them
from there (`activities.reading`).
"""

from pathlib import Path

from activities.sources.allowance import Allowance
from activities.sources.window import Window
from domain.measurement import Observation
from domain.sources import ManualSource


def fetch(
    source: ManualSource,
    window: Window,
    *,
    data_root: Path,
    allowance: Allowance | None = None,
) -> tuple[Observation, ...]:
    """Return no observation: outside of a journey nobody has recorded any."""
    del source, window, data_root, allowance
    return ()
