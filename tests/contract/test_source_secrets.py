"""A charter names secrets, and never the worker's own."""

from pathlib import Path

import pytest

from activities.sources.address import address
from domain.errors import SourceFailed


@pytest.mark.parametrize(
    "name", ["BST_JOURNAL", "TEMPORAL_API_KEY", "temporal_api_key", "AWS_SECRET_ACCESS_KEY"]
)
def test_the_workers_own_variables_are_not_for_charters(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="not for charters") as caught:
        address(f"postgresql://reader:${{{name}}}@example.org/db", tmp_path, {name: "planted-secret"})
    assert "planted-secret" not in str(caught.value)
