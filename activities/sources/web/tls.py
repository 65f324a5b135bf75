"""The certificates of a request: whom the worker trusts, and how it shows who it is."""

import os
import ssl
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import certifi

from activities.sources.secrets import fill
from domain.errors import SourceFailed
from domain.sources.web import Tls

_PEM = "-----BEGIN "


def context_for(tls: Tls | None, shown: str, environment: Mapping[str, str]) -> ssl.SSLContext:
    """Return the settings of a TLS connection: certificates are always checked, names included.

    Without `ca` the system's authorities are trusted (OpenSSL's `SSL_CERT_FILE` and `SSL_CERT_DIR` name
    others), or Mozilla's where the system has none. With `ca`, those alone.

    Raises:
        SourceFailed: `missing_variable`, or `bad_certificate`.
    """
    if tls is None:
        return _of_the_system(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    return _made(tls, shown, environment)


@lru_cache(maxsize=4)
def _of_the_system(*_named: str | None) -> ssl.SSLContext:
    """Return the settings that most sources share: reading the system's authorities takes 60 ms each time.

    What OpenSSL's variables name is part of what is remembered; new files in their place are read when the
    worker starts again.
    """
    return _made(Tls(), "", {})


def _made(tls: Tls, shown: str, environment: Mapping[str, str]) -> ssl.SSLContext:
    ca = None if tls.ca is None else _pem(tls.ca, "ca", shown, environment)
    try:
        context = ssl.create_default_context(cadata=ca)
    except ssl.SSLError:
        raise _bad("ca", shown, "holds no certificate that can be read") from None
    if ca is None and not context.get_ca_certs() and not _system_has_some():
        context.load_verify_locations(certifi.where())
    if tls.cert is not None and tls.key is not None:
        cert = _pem(tls.cert, "cert", shown, environment)
        _show(context, cert, _pem(tls.key, "key", shown, environment), shown)
    return context


def _system_has_some() -> bool:
    """Whether the system keeps authorities in a folder, which OpenSSL reads one by one when it needs them."""
    folder = ssl.get_default_verify_paths().capath
    return bool(folder) and any(Path(folder).iterdir())


def _pem(template: str, key: str, shown: str, environment: Mapping[str, str]) -> str:
    """Return the PEM text that `${NAME}` stands for; its value is that text or the path of its file."""
    value = fill(template, shown, environment).text
    if value.lstrip().startswith(_PEM):
        return value
    try:
        text = Path(value).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise _bad(key, shown, "is no PEM text, and no path of a file that the worker can read") from None
    if _PEM not in text:
        raise _bad(key, shown, "names a file that is no PEM")
    return text


def _show(context: ssl.SSLContext, cert: str, key: str, shown: str) -> None:
    """Load the worker's own certificate; OpenSSL takes files alone, so one is there for a moment."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as file:  # nobody else may read it
        file.write(f"{cert.rstrip()}\n{key.rstrip()}\n")
        file.flush()
        try:
            # An empty passphrase: without one, OpenSSL would ask on the worker's terminal.
            context.load_cert_chain(file.name, password="")
        except (ssl.SSLError, ValueError) as error:
            why = getattr(error, "reason", None) or "not a pair"
            way = str(why).replace("_", " ").casefold()
            raise _bad("cert", shown, f"and `key` are no certificate with its plain key ({way})") from None


def _bad(key: str, shown: str, what: str) -> SourceFailed:
    return SourceFailed(
        "bad_certificate",
        f"{shown}: what `tls.{key}` stands for {what}. Set the variable where the worker runs "
        "to the PEM text, or to the path of its file.",
    )
