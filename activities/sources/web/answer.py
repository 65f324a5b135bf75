"""What a server answered: its body within the size limit, read as JSON or text."""

import json
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from domain.errors import SourceFailed

# Characters of a body that are neither JSON nor wanted, which a message repeats.
_SHOWN = 80
_MIB = 1024 * 1024
# zlib's number for "gzip, with the largest window" (its manual, inflateInit2).
_GZIP = 31


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, whole and unpacked; `url` is where it came from in the end, and not to be printed."""

    url: str = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in small letters; several of one name are joined by a comma."""
    body: bytes = field(repr=False)
    shown: str
    conceal: Callable[[str], str] = field(repr=False)

    def json(self) -> Any:
        """Return the JSON value; numbers that JSON does not have (NaN, Infinity) are refused.

        Raises:
            SourceFailed: `not_json`.
        """
        try:
            return json.loads(self.body, parse_constant=_no_such_number)
        except (ValueError, RecursionError) as error:  # ValueError: also no UTF-8
            line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            kind = self.headers.get("content-type", "").partition(";")[0].strip() or "no stated kind"
            raise SourceFailed(
                "not_json",
                f"{self.shown}: the answer is no JSON{line} ({kind}, {len(self.body):,} bytes, begins with "
                f"{self.excerpt()!r}). Check that the address is the interface's, not a page for people.",
            ) from None

    def text(self) -> str:
        """Return the text, which has to be UTF-8; a mark at its beginning is left out.

        Raises:
            SourceFailed: `not_text`.
        """
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SourceFailed(
                "not_text",
                f"{self.shown}: the answer is no UTF-8 text at byte {error.start:,}. Ask for UTF-8.",
            ) from None

    def excerpt(self, characters: int = _SHOWN) -> str:
        """Return the beginning of the body for a message: one line, printable, without secrets."""
        text = self.conceal(self.body[: characters * 40].decode("utf-8", errors="replace"))
        line = " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())
        return line if len(line) <= characters else line[: characters - 3] + "..."


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)


async def unpacked(chunks: AsyncIterator[bytes], coding: str, limit: int, shown: str) -> bytes:
    """Return the whole body, of at most `limit` bytes once unpacked; a small packed one may hold a huge one.

    Raises:
        SourceFailed: `too_large`, or `bad_answer` for a coding that was not asked for or is broken.
    """
    inflate = _inflating(coding, shown)
    parts: list[bytes] = []
    left = limit
    try:
        async for chunk in chunks:
            data = chunk if inflate is None else inflate.decompress(chunk, left + 1)
            left -= len(data)
            if left < 0:
                raise SourceFailed(
                    "too_large",
                    f"{shown}: the answer is larger than {limit / _MIB:g} MiB. Ask for less: fewer fields, "
                    "shorter pages, or only what is new ({since}).",
                )
            parts.append(data)
    except zlib.error:
        raise SourceFailed("bad_answer", f"{shown}: the answer's gzip packing is broken.") from None
    if inflate is not None and (not inflate.eof or inflate.unused_data):
        raise SourceFailed("bad_answer", f"{shown}: the answer's gzip packing ends too early or too late.")
    return b"".join(parts)


def _inflating(coding: str, shown: str) -> Any:
    match coding.strip().casefold():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(_GZIP)
    raise SourceFailed(
        "bad_answer", f"{shown}: the answer is packed as {coding[:_SHOWN]!r}, and only gzip was asked for."
    )
