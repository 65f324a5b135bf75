"""The `http` source of a charter."""

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.model import Sent
from domain.sources.web import Auth, Headers, Parameters, Tls, WebUrl
from domain.values import Span, Whole

# What `{...}` in an address or parameter stands for; `${...}` is a secret.
PLACEHOLDERS = ("since", "until", "last", "since_time", "until_time", "since_unix", "until_unix")
PLACEHOLDER = re.compile(r"(?<!\$)\{([a-z_]+)\}")
# Characters: room for a projection with a few functions in it.
_Path = Annotated[str, Field(min_length=1, max_length=1000)]
_Parameter = Annotated[str, Field(min_length=1, max_length=100)]


class Pages(Sent):
    """How an answer goes on: by a Link header, an address or a mark in the answer, or by counting."""

    by: Literal["link", "next", "cursor", "page", "offset"] = Field(
        description="`link`: the header Link; `next`: an address in the answer; `cursor`: a mark in the "
        "answer, sent back as `param`; `page` and `offset`: pages or rows are counted in `param`, up to "
        "an empty page."
    )
    next: _Path | None = Field(
        default=None,
        description="JMESPath to the next address or the mark; the last page has null or nothing there.",
        examples=["meta.next"],
    )
    param: _Parameter | None = Field(
        default=None, description="Parameter for the mark, the page or the offset.", examples=["page"]
    )
    first: Whole | None = Field(
        default=None, ge=0, le=1, description="Number of the first page (1) or row (0), where it is another."
    )
    most: Whole = Field(default=100, ge=1, le=1000, description="More pages than that are refused.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needs_next, needs_param = self.by in ("next", "cursor"), self.by in ("cursor", "page", "offset")
        for key, needed, there in (
            ("next", needs_next, self.next is not None),
            ("param", needs_param, self.param is not None),
        ):
            if needed and not there:
                raise ValueError(f"`by: {self.by}` needs `{key}`")
            if there and not needed:
                raise ValueError(f"`by: {self.by}` has no use for `{key}`: leave it out")
        if self.first is not None and self.by not in ("page", "offset"):
            raise ValueError(f"`by: {self.by}` has no use for `first`: leave it out")
        return self


class HttpSource(Sent):
    """Rows from a web server's answer, JSON or CSV.

    In `url` and `params`, `{since}` is the first day that is wanted and `{until}` the first that is not any
    more (times for an hourly cadence), `{last}` the last day that is wanted; `{since_time}` and
    `{until_time}` are always times, `{since_unix}` and `{until_unix}` seconds since 1970. `${NAME}` is filled
    in by the worker.
    """

    kind: Literal["http"] = Field(description="`http` for this kind of source.")
    url: WebUrl = Field(
        description="Address, https or http.", examples=["https://desk.example.org/api/weeks?from={since}"]
    )
    params: Parameters = Field(
        default_factory=dict,
        description="Parameters that are appended to the address, each with its value.",
        examples=[{"to": "{until}"}],
    )
    headers: Headers = Field(
        default_factory=dict, description="Headers that are sent along, each with its value."
    )
    auth: Auth | None = Field(default=None, description="Login.")
    tls: Tls | None = Field(default=None, description="Certificates.")
    format: Literal["json", "csv"] = Field(
        default="json", description="Form of the answer; CSV has a header line."
    )
    rows: _Path | None = Field(
        default=None,
        description="JMESPath to the list of rows; the whole answer if not given.",
        examples=["data"],
    )
    period: _Path = Field(
        default="period", description="JMESPath in a row, or CSV column: a date or time in the period."
    )
    time: Literal["iso", "unix", "unix_ms"] = Field(
        default="iso",
        description="How `period` is written: as text, or in seconds or milliseconds since 1970.",
    )
    value: _Path | None = Field(
        default=None, description="JMESPath in a row, or CSV column: the value; `value` if nothing is given."
    )
    numerator: _Path | None = Field(
        default=None, description="For a share instead of `value`: how many of them.", examples=["late"]
    )
    denominator: _Path | None = Field(
        default=None, description="For a share instead of `value`: of how many.", examples=["sent"]
    )
    pages: Pages | None = Field(
        default=None, description="How further pages are asked for, if there are any."
    )
    settle: Span = Field(default=timedelta(0), description="How long late data may still arrive.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        share = (self.numerator is not None, self.denominator is not None)
        if share[0] != share[1]:
            raise ValueError("`numerator` and `denominator` go together: write both, or `value`")
        if all(share) and self.value is not None:
            raise ValueError("`value` or `numerator` and `denominator`: write one of the two")
        if self.format == "csv" and self.rows is not None:
            raise ValueError("`format: csv` has no use for `rows`: leave it out")
        if self.format == "csv" and self.pages is not None and self.pages.next is not None:
            raise ValueError(f"`by: {self.pages.by}` needs `format: json`: CSV holds nothing but rows")
        return self

    @model_validator(mode="after")
    def _known_placeholders(self) -> Self:
        for text in (self.url, *self.params.values()):
            for name in PLACEHOLDER.findall(text):
                if name not in PLACEHOLDERS:
                    known = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
                    raise ValueError(f"{{{name}}} stands for nothing: write one of {known}, or ${{NAME}}")
        return self
