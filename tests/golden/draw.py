"""The pictures that are compared to the letter, and how they are drawn anew.

python -m tests.golden.draw    # then look at each that changed before it is committed
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from bst.report.alone import chart_alone
from bst.report.band import band
from bst.report.control import control_chart
from bst.report.history import History, history
from bst.report.panel import NARROW
from bst.report.plot import plot_of
from bst.report.progress import progress
from bst.report.svg import Node, standing_alone
from bst.report.theme import alone_style
from bst.report.tracks import Phase, Track
from domain.measurement import FrozenLimits, Observation
from tests.reported import claims_rows

FOLDER = Path(__file__).parent


@cache
def drawn() -> dict[str, str]:
    """Return every picture by the name of its file."""
    return dict(_pictures())


def _pictures() -> Iterator[tuple[str, str]]:
    found = history("claims", claims_rows())
    outcome, shares, _, support = found.tracks
    yield "outcome", chart_alone(outcome, found)
    yield "shares", chart_alone(shares, found)
    yield "rebased", chart_alone(support, found)
    yield "rare", chart_alone(rare(found), found)
    yield "no-limits", chart_alone(replace(outcome, phases=(), breaks=(), meanings={}, limits=None), found)
    plot = plot_of(outcome, found)
    assert plot is not None
    yield "narrow", _alone(control_chart(outcome, plot, found, NARROW, "narrow", "Calm."))
    yield "band", _alone(band(found, "band", wide=True))
    yield "band-narrow", _alone(band(found, "band", wide=False))
    yield "progress", _alone(progress(outcome, 11.0, "progress", wide=True))


def _alone(picture: Node | None) -> str:
    assert picture is not None
    return standing_alone(picture, alone_style())


def rare(found: History) -> Track:
    """Return a metric of rare events: the time between them is what is charted."""
    outcome = found.outcome
    first = outcome.points[0].period
    counts = [
        0,
        0,
        1,
        0,
        0,
        0,
        1,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        1,
        0,
        0,
        2,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
    ]
    limits = FrozenLimits(chart="t", centre=1.42, sigma=0.26, n=6, first=first, last=first + 17)
    gauge = outcome.gauge.model_copy(
        update={"name": "claims lost", "unit": "claims", "measure": "rare", "target": None, "promise": None}
    )
    return replace(
        outcome,
        gauge=gauge,
        points=tuple(Observation(period=first + i, value=float(n)) for i, n in enumerate(counts)),
        phases=(Phase(limits, first, None),),
        breaks=(),
        meanings={},
        explained={},
        evidence=None,
        limits=limits,
    )


if __name__ == "__main__":
    for name, picture in drawn().items():
        (FOLDER / f"{name}.svg").write_text(picture, encoding="utf-8")
