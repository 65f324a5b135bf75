"""A short command that used the SDK ends with the code it meant, every time."""

from tests.cli.place import Place

RUNS = 10  # benchmarks/command.py does 100


def test_status_ends_with_zero_every_time(place: Place) -> None:
    team = place.started()
    assert [place.bst("status", team).code for _ in range(RUNS)] == [0] * RUNS
