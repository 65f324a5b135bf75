"""Every version of the statistics that ever gave evidence to a gate, by its number.

Each measurement says with which version it was computed, for a worker may be
replaced between two of them. A released version is never edited: whoever changes
what the same observations give adds the next number, keeps the functions before it,
and raises `EVIDENCE_VERSION`. See `docs/decisions/verify.md`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from activities.recomputing import recomputed
from domain.measurement import MeasureRequest, MeasureResult

# From what was asked and what was recorded to what must have been answered.
Recompute = Callable[[MeasureRequest, MeasureResult], MeasureResult]

EVIDENCE: Final[Mapping[int, Recompute]] = MappingProxyType({1: recomputed})
