"""Questions, absences, members who leave, exemptions: each event as one sentence.

A part of `domain.sentences`.
"""

from typing import assert_never

from domain import events as e
from domain.voices import Voiced
from domain.wording import moment


def said(event: Voiced) -> str:  # noqa: C901, PLR0911 - one case per event
    """Return one sentence about the event."""
    match event:
        case e.QuestionAsked():
            return f"{event.by} asked on {event.ballot} ({event.question}): {event.text}"
        case e.QuestionAnswered():
            return f"{event.by} answered {event.question} on {event.ballot}: {event.text}"
        case e.QuestionWithdrawn():
            return f"{event.by} took the question {event.question} on {event.ballot} back"
        case e.VoiceDelegated():
            return f"{event.by} is absent until {moment(event.until)}: {event.to} may answer for {event.by}"
        case e.VoiceTakenBack():
            return f"{event.by} is back, and answers in person"
        case e.DelegationEnded():
            return f"{event.to} answers for {event.by} no longer: the absence is over"
        case e.MemberLeft():
            return f"{event.by} ({event.function}) left the team: {event.reason}"
        case e.ExemptionGranted():
            return (
                f"exempt from regression until {moment(event.until)}, proposed by {event.by}: {event.reason}"
            )
        case e.ExemptionExpired():
            return f"the exemption from regression is over{_grace(event)}"
        case e.ExemptionRevoked():
            return f"{event.by} revoked the exemption from regression: {event.reason}{_grace(event)}"
        case _:
            assert_never(event)


def _grace(event: e.ExemptionExpired | e.ExemptionRevoked) -> str:
    if event.grace_until is None:
        return ""
    return f"; the grace period of before goes on until {moment(event.grace_until)}"
