"""Tests of faults have a folder, a server and programs of their own, because they kill them."""

from tests.faults.workers import nursery
from tests.programs import dev_server, environment, home, start

__all__ = ["dev_server", "environment", "home", "nursery", "start"]
