"""What the sources that read trackers have in common: how items are measured, and which keys go together."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from domain.values import Name

# How the durations of one period become one value. Percentiles are by nearest rank: a duration that was
# there.
Statistic = Literal["median", "mean", "p85", "p95"]
DurationUnit = Literal["minutes", "hours", "days"]
# Labels are asked for in one list with commas between them.
LABEL = r"^[^,]+$"
Label = Annotated[Name, Field(pattern=LABEL)]

STATISTIC = (
    "How the durations of a period become one value: the median, which one long case does not move, the "
    "mean, or the 85th or 95th percentile."
)
UNIT = "What durations are told in. A day is 24 hours; nights and weekends count."
WITHIN = "For `share_within`, the promise; for `change_failure_share`, how long after a deployment."
PROMISE = "The promise, for `share_within`: within how long."
SETTLE = "How long late data may still arrive."


def given(source: BaseModel) -> frozenset[str]:
    """Return the keys that say something else than their default does.

    What a journey carries has all keys, so those that a person wrote cannot be told from the others.
    """
    fields = type(source).model_fields
    return frozenset(name for name, field in fields.items() if getattr(source, name) != field.default)


def refuse_idle_keys(
    key: str, choice: str, keys: Collection[str], uses: Mapping[str, Collection[str]]
) -> None:
    """Refuse a key that does nothing beside what was chosen.

    Args:
        key: the key that chooses, such as `measure`.
        choice: what it chose.
        keys: what the charter says, see `given`.
        uses: by key, the choices that it is for.

    Raises:
        ValueError: which key, and what it is for.
    """
    for idle, choices in uses.items():
        if idle in keys and choice not in choices:
            meant = " or ".join(f"`{key}: {one}`" for one in choices)
            msg = f"`{idle}` does nothing for `{key}: {choice}`: it is for {meant}"
            raise ValueError(msg)


def require(measure: str, key: str, value: object, example: str) -> None:
    """Refuse a measure without the key that it cannot do without.

    Raises:
        ValueError: which key is missing, with an example.
    """
    if value is None:
        msg = f"`measure: {measure}` needs `{key}`, e.g. `{key}: {example}`"
        raise ValueError(msg)


def require_settled(within: timedelta | None, settle: timedelta) -> None:
    """Refuse to read deployments before the incidents that count against them had their time.

    Raises:
        ValueError: with the `settle` that is right.
    """
    if within is not None and settle < within:
        hours = within / timedelta(hours=1)
        msg = f"incidents may follow until `within` has passed: write `settle: {hours:g} hours`, or more"
        raise ValueError(msg)
