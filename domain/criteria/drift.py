"""The criterion of drift: no flag was left alone for two cycles."""

from collections.abc import Iterator

from domain.state import State
from domain.together.drift import CYCLES_UNTIL_HELD
from domain.verdicts import Verdict
from domain.wording import moment


def talked_over(state: State) -> Iterator[Verdict]:
    """No flag is unresolved for two cycles; only where the charter asks for the detectors."""
    if state.charter.drift is None:
        return
    held = [flag for flag in state.together.drift.flags.values() if flag.held]
    told = "; ".join(f"{flag.kind.replace('_', ' ')} since {moment(flag.since)}: {flag.why}" for flag in held)
    yield Verdict(
        criterion="drift",
        status="not_met" if held else "met",
        title="The team has talked over what drifted",
        actual=told or f"no flag is older than {CYCLES_UNTIL_HELD} cycles",
        needed="a retrospective recorded by two functions, or a share that falls",
        number=len(held),
    )
