"""Write the state of a well-travelled journey as the present version carries it; see `states/README.md`."""

import sys
from datetime import timedelta
from pathlib import Path

from domain import commands as c
from domain.measurement import MetricResult, Observation
from domain.state import SCHEMA_VERSION
from tests.unit.journeys import Play, begun, control, evidence, failing
from workflows.ledger import Ledger
from workflows.messages import CarriedJourney

STATES = Path(__file__).parent / "states"
OUTCOME = "days to payment"


def travelled() -> Play:
    """Return a journey in which every part of the state holds something."""
    play = begun().to("optimization")
    new = tuple(Observation(period=p, value=11.5, denominator=20.0) for p in range(2925, 2933))
    signal = control(outside=(2925,), bad=(2925,))
    play.measure(
        days_to_payment=MetricResult(name=OUTCOME, observations=new, evidence=evidence(control=signal)),
        complaints=failing("complaints"),
    )
    play.do(c.ExplainSignal(by="Ana", period="2026-01-19", cause="a storm"))
    play.consent_all(-1)
    play.measure(
        days_to_payment=MetricResult(
            name=OUTCOME, evidence=evidence(control=signal, bad_streak=2, good_streak=0, improvement=None)
        ),
        complaints=failing("complaints"),
    )
    play.do(c.RefuseMessage(message="milestone", reason="there is no milestone 'picnic'"))
    play.do(c.HoldJourney(by="Chloe", reason="an audit"))
    play.do(c.DissolveTeam(by="Ben", reason="sold", lesson="ask earlier"))
    play.do(c.RaiseObjection(by="Chloe", objection="harms_outcome", reason="too early"))
    return play


def carried() -> CarriedJourney:
    """Return what a run of this journey hands to the next, with answers and events on their way."""
    play = travelled()
    ledger = Ledger(team=play.state.charter.team, state=play.state, sequence=len(play.events))
    again = c.GiveConsent(by="Chloe", note="if we meet again")
    ledger.answer("consent-Chloe-2", again, play.now)
    return CarriedJourney(
        state=ledger.state,
        clock_offset=timedelta(days=-400),
        sequence=ledger.sequence,
        outbox=ledger.outbox,
        receipts=ledger.receipts,
    )


if __name__ == "__main__":
    path = STATES / f"v{SCHEMA_VERSION}.json"
    if path.exists():
        sys.exit(f"{path.name} is there already. A stored state is never written anew: raise SCHEMA_VERSION.")
    path.write_text(carried().model_dump_json(indent=1) + "\n", encoding="utf-8")
