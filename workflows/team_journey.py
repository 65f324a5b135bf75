"""The journey of one team: a durable workflow of months or years.

A shell. It keeps time, runs activities and passes messages on; every decision
is made by `domain.decide`, and everything that is shown by `domain.views`.
"""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ActivityError

from domain import ballot_views, schedule, views
from domain import commands as c
from domain.envelope import AppendEvents
from domain.errors import BstError, WrongStage
from domain.measurement import MeasureAnswer, MeasureTask
from domain.policies import policy_of
from domain.sealing import sealed_envelopes
from domain.state import State
from domain.statement import Standing, standing
from domain.together.views import TogetherView, together
from signing.ed25519 import verify
from workflows import answer_tasks, details, pulse_tasks
from workflows.attributes import attributes_of
from workflows.edges import (
    failure,
    no_answer,
    one_line,
    one_value_or_many,
    read_milestone,
    update_id,
)
from workflows.ledger import begun, resumed
from workflows.limits import (
    APPEND_RETRIES,
    APPEND_TIMEOUT,
    FINAL_PAUSE,
    FINAL_RETRIES,
    HEARTBEAT_TIMEOUT,
    MEASURE_RETRIES,
    MEASURE_TIMEOUT,
    RUN_AT_MOST,
)
from workflows.member_updates import with_member_updates
from workflows.messages import APPEND_EVENTS, MEASURE, REHEARSAL, TEAM_JOURNEY, CarriedJourney, JourneyInput


@workflow.defn(name=TEAM_JOURNEY)
@with_member_updates
class TeamJourney:
    """One team's way through forming, stability, optimization and innovation."""

    @workflow.init
    def __init__(self, start: JourneyInput) -> None:
        carried, self._journal_failed = start.carried, False
        self._refused: BstError | None = None
        if carried is None:
            assert start.charter is not None  # `JourneyInput` has one of the two
            self._offset = timedelta(0) if start.as_of is None else start.as_of - workflow.now()
            self._ledger, self._refused = begun(
                start.charter, self._now(), workflow.info().first_execution_run_id
            )
        else:
            self._offset = carried.clock_offset
            self._ledger = resumed(carried)
            if carried.state.journey not in {"", workflow.info().first_execution_run_id}:
                # Only a run of this journey hands its state on; else old signatures would count once more.
                self._refused = WrongStage("This state is another journey's: start anew, with a charter.")
        self._show()

    @workflow.run
    async def run(self, start: JourneyInput) -> views.Status:
        """Go on until the journey is completed or dissolved; return where it ended."""
        del start  # __init__ has it
        if self._refused is not None:  # not in __init__, where the SDK would fail the workflow twice
            raise failure(self._refused)
        while not self._state.over:
            step = schedule.step(self._state, self._now())
            if step == "measure":
                await self._measure()
            elif step == "pass_time":
                self._do(c.PassTime())
            elif schedule.next_wake(self._state) <= self._now():
                self._do(await answer_tasks.asked(self._state))
            elif self._ledger.urgent and not self._journal_failed:
                await self._append(APPEND_RETRIES)
            else:
                await self._rest()
        await pulse_tasks.discarded(self._state)
        while self._ledger.outbox:
            await self._append(FINAL_RETRIES)
            if self._journal_failed:  # it refused for good: look again when somebody may have helped
                await workflow.sleep(FINAL_PAUSE, summary="Next: the journal, which refused the last events")
        await workflow.wait_condition(workflow.all_handlers_finished)
        return views.status(self._state)

    @workflow.signal(
        name="milestone", description='A promised milestone is reached: its name, or {"name", "by", "note"}.'
    )
    @one_value_or_many
    def milestone(self, *payload: RawValue) -> None:
        """Record a milestone. A signal has nobody to answer to, so what is wrong with it is recorded too."""
        try:
            self._do(read_milestone(payload))
        except (BstError, ValueError) as error:
            self._do(c.RefuseMessage(message="milestone", reason=one_line(error)))

    def check(self, command: c.Command) -> None:
        """Refuse an update that the rules do not allow now, before it leaves a trace."""
        if update_id() in self._ledger.receipts:
            return
        try:
            policy_of(self._state).decide(self._state, command, self._now(), verify)
        except BstError as error:
            raise failure(error) from None

    @workflow.query(name="status", description="Where the team stands, and why.")
    def status(self) -> views.Status:
        """Return where the team stands."""
        return views.status(self._state)

    @workflow.query(name="evidence", description="The numbers behind the gate.")
    def evidence(self) -> views.Evidence:
        """Return the numbers."""
        return views.evidence(self._state)

    @workflow.query(name="ballot", description="The open ballots, sealed, and the last closed one.")
    def ballot(self) -> ballot_views.Ballots:
        """Return the ballots."""
        return ballot_views.ballots(self._state)

    @workflow.query(name="together", description="Exchange, work, flags, commitments, facilitation, results.")
    def together(self) -> TogetherView:
        """Return what the team has of itself."""
        return together(self._state)

    @workflow.query(name="pending", description="Events that the journal does not have yet.")
    def pending(self) -> AppendEvents:
        """Return the events that ride to the journal with the next measurement."""
        open_ballots = {ballot.id for ballot in self._state.ballots}
        return AppendEvents(
            team=self._ledger.team, envelopes=sealed_envelopes(self._ledger.outbox, open_ballots)
        )

    @workflow.query(name="standing", description="What members' signatures are about now.")
    def standing(self) -> Standing:
        """Return what a member needs to know to sign something."""
        return standing(self._state)

    @property
    def _state(self) -> State:
        return self._ledger.state

    def _now(self) -> datetime:
        return workflow.now() + self._offset

    def _do(self, command: c.Command) -> None:
        self._ledger.do(command, self._now())
        self._show()

    def _answer(self, command: c.Command) -> views.Receipt:
        try:
            receipt = self._ledger.answer(update_id(), command, self._now())
        except BstError as error:  # something else was handled since the validator looked
            raise failure(error) from None
        self._show()
        return receipt

    def _show(self) -> None:
        page, info = details.details(self._state), workflow.info()
        workflow.set_current_details(
            details.rehearsed(page) if info.workflow_id.startswith(REHEARSAL) else page
        )
        if changed := attributes_of(self._state, info.typed_search_attributes):
            workflow.upsert_search_attributes(changed)

    async def _measure(self) -> None:
        request = schedule.measure_request(self._state, self._now())
        pending = self._ledger.pending
        try:
            answer: MeasureAnswer = await workflow.execute_activity(
                MEASURE,
                MeasureTask(request=request, pending=pending),
                result_type=MeasureAnswer,
                start_to_close_timeout=MEASURE_TIMEOUT,
                heartbeat_timeout=HEARTBEAT_TIMEOUT,
                retry_policy=MEASURE_RETRIES,
                summary=details.measure_summary(self._state),
            )
        except ActivityError as error:
            if workflow.cancellation_reason() is not None:
                raise  # somebody cancelled the journey: no source failed
            answer = no_answer(request.serves, self._state, self._now(), one_line(error.cause or error))
        if pending:
            self._journaled(answer.journaled, answer.journal_trouble or "the measurement gave no answer")
        self._do(c.RecordMeasurement(result=answer.result))

    async def _append(self, retries: RetryPolicy) -> None:
        try:
            last: int = await workflow.execute_activity(
                APPEND_EVENTS,
                AppendEvents(team=self._ledger.team, envelopes=self._ledger.pending),
                result_type=int,
                start_to_close_timeout=APPEND_TIMEOUT,
                retry_policy=retries,
                summary=details.append_summary(len(self._ledger.pending)),
            )
        except ActivityError as error:
            if workflow.cancellation_reason() is not None:
                raise
            self._journaled(None, one_line(error.cause or error))
        else:
            self._journaled(last, "")

    def _journaled(self, last: int | None, trouble: str) -> None:
        """Let go of what the journal has; what it could not take waits, and somebody is told."""
        self._journal_failed = last is None
        if last is not None:
            self._ledger.journaled(last)
        self._do(c.ReportJournal(trouble=trouble if last is None else None))

    async def _rest(self) -> None:
        if self._should_continue_as_new():
            await workflow.wait_condition(workflow.all_handlers_finished)
            self._continue_as_new()
        due, sequence = schedule.next_wake(self._state), self._ledger.sequence
        try:
            await workflow.wait_condition(
                lambda: self._ledger.sequence != sequence,
                timeout=max(due - self._now(), timedelta(0)),
                timeout_summary=details.timer_summary(self._state),
            )
        except TimeoutError:
            return
        self._journal_failed = False  # somebody did something: the journal may be back as well

    def _should_continue_as_new(self) -> bool:
        info = workflow.info()
        return (
            info.is_continue_as_new_suggested()
            or info.is_target_worker_deployment_version_changed()
            or workflow.now() - info.start_time >= RUN_AT_MOST
        )

    def _continue_as_new(self) -> None:
        ledger = self._ledger
        carried = CarriedJourney(
            state=ledger.state,
            clock_offset=self._offset,
            sequence=ledger.sequence,
            outbox=ledger.outbox,
            receipts=ledger.receipts,
        )
        workflow.continue_as_new(
            JourneyInput(carried=carried),
            # A worker without a deployment version refuses to be told of one, so only where there is a newer.
            initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE
            if workflow.info().is_target_worker_deployment_version_changed()
            else None,
        )
