"""Workflow tests run on the shared, real server."""

from tests.temporal_server import client, server, settings, skipper, task_queue

__all__ = ["client", "server", "settings", "skipper", "task_queue"]
