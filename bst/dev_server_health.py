"""Whether the embedded server serves, asked over HTTP: no event loop, no SDK, no second program."""

import http.client
import json
import socket
from typing import Any, Final

from workflows.search_attributes import MEANINGS

# Seconds for one question to a process on the same machine.
_TIMEOUT_S: Final = 2.0


def is_healthy(port: int, ui_port: int, http_port: int, namespace: str) -> bool:
    """Whether it serves: the port is open, the namespace knows our search attributes, the UI answers."""
    known = _get(http_port, f"/api/v1/namespaces/{namespace}/search-attributes")
    if known is None or not {key.name for key in MEANINGS} <= set(known.get("customAttributes", ())):
        return False
    try:
        socket.create_connection(("127.0.0.1", port), _TIMEOUT_S).close()
    except OSError:
        return False
    return _get(ui_port, f"/api/v1/namespaces/{namespace}") is not None


def _get(port: int, path: str) -> dict[str, Any] | None:
    """The JSON object at `path`, or None if there is none (yet)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = json.loads(response.read()) if response.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return body if isinstance(body, dict) else None
