"""Where a journey is seen in the Temporal UI, as far as this machine can know."""

from typing import Final

from temporalio.client import Client

from bst.dev_server import running_server
from bst.settings import Settings
from workflows.messages import journey_id

_CLOUD: Final = (".tmprl.cloud:7233", ".api.temporal.io:7233")


def ui_link(client: Client, settings: Settings, team: str) -> str | None:
    """Return the address of a journey's page, or None where the server is one whose UI nobody told us."""
    address = client.service_client.config.target_host
    page = f"namespaces/{client.namespace}/workflows/{journey_id(team)}"
    if address.endswith(_CLOUD):
        return f"https://cloud.temporal.io/{page}"
    embedded = running_server(settings.home)
    return f"{embedded.ui}/{page}" if embedded and embedded.address == address else None
