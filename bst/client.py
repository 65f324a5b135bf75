"""The typed client: everything that people and programs may ask of a journey.

    journeys = await Journeys.connect()
    await journeys.start("claims.yaml")
    await journeys.confirm("claims", by="Maria")
    print((await journeys.status("claims")).gate_open)

Every method raises the errors of `domain.errors` and nothing else, and none waits without a bound. Sending
the same update twice does it once (see `bst.update_ids`). Before a program that used this ends, see
`bst.exit_cleanly`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from temporalio.client import Client
from temporalio.runtime import Runtime

from bst import calls, overview
from bst.asked import chosen, linted, sent, voice, why_refused
from bst.connection import connect
from bst.settings import Settings
from bst.signing_calls import Sign, Signing
from bst.update_ids import Moment, answer_id, confirm_id, moment_id
from domain import commands as c
from domain.ballot_views import Ballots
from domain.ballots import ObjectionKind
from domain.charter import Charter
from domain.envelope import AppendEvents, Envelope
from domain.errors import BstError, JourneyOver, NotFound, NotUnderstood, Refused
from domain.finding import nearest
from domain.statement import Standing
from domain.together.views import TogetherView
from domain.views import Evidence, Receipt, Status
from domain.wording import named
from workflows.member_updates import UPDATE_NAMES

# How often `watch` asks the server whether anything has happened. People do not notice a second.
WATCH_EVERY: Final = timedelta(seconds=1)
OVER: Final = frozenset({"completed", "dissolved"})


class Journeys:
    """The journeys of one namespace. Safe to share between the tasks of one event loop."""

    def __init__(self, client: Client, *, task_queue: str = "bst", signer: Sign | None = None) -> None:
        """Use a client that was made with `workflows.plugin.plugin()`, as `bst.connection.connect` does."""
        self.client = client
        self._task_queue = task_queue
        self._signing = Signing(client, signer)

    @classmethod
    async def connect(
        cls,
        settings: Settings | None = None,
        *,
        runtime: Runtime | None = None,
        signer: Sign | None = None,
    ) -> Self:
        """Connect as the settings say, or the environment; `signer` signs in teams with keys (`bst.keys`).

        Raises:
            ServerUnreachable: no Temporal server answers.
            BadInput: a setting cannot be used.
        """
        chosen = Settings.from_environment() if settings is None else settings
        return cls(await connect(chosen, runtime=runtime), task_queue=chosen.task_queue, signer=signer)

    async def start(self, charter: Charter | Path | str, as_of: datetime | None = None) -> None:
        """Start a team's journey with a charter or a charter's file; no worker is needed yet.

        Args:
            charter: the charter, or the path of its file.
            as_of: play the past: the journey's own clock starts here instead of now.

        Raises:
            CharterRefused: the charter does not pass its lint; the message lists every error.
            WrongStage: the team has a journey already, running or ended.
        """
        today = (as_of or datetime.now(UTC)).date()
        if isinstance(charter, Charter):
            linted(charter, today)
        else:
            from bst.charter_file import load  # YAML takes 50 ms to import, and only a start needs it

            charter = (await asyncio.to_thread(load, charter, today=today)).charter
        await calls.start(self.client, self._task_queue, charter, as_of)

    async def status(self, team: str) -> Status:
        """Return where the team stands, and why."""
        return await calls.query(self.client, team, "status", Status)

    async def evidence(self, team: str) -> Evidence:
        """Return the numbers behind the gate."""
        return await calls.query(self.client, team, "evidence", Evidence)

    async def ballot(self, team: str) -> Ballots:
        """Return the open ballots, sealed, and the last one that closed."""
        return await calls.query(self.client, team, "ballot", Ballots)

    async def together(self, team: str) -> TogetherView:
        """Return what the team has of itself: exchange, work, flags, commitments, turns, results."""
        return await calls.query(self.client, team, "together", TogetherView)

    async def standing(self, team: str) -> Standing:
        """Return whose keys the charter lists, and what signatures are about now."""
        return await self._signing.standing(team)

    async def pending(self, team: str) -> tuple[Envelope, ...]:
        """Return what has happened and is not in the journal yet; it gets there with the next measurement."""
        return (await calls.query(self.client, team, "pending", AppendEvents)).envelopes

    async def confirm(self, team: str, *, by: str, version: int | None = None) -> Receipt:
        """Stand behind a version of the outcome, the present one unless said otherwise."""
        if version is None:
            version = (await self.status(team)).outcome_version
        command = sent(c.ConfirmOutcome, by=by, version=version)
        return await self._signing.update(team, command, lambda c: confirm_id(c, c.by, version))

    async def consent(
        self,
        team: str,
        *,
        by: str,
        ballot: str | None = None,
        digest: str | None = None,
        note: str = "",
        on_behalf_of: str | None = None,
    ) -> Receipt:
        """Say that a proposal is good enough for now and safe enough to try.

        Args:
            team: whose ballot it is.
            by: the member who answers.
            ballot: its id; not needed while only one is open.
            digest: of the evidence that was read; without it, of the evidence that the ballot is about now.
            note: a preference, recorded and shown; it does not block.
            on_behalf_of: the absent member who asked `by` to answer for them.
        """
        said = {"ballot": ballot, "digest": digest, "note": note, "on_behalf_of": on_behalf_of}
        return await self._respond(team, sent(c.GiveConsent, by=by, **said))

    async def object(  # noqa: PLR0913 - one for each thing that is said
        self,
        team: str,
        *,
        by: str,
        kind: ObjectionKind,
        reason: str,
        fix: str = "",
        ballot: str | None = None,
        digest: str | None = None,
        on_behalf_of: str | None = None,
    ) -> Receipt:
        """Say that a proposal would do harm, with a reason, and what would `fix` it; else as `consent`."""
        said = {"ballot": ballot, "digest": digest, "on_behalf_of": on_behalf_of}
        command = sent(c.RaiseObjection, by=by, objection=kind, reason=reason, fix=fix, **said)
        return await self._respond(team, command)

    async def explain(self, team: str, **proposal: Any) -> Receipt:
        """Propose to take one point as explained; the keys are those of `ExplainSignal`."""
        return await self.send(team, sent(c.ExplainSignal, **proposal))

    async def record(self, team: str, metric: str | None = None, **counted: Any) -> Receipt:
        """Record what a member counted by hand, or correct it; the keys are those of `RecordValue`."""
        return await self.send(team, sent(c.RecordValue, metric=metric, **counted))

    async def rebase(self, team: str, **proposal: Any) -> Receipt:
        """Propose to freeze limits anew; the keys are those of `ProposeRebase`."""
        return await self.send(team, sent(c.ProposeRebase, **proposal))

    async def amend(
        self, team: str, charter: Charter, *, by: str, reason: str, revises: str | None = None
    ) -> Receipt:
        """Propose another charter; `revises` is the failed round that it mends."""
        said = {"reason": reason, "charter": charter, "revises": revises}
        return await self.send(team, sent(c.ProposeAmendment, by=by, **said))

    async def measure(self, team: str, *, by: str) -> Receipt:
        """Have the sources read at once; `Status.measured_at` tells when that was done."""
        return await self.send(team, sent(c.MeasureNow, by=by))

    async def hold(self, team: str, *, by: str, reason: str) -> Receipt:
        """Stop the line: gates stay shut until somebody resumes."""
        return await self.send(team, sent(c.HoldJourney, by=by, reason=reason))

    async def resume(self, team: str, *, by: str, parked: str | None = None) -> Receipt:
        """Lift a hold, or bring a parked proposal back; `parked` is its last round, if several are."""
        return await self.send(team, sent(c.ResumeJourney, by=by, parked=parked))

    async def dissolve(self, team: str, **proposal: Any) -> Receipt:
        """Propose to end the journey; the keys are those of `DissolveTeam`."""
        return await self.send(team, sent(c.DissolveTeam, **proposal))

    async def milestone(self, team: str, name: str, *, by: str | None = None, note: str = "") -> Receipt:
        """Say that something the team promised is done.

        It is a signal, which has no answer: what can be refused is refused here, before it is sent, and
        what came of it is read afterwards.
        """
        before = await self.status(team)
        known = {milestone.casefold(): milestone for milestone in before.milestones}
        if before.stage in OVER:
            raise JourneyOver(f"The journey of {team} is {before.stage}: {before.ended}")
        if name.casefold() not in known:
            names = list(known.values())
            hint, there = nearest(name, names) or ".", named(names) if names else "none"
            raise NotUnderstood(f"There is no milestone {name!r}{hint} The charter has {there}.")
        command = sent(c.ReachMilestone, name=known[name.casefold()], by=by, note=note)
        await calls.signal(self.client, team, "milestone", await self._signing.signed(team, command))
        after = await self.status(team)  # the server answers a query after the signals before it
        if not after.milestones.get(command.name):
            raise Refused(why_refused(after))
        said = () if before.milestones[command.name] else (f"milestone {command.name} reached",)
        return Receipt(said=said, stage=after.stage)

    async def cut_short(self, team: str) -> str:
        """Return how a journey was ended in Temporal and not by its team; empty for any other."""
        return await calls.cut_short(self.client, team)

    async def list(self) -> tuple[overview.Row, ...]:
        """Return every journey in one row; no worker is needed."""
        return await calls.all_rows(self.client)

    async def watch(
        self,
        team: str,
        *,
        every: timedelta = WATCH_EVERY,
        trouble: Callable[[BstError], None] | None = None,
    ) -> AsyncIterator[Status]:
        """Yield the status now and after each change, until the journey has ended.

        Args:
            team: whose journey it is.
            every: how often to look. A look is answered by the server alone; the worker is asked only when
                something has happened.
            trouble: is told when a look fails, and the watch goes on; without it the error is raised. That
                there is no such journey is always raised.
        """
        seen: Moment | None = None
        shown: Status | None = None
        while True:
            try:
                moment = await calls.moment(self.client, team)
                if moment != seen:
                    status = await self.status(team)
                    seen = moment
                    if status != shown:
                        yield status
                    shown = status
                    if status.stage in OVER:
                        return
            except NotFound:
                raise
            except BstError as error:
                if trouble is None:
                    raise
                trouble(error)
                seen = None
            await asyncio.sleep(every.total_seconds())

    async def send(self, team: str, command: c.OfMembers) -> Receipt:
        """Have a journey do what a member asks: any of `domain.commands.OfMembers`."""
        if isinstance(command, c.OfAsking) and (view := chosen(await self.ballot(team), command.ballot)):
            command = command.model_copy(update={"ballot": view.id})
        name, moment = UPDATE_NAMES[type(command)], await calls.moment(self.client, team)
        return await self._signing.update(team, command, lambda c: moment_id(name, c, c.by, moment))

    async def _respond(self, team: str, command: c.GiveConsent | c.RaiseObjection) -> Receipt:
        """Answer a ballot: the one that is meant now, about the evidence it is about now."""
        ballots = await self.ballot(team)
        ballot = chosen(ballots, command.ballot)
        if ballot is None:  # the journey says it best: none is open, several are, none of this name
            return await self.send(team, command)
        by = voice(ballot, command.by)
        absent = None if command.on_behalf_of is None else voice(ballot, command.on_behalf_of)
        digest = ballot.digest if command.digest is None else command.digest
        said = {"ballot": ballot.id, "digest": digest, "by": by, "on_behalf_of": absent}
        command = command.model_copy(update=said)
        revision = ballot.revisions.get(absent or by, 0) + 1
        return await self._signing.update(team, command, lambda c: answer_id(c, by, ballot.id, revision))
