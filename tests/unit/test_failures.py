"""What the server says about a journey that its worker cannot go on with."""

import pytest
from temporalio.service import RPCError, RPCStatusCode

from bst.failures import NoWorker, told


async def test_a_task_that_failed_is_tried_again_and_so_may_the_call_be() -> None:
    said = "Unable to perform workflow execution update due to Workflow Task in failed state."
    with pytest.raises(NoWorker, match="ask again in a moment"):
        async with told(1, worker=True, changes=True):
            raise RPCError(said, RPCStatusCode.FAILED_PRECONDITION, b"")
