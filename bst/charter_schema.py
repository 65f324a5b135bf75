"""The charter's JSON Schema, by which editors complete and check charters."""

import json
from typing import Any

from domain.charter import Charter
from domain.duration import parse_duration, print_duration

# What the YAML extensions of editors understand in full.
_DIALECT = "http://json-schema.org/draft-07/schema#"


def charter_schema() -> dict[str, Any]:
    """Return the JSON Schema of a charter, as pydantic has it, with defaults as people write them."""
    schema = {"$schema": _DIALECT, **Charter.model_json_schema()}
    schema["title"] = "Charter of a business service team"
    _humanise(schema)
    return schema


def schema_text() -> str:
    """Return the schema as it stands in `charter.schema.json`."""
    return json.dumps(charter_schema(), indent=2, ensure_ascii=False) + "\n"


def _humanise(part: object) -> None:
    if isinstance(part, list):
        for item in part:
            _humanise(item)
    if not isinstance(part, dict):
        return
    # The parts of a section have defaults of their own, and a blank says no more than a key left out.
    if isinstance(part.get("default"), dict) or ("default" in part and part["default"] is None):
        del part["default"]
    if str(part.get("default", "")).startswith("P") and part.get("type") == "string":
        part["default"] = print_duration(parse_duration(part["default"]))
    # OpenAPI's own; the kinds already exclude one another.
    if isinstance(part.get("discriminator"), dict):
        del part["discriminator"]
    for item in part.values():
        _humanise(item)
