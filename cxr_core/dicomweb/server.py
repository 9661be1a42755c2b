"""A DICOMweb server: asked over a connection that is verified and bounded, and asked again when it fails."""

import io
import logging
import os
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from cxr_core.dicomweb.errors import AddressError, ExtraMissingError, ServerFaultError
from cxr_core.dicomweb.faults import fault_of
from cxr_core.errors import SecondLookError

if TYPE_CHECKING:
    import requests
    from dicomweb_client import DICOMwebClient

TOKEN, USER, PASSWORD = "DICOMWEB_TOKEN", "DICOMWEB_USER", "DICOMWEB_PASSWORD"
"""Environment variables that credentials are taken from; where none is set, netrc is asked."""

MOST_BYTES = 128 * 2**20
"""Of one answer: more than twice what a film's file may have."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for, in seconds, and how often it is asked.

    Attributes
    ----------
    silence : float
        Without a byte from the server.
    answer : float
        For the whole of an answer.
    tries : int
        In all.
    pause : float
        Before the second try. It doubles with each further one.
    """

    silence: float = 30.0
    answer: float = 300.0
    tries: int = 4
    pause: float = 1.0


class Server:
    """A DICOMweb server.

    TLS is verified. Redirects are not followed: they could lead to a server without TLS. Name and password come from netrc, or from
    environment variables.

    Parameters
    ----------
    address : str
        Such as ``https://pacs.example.org/dicom-web``.
    unencrypted : bool
        Whether an address without TLS is taken that is not on this computer.
    patience : Patience
        How long to wait.
    note : callable
        Told, in a sentence each, what failed and is tried again.

    Raises
    ------
    AddressError
        The address is none, holds credentials, or is one without TLS.
    ExtraMissingError
        dicomweb-client is not installed.
    """

    def __init__(
        self,
        address: str,
        *,
        unencrypted: bool = False,
        patience: Patience = Patience(),
        note: Callable[[str], object] = lambda sentence: None,
    ) -> None:
        self.host = checked_host(address, unencrypted)
        self.note = note
        self._patience = patience
        try:
            import requests
            from dicomweb_client import DICOMwebClient
        except ImportError as error:
            raise ExtraMissingError("dicomweb-client is not installed. Install it: pip install -r requirements-dicomweb.txt") from error
        session = requests.Session()
        session.max_redirects = 0
        session.auth = _credentials()
        self._client: DICOMwebClient = DICOMwebClient(
            address.rstrip("/"), session, timeout=(patience.silence, patience.silence), callback=self._bounded
        )
        self._client.set_http_retry_params(retry=False)  # it would retry some failures alone, and looks at no answer
        self._client.host = self.host  # what it sends as `Host`, and it leaves the port out

    def ask(self, what: str, action: Callable[["DICOMwebClient"], Answer]) -> Answer:
        """Ask the server, and ask again where it fails.

        Parameters
        ----------
        what : str
            What is asked for, as sentences about it begin. Nothing in it may identify anybody.
        action : callable
            Given the client, returns the answer, or raises whatever it raises on a faulty one.

        Returns
        -------
        object
            What `action` returned.

        Raises
        ------
        RefusedByServerError
            Asking again would not help.
        ServerFaultError
            It failed each time.
        SecondLookError
            `action` raised it; what is no `ServerFaultError` is not tried again.
        """
        pause = self._patience.pause
        for tried in range(1, self._patience.tries + 1):
            try:
                with quiet():
                    return action(self._client)
            except MemoryError:
                raise
            except Exception as error:  # what parsers raise on damaged answers has no common type
                fault = error if isinstance(error, SecondLookError) else fault_of(error)
                if not isinstance(fault, ServerFaultError) or tried == self._patience.tries:
                    raise fault from None  # the library's own messages quote addresses, which hold UIDs
            self.note(f"{what}: {fault} Trying again in {pause:g} s ({tried} of {self._patience.tries - 1}).")
            time.sleep(pause)
            pause *= 2
        raise AssertionError("there is at least one try")

    def _bounded(self, response: "requests.Response", **_: Any) -> None:
        """Read an answer's body within bounds of time and size; the library reads it from memory then."""
        until = time.monotonic() + self._patience.answer
        body = io.BytesIO()
        while part := response.raw.read1(2**16, decode_content=True):
            body.write(part)
            if body.tell() > MOST_BYTES:
                response.close()
                raise ServerFaultError(f"The server sent more than {MOST_BYTES // 2**20} MB at once.")
            if time.monotonic() > until:
                response.close()
                raise ServerFaultError(f"The server's answer took more than {self._patience.answer:g} s.")
        body.seek(0)
        response.raw = body


def checked_host(address: str, unencrypted: bool) -> str:
    """Return host and port of an address that may be used.

    Raises
    ------
    AddressError
        It may not.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.scheme not in ("http", "https") or not address.isascii() or not address.isprintable() or " " in address:
        raise AddressError("This is no address of a DICOMweb server. Give one such as https://pacs.example.org/dicom-web.")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise AddressError(
            "The address must hold neither name nor password nor anything behind a question mark, for others can see a command line. "
            f"Put credentials into netrc, or into {USER} and {PASSWORD}, or {TOKEN}."
        )
    if parts.scheme == "http" and host not in LOOPBACK and not unencrypted:
        raise AddressError(
            "Over http, anyone in between can read the films and whose they are. Give an https address, or say --unencrypted."
        )
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"


def _credentials() -> Any:
    """Take credentials from the environment; None lets the library look into netrc."""
    token, user = os.environ.get(TOKEN), os.environ.get(USER)
    if not token:
        return (user, os.environ.get(PASSWORD, "")) if user else None

    def bearer(request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return bearer


@contextmanager
def quiet() -> Iterator[None]:
    """Keep libraries from writing what a header holds to logs or to the screen."""
    loggers = [logging.getLogger(name) for name in ("dicomweb_client", "highdicom", "pydicom", "urllib3")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
