"""Updates that are signed where the team has keys, and sent bare where it has none.

A command is sent as it is first, because most teams have no keys and a refused update leaves no trace. Only
when the journey asks for a signature is one made, of what the command says and where the journey stands.
"""

from collections.abc import Callable
from typing import Final, TypeVar, cast

from temporalio.client import Client

from bst import calls
from domain import commands as c
from domain.errors import NotSigned, StaleSignature
from domain.finding import nearest
from domain.signatures import Signature
from domain.statement import Standing, statement
from domain.views import Receipt
from domain.wording import named
from workflows.member_updates import UPDATE_NAMES

# Member, public key that the charter lists, statement -> signature in base64.
Sign = Callable[[str, str, bytes], str]
# Another program of the same member may sign in between; more often than this is no accident.
_TRIES: Final = 5

_Asked = TypeVar("_Asked", bound=c.OfMembers)
_Signable = TypeVar("_Signable", bound=c.Signable)


class Signing:
    """Sends what members ask, signed where that is needed."""

    def __init__(self, client: Client, sign: Sign | None) -> None:
        self._client, self._sign = client, sign

    async def update(self, team: str, command: _Asked, id_of: Callable[[_Asked], str]) -> Receipt:
        """Have a journey carry out a command, once per id."""
        name = UPDATE_NAMES[type(command)]
        try:
            return await calls.update(self._client, team, name, command, id_of(command))
        except NotSigned:
            if self._sign is None or not isinstance(command, c.Signable):
                raise
        stale: StaleSignature | None = None
        for _ in range(_TRIES):
            signed = cast("_Asked", await self.signed(team, command))
            try:
                return await calls.update(self._client, team, name, signed, id_of(signed))
            except StaleSignature as error:
                stale = error
        assert stale is not None  # else one of the tries has returned
        raise stale

    async def signed(self, team: str, command: _Signable) -> _Signable:
        """Return the command with its member's signature; as it is where the team has no keys.

        Raises:
            NotSigned: the team has keys, and this client nothing to sign with.
            KeyUnusable: there is no key for it here, or it cannot be opened.
        """
        about = await self.standing(team)
        if not about.keys:
            return command
        by = _speaker(about, command)
        if self._sign is None:
            raise NotSigned(f"In {team} only what is signed counts: give `Journeys` a signer for {by}'s key.")
        if isinstance(command, c.ConfirmOutcome) and command.version is None:
            command = command.model_copy(update={"version": about.outcome_version})
        number = about.next_number(by)
        value = self._sign(by, about.keys[by], statement(about, command, by, number))
        return command.model_copy(update={"signature": Signature(number=number, ed25519=value)})

    async def standing(self, team: str) -> Standing:
        """Return what signatures are about now."""
        return await calls.query(self._client, team, "standing", Standing)


def _speaker(about: Standing, command: c.Signable) -> str:
    """Return who has to sign, as the charter has the name.

    Raises:
        NotSigned: it does not say who speaks, or names somebody without a key.
    """
    name: str | None = getattr(command, "by", None)
    if name is None:
        raise NotSigned(f"In {about.team} only what is signed counts: say who you are.")
    found = {member.casefold(): member for member in about.members}.get(name.casefold(), name)
    if found not in about.keys:
        known = list(about.keys)
        raise NotSigned(f"No key is listed for {name}{nearest(name, known) or '.'} There are {named(known)}.")
    return found
