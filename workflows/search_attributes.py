"""Every search attribute of a journey: the one place that says its name, its type and its meaning.

The workflow upserts these keys, the embedded server gets them as flags, `bst setup` registers them
anywhere else, and `bst list` reads nothing but them, so that it works with no worker running.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey

from domain.errors import BadInput

if TYPE_CHECKING:  # the workflow imports this module too, and has no use for a client
    from temporalio.client import Client

STAGE: Final[SearchAttributeKey[str]] = SearchAttributeKey.for_keyword("BstStage")
GATE: Final[SearchAttributeKey[str]] = SearchAttributeKey.for_keyword("BstGate")
OUTCOME: Final[SearchAttributeKey[float]] = SearchAttributeKey.for_float("BstOutcome")
GAP: Final[SearchAttributeKey[float]] = SearchAttributeKey.for_float("BstGap")
FUNCTIONS: Final = SearchAttributeKey.for_keyword_list("BstFunctions")
ATTENTION: Final = SearchAttributeKey.for_keyword_list("BstAttention")
NEXT_PERIOD: Final[SearchAttributeKey[datetime]] = SearchAttributeKey.for_datetime("BstNextPeriod")

MEANINGS: Final[Mapping[SearchAttributeKey[Any], str]] = {
    STAGE: "the stage the team is in: forming, stability, optimization, innovation, completed or dissolved",
    GATE: "the way to the next stage: none (not judged yet), shut, open, or ballot (consent is asked)",
    OUTCOME: "the outcome's value in the last judged period, in the charter's unit",
    GAP: "how far the outcome is from its target, in the charter's unit; 0 once it is reached",
    FUNCTIONS: "the functions that have a member on the team, such as IT and operations",
    ATTENTION: "why somebody should look at this team now; not set when nothing needs anybody",
    NEXT_PERIOD: "when the next period is measured and judged; not set once the journey is over",
}

# The names of types on the Temporal command line. Only those in use: another type needs another line here.
_TYPE_NAMES: Final[Mapping[SearchAttributeIndexedValueType, str]] = {
    SearchAttributeIndexedValueType.KEYWORD: "Keyword",
    SearchAttributeIndexedValueType.DOUBLE: "Double",
    SearchAttributeIndexedValueType.KEYWORD_LIST: "KeywordList",
    SearchAttributeIndexedValueType.DATETIME: "Datetime",
}


class Registration(NamedTuple):
    """Which attributes a call to `register` added, and which the server knew already (names, sorted)."""

    added: tuple[str, ...]
    present: tuple[str, ...]


def type_name(key: SearchAttributeKey[Any]) -> str:
    """The type of `key` as the Temporal command line and its documentation call it, such as `KeywordList`."""
    return _TYPE_NAMES[key.indexed_value_type]


def dev_server_flags() -> tuple[str, ...]:
    """The flags that make `temporal server start-dev` know every attribute from its first moment."""
    return tuple(part for key in MEANINGS for part in ("--search-attribute", f"{key.name}={type_name(key)}"))


async def missing(client: "Client") -> tuple[str, ...]:
    """The attributes that the client's namespace does not know (names, sorted): journeys could not run there.

    Raises:
        BadInput: the server does not let this client ask.
    """
    existing = await _existing(client)
    return tuple(sorted(key.name for key in MEANINGS if key.name not in existing))


async def register(client: "Client") -> Registration:
    """Make the client's namespace know every attribute; a second call changes nothing.

    Args:
        client: connected to the server and the namespace in question.

    Raises:
        BadInput: an attribute exists with another type, or the server does not let clients add them
            (Temporal Cloud: it is done in the namespace's settings). Nothing was added then.
    """
    existing = await _existing(client)
    wrong = [
        f"{key.name} is {_type_words(existing[key.name])} on this server and has to be {type_name(key)}"
        for key in MEANINGS
        if existing.get(key.name, key.indexed_value_type) != key.indexed_value_type
    ]
    if wrong:
        raise BadInput(
            f"{'; '.join(wrong)}. Nothing was registered: remove the attribute there "
            "(`temporal operator search-attribute remove --name ...`), or use another namespace."
        )
    lacking = [key for key in MEANINGS if key.name not in existing]
    if lacking:
        await _add(client, lacking)
    return Registration(
        added=tuple(sorted(key.name for key in lacking)),
        present=tuple(sorted(key.name for key in MEANINGS if key not in lacking)),
    )


async def _existing(client: "Client") -> dict[str, int]:
    """The custom and built-in attributes of the client's namespace: name -> type number of the API."""
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
    from temporalio.service import RPCError

    try:
        answer = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
    except RPCError as error:
        raise BadInput(_not_allowed(client, list(MEANINGS), error)) from error
    return {**answer.system_attributes, **answer.custom_attributes}


async def _add(client: "Client", keys: list[SearchAttributeKey[Any]]) -> None:
    from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
    from temporalio.service import RPCError, RPCStatusCode

    request = AddSearchAttributesRequest(namespace=client.namespace)
    for key in keys:
        # Item by item, because protobuf's stub types the values as its own enum.
        request.search_attributes[key.name] = key.indexed_value_type.value  # type: ignore[assignment]
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        # Another `bst setup` was quicker: what we wanted holds.
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise BadInput(_not_allowed(client, keys, error)) from error


def _not_allowed(client: "Client", keys: list[SearchAttributeKey[Any]], error: Exception) -> str:
    wanted = ", ".join(f"{key.name} ({type_name(key)})" for key in keys)
    return (
        f"The server does not let this client register search attributes in namespace {client.namespace!r}: "
        f"{error}. Somebody who may has to add them, on Temporal Cloud in the namespace's settings: {wanted}."
    )


def _type_words(number: int) -> str:
    """The name of a type that a server reported, also of one that we do not use."""
    try:
        return SearchAttributeIndexedValueType(number).name.replace("_", " ").title().replace(" ", "")
    except ValueError:
        return f"of type {number}"
