"""Where two bodies differ first, as a path that finds the place in the stored one."""

import json
import math
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from domain.finding import dotted

# Evidence has six significant digits, so another library or processor may round the last one the other way.
_LAST_DIGIT: Final = 2e-5
# What one of two values has where the other has something; null is something.
NOTHING: Final = object()
# Enough to tell two values apart; the whole body is in the journal (characters).
_SHOWN: Final = 100


class Differing(NamedTuple):
    """A place in two JSON values, and what each has there, or NOTHING."""

    where: str
    stored: Any
    recomputed: Any

    @property
    def sentence(self) -> str:
        """What differs, in words."""
        said = f"{self.where or 'the body'}: stored {shown(self.stored)}, computed {shown(self.recomputed)}."
        return said + (_ROUNDING if self.is_rounding else "")

    @property
    def is_rounding(self) -> bool:
        """Whether both are numbers that differ by no more than how the last digit was rounded."""
        pair = (self.stored, self.recomputed)
        return all(type(one) is float for one in pair) and math.isclose(*pair, rel_tol=_LAST_DIGIT)


_ROUNDING: Final = (
    " They differ in the last of six digits alone, as a changed number may, and as another release of numpy "
    "or scipy may round: verify once more with the releases that the manifest names."
)


def first_difference(stored: Any, recomputed: Any) -> Differing | None:
    """Return where two JSON values differ first, keys in alphabetical order; None where they do not."""
    return _differing(stored, recomputed, ())


def shown(value: Any) -> str:
    """Return a value as it stands in JSON, cut where it is long."""
    if value is NOTHING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _differing(stored: Any, recomputed: Any, where: tuple[str | int, ...]) -> Differing | None:
    parts: list[tuple[str | int, Any, Any]] = []
    if isinstance(stored, dict) and isinstance(recomputed, dict):
        keys = sorted(stored.keys() | recomputed.keys())
        parts = [(key, stored.get(key, NOTHING), recomputed.get(key, NOTHING)) for key in keys]
    elif isinstance(stored, list) and isinstance(recomputed, list):
        pairs = zip_longest(stored, recomputed, fillvalue=NOTHING)
        parts = [(index, one, other) for index, (one, other) in enumerate(pairs)]
    elif shown(stored) != shown(recomputed) or stored != recomputed:
        return Differing(dotted(where), stored, recomputed)
    for key, one, other in parts:
        if found := _differing(one, other, (*where, key)):
            return found
    return None
