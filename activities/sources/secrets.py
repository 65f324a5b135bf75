"""`${NAME}` in what a charter says of a source: filled in here, inside the worker, and never shown again.

A value comes from the worker's environment, or from a file of that name in a folder of
secrets, as Docker and Kubernetes mount them. Whatever speaks of a source afterwards
passes through `conceal`, which knows every form that a value takes on its way: plain,
percent-quoted, escaped in JSON, or base64 in a header.
"""

import base64
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from urllib.parse import quote, quote_plus

from domain.errors import SourceFailed

__all__ = ["RESERVED", "Environment", "Filled", "Lent", "conceal", "fill"]

# What the worker itself lives by: a charter that could name these could send them to a host of its choosing.
RESERVED = ("BST_", "TEMPORAL_", "PIP_", "AWS_", "SSH_", "GIT_")

_HIDDEN = "***"
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_VARIABLE = re.compile(rf"\$\{{({_NAME})\}}")
_FILE_NAME = re.compile(_NAME)
# Bytes of a file that holds one secret: a chain of certificates is a few thousand; more is another file.
_LARGEST_FILE = 65_536
# Characters of base64 below which a piece would be found in ordinary words.
_SHORTEST_BASE64 = 6
# Characters from which the beginning of a secret is taken for one that a message was cut in.
_SHORTEST_CUT = 6


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with its values filled in; only what `conceal` returns may be shown."""

    text: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    def hiding(self, *more: str) -> "Filled":
        """Return the same with further secrets, such as a password that stands in the template itself."""
        return Filled(self.text, (*self.secrets, *more))

    def conceal(self, text: str) -> str:
        """Return a text without anything that was filled in, in whatever form it is written."""
        return conceal(text, self.secrets)


@dataclass(frozen=True, slots=True)
class Environment(Mapping[str, str]):
    """What charters may name: files in a folder of secrets first, then the process's variables.

    A file is read whenever it is asked for, so that a secret that was changed is used at once.
    """

    variables: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    folder: Path | None = None

    def __getitem__(self, name: str) -> str:
        """Return the value, without the line end that editors leave in files.

        Raises:
            KeyError: nothing has this name.
            SourceFailed: `missing_variable`; there is such a file, and it cannot be used.
        """
        found = self._file(name)
        return self.variables[name] if found is None else _content(found)

    def __iter__(self) -> Iterator[str]:
        """Go through the names; no value is read."""
        files = self.folder.iterdir() if self.folder is not None and self.folder.is_dir() else ()
        return iter({*self.variables, *(path.name for path in files if _FILE_NAME.fullmatch(path.name))})

    def __len__(self) -> int:
        """Count the names."""
        return sum(1 for _ in self)

    def _file(self, name: str) -> Path | None:
        if self.folder is None or not _FILE_NAME.fullmatch(name):
            return None
        path = self.folder / name
        return path if path.is_file() else None


@dataclass(slots=True)
class Lent(Mapping[str, str]):
    """An environment that remembers what it gave out, so that nothing of it leaves a fetch in a message."""

    owner: Mapping[str, str] = field(repr=False)
    given: set[str] = field(default_factory=set, repr=False)

    def __getitem__(self, name: str) -> str:
        """Return the value and remember it."""
        value = self.owner[name]
        self.given.add(value)
        return value

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self.owner)

    def __len__(self) -> int:
        """Count the names."""
        return len(self.owner)

    def conceal(self, text: str) -> str:
        """Return a text without anything that was given out."""
        return conceal(text, self.given)


def fill(template: str, shown: str, environment: Mapping[str, str], *, quoted_before: int = 0) -> Filled:
    """Return the template with each `${NAME}` replaced by what the environment has for it.

    Args:
        template: as it stands in the charter.
        shown: how messages name it; holds no secret.
        environment: an `Environment`, or any mapping.
        quoted_before: values that begin before this character are percent-quoted, for a login in a URL.

    Raises:
        SourceFailed: `missing_variable`, in words that repeat `shown` and nothing that was filled in.
    """
    names = _VARIABLE.findall(template)
    if ours := [name for name in names if name.upper().startswith(RESERVED)]:
        raise SourceFailed(
            "missing_variable",
            f"{shown}: ${{{ours[0]}}} is the worker's own and not for charters. "
            "Give the worker a variable of another name with a login for this source alone.",
        )
    values = {name: environment.get(name, "") for name in names}
    if missing := [name for name in names if not values[name]]:
        raise SourceFailed(
            "missing_variable",
            f"{shown}: ${{{missing[0]}}} is not set where the worker runs. Set it in its environment and "
            f"start it again, or put a file {missing[0]} into the folder BST_SECRETS.",
        )

    def value(found: re.Match[str]) -> str:
        plain = values[found[1]]
        return quote(plain, safe="") if found.start() < quoted_before else plain

    return Filled(_VARIABLE.sub(value, template), tuple(values.values()))


def conceal(text: str, secrets: Iterable[str]) -> str:
    """Return a text without the secrets: in any form, in any case, and also where one was cut off."""
    plain = {secret for secret in secrets if secret}
    forms = {form for secret in plain for form in _forms(secret)}
    # Longest first: a form that contains another one must go as a whole.
    for form in sorted(forms, key=len, reverse=True):
        text = re.sub(re.escape(form), _HIDDEN, text, flags=re.IGNORECASE)
    for form in forms:
        text = _without_cut(text, form)
    return text


def _forms(secret: str) -> set[str]:
    """Return the ways in which a secret is written in addresses, headers, JSON and messages."""
    written = {
        secret,
        secret.strip(),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        repr(secret.encode())[2:-1],
    }
    return {form for form in written | _in_base64(secret.encode()) if form}


def _in_base64(secret: bytes) -> set[str]:
    """Return what base64 makes of a secret whatever stands around it, as `user:` does in a Basic header.

    Three bytes become four characters, so there are three ways to begin; the characters at the edges also
    hold bits of the neighbours and are left out.
    """
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret)
        # Whole sextets of the secret: after those with bits of what stands before, before those with padding.
        begin = -(-before * 8 // 6)
        end = (before + len(secret)) * 8 // 6
        inner = encoded[begin:end].decode()
        if len(inner) >= _SHORTEST_BASE64:
            forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return forms


def _without_cut(text: str, form: str) -> str:
    """Return the text without the beginning of a secret that a message broke off in."""
    if len(form) <= _SHORTEST_CUT:
        return text
    begin = text.find(form[:_SHORTEST_CUT])
    while begin >= 0:
        pairs = zip(text[begin:], form, strict=False)
        agree = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        rest = text[begin + agree :]
        if not rest or rest.startswith(("...", "…")):
            text = text[:begin] + _HIDDEN + rest
        begin = text.find(form[:_SHORTEST_CUT], begin + 1)
    return text


def _content(path: Path) -> str:
    """Return what a mounted file holds.

    Raises:
        SourceFailed: `missing_variable`; it is too large, no text, or not the worker's to read.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise SourceFailed(
                "missing_variable",
                f"The file {path.name} in the folder of secrets is larger than {_LARGEST_FILE:,} bytes. "
                "A file there holds one secret and nothing else.",
            )
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SourceFailed(
            "missing_variable", f"The file {path.name} in the folder of secrets is no text in UTF-8."
        ) from None
    except OSError as error:
        raise SourceFailed(
            "missing_variable",
            f"The file {path.name} in the folder of secrets cannot be read ({error.strerror}). "
            "Let the worker's user read it.",
        ) from None
