"""From a tally to bands, the only way out of the answers: no count, mean or median is ever released.

With a mean, all but one who know their own answers know the last one's. A band leaves open of each single
person whether he or she agreed: however many answered, it fits answers of both kinds (a test tries them
all). What it tells is that many of the team agree, or disagree; that is what it is for.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from pydantic import Field

from domain.model import Carried
from domain.pulses.questions import BY_ID, POINTS, SCALES, Scale

Band = Literal["low", "mixed", "high"]
BANDS: Final[tuple[Band, ...]] = ("low", "mixed", "high")
# `high`: two of three agree, and at most one of four disagrees. `low`: half of them disagree.
_AGREE: Final = 2 / 3
_FEW_DISAGREE: Final = 1 / 4
_MANY_DISAGREE: Final = 1 / 2
# From this share on, answers that are alike for every item, reversed ones too, put the pulse in doubt.
_ALIKE: Final = 1 / 4
_MIDDLE: Final = (POINTS + 1) // 2


class Tally(Carried):
    """How often each choice was given, item by item: nothing ties two answers of one person together."""

    counts: dict[str, tuple[int, ...]] = Field(description="Item: how often 1, 2, ... was answered.")
    answered: int = 0
    alike: int = Field(default=0, description="Answers with the same number for every item.")


class PulseResult(Carried):
    """What is released of a pulse, once, at its close."""

    answered: int = Field(description="How many answered.")
    scales: dict[Scale, Band] = Field(default_factory=dict, description="Empty when too few answered.")
    items: dict[str, Band] = Field(default_factory=dict)
    alike: bool = Field(default=False, description="Many gave the same number to every item.")


def empty(items: Iterable[str]) -> Tally:
    """Return the tally before anybody has answered."""
    return Tally(counts=dict.fromkeys(items, (0,) * POINTS))


def flaw(tally: Tally, answers: Mapping[str, int]) -> str:
    """Return why these answers cannot be counted, or nothing when they can."""
    missing = [item for item in tally.counts if item not in answers]
    if missing:
        return f"{len(missing)} of {len(tally.counts)} statements have no answer: answer each of them."
    if len(answers) > len(tally.counts):
        return "There are answers to statements that this pulse does not ask."
    if any(not 1 <= answer <= POINTS for answer in answers.values()):
        return f"An answer is a number from 1 (strongly disagree) to {POINTS} (strongly agree)."
    return ""


def counted(tally: Tally, answers: Mapping[str, int]) -> Tally:
    """Return the tally with one person's answers in it; they must have no flaw."""
    return Tally(
        counts={
            item: tuple(n + (choice == answers[item]) for choice, n in enumerate(counts, 1))
            for item, counts in tally.counts.items()
        },
        answered=tally.answered + 1,
        alike=tally.alike + (len(set(answers.values())) == 1),
    )


def released(tally: Tally, k: int) -> PulseResult:
    """Return what may be known: how many answered, and the bands unless they are fewer than `k`."""
    if tally.answered < k:
        return PulseResult(answered=tally.answered)
    oriented = {item: _oriented(item, counts) for item, counts in tally.counts.items()}
    items = {item: band(counts) for item, counts in oriented.items()}
    scales: dict[Scale, Band] = {}
    for scale in SCALES:
        of_scale = [item for item in items if BY_ID[item].scale == scale]
        if of_scale:
            pooled = band([sum(column) for column in zip(*(oriented[i] for i in of_scale), strict=True)])
            weak = pooled == "high" and any(items[item] == "low" for item in of_scale)
            scales[scale] = "mixed" if weak else pooled
    return PulseResult(
        answered=tally.answered, scales=scales, items=items, alike=tally.alike >= _ALIKE * tally.answered
    )


def band(counts: Iterable[int]) -> Band:
    """Return the band of oriented counts, worst choice first."""
    listed = list(counts)
    total, disagree, agree = sum(listed), sum(listed[: _MIDDLE - 1]), sum(listed[_MIDDLE:])
    if disagree >= _MANY_DISAGREE * total:
        return "low"
    return "high" if agree >= _AGREE * total and disagree <= _FEW_DISAGREE * total else "mixed"


def _oriented(item: str, counts: tuple[int, ...]) -> tuple[int, ...]:
    return counts[::-1] if BY_ID[item].reversed else counts
