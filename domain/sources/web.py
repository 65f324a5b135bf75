"""What the sources that ask a web server share: login, certificates, headers."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from domain.model import Sent

# Characters: room for a template with a long name in it; tokens themselves stand where the worker runs.
_Text = Annotated[str, Field(min_length=1, max_length=500)]
# A token in the sense of RFC 9110, section 5.6.2.
_HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9!#$%&'*+.^_|~-]{1,100}$")]
WebUrl = Annotated[str, Field(min_length=1, max_length=2000)]
Headers = Annotated[dict[_HeaderName, _Text], Field(max_length=20)]
Parameters = Annotated[dict[Annotated[str, Field(min_length=1, max_length=100)], _Text], Field(max_length=50)]


class Auth(Sent):
    """How a source logs in: a user with a password, or a bearer token.

    Passwords and tokens stand here as ${NAME} alone, and are filled in by the worker.
    """

    user: _Text | None = Field(
        default=None, description="Name for basic authentication.", examples=["reader"]
    )
    password: _Text | None = Field(
        default=None, description="Its password, as ${NAME}.", examples=["${CLAIMS_PASSWORD}"]
    )
    bearer: _Text | None = Field(
        default=None,
        description="Token instead of user and password, as ${NAME}.",
        examples=["${CLAIMS_TOKEN}"],
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        basic = (self.user is not None, self.password is not None)
        if basic == (True, True) and self.bearer is None:
            return self
        if basic == (False, False) and self.bearer is not None:
            return self
        raise ValueError("write `user` and `password`, or `bearer` alone")


class Tls(Sent):
    """Certificates, each as ${NAME}: a variable of the worker with the PEM text, or the path of its file."""

    ca: _Text | None = Field(
        default=None,
        description="Authorities that the server's certificate may come from, instead of the system's.",
        examples=["${CLAIMS_CA}"],
    )
    cert: _Text | None = Field(
        default=None, description="The worker's own certificate (mTLS).", examples=["${CLAIMS_CERT}"]
    )
    key: _Text | None = Field(
        default=None, description="Its private key, without a passphrase.", examples=["${CLAIMS_KEY}"]
    )

    @model_validator(mode="after")
    def _pair(self) -> Self:
        if (self.cert is None) != (self.key is None):
            raise ValueError("`cert` and `key` go together: write both, or neither")
        return self
