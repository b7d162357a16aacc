"""Sending DICOM files to an archive by DICOMweb (STOW-RS, PS3.18 10.5). Nothing else in the program uses a network.

The library for it is an extra, ``diffseg[dicomweb]``, and is imported when something is sent. An address is never left
for another: redirections are refused, as they could lead a patient's files to anywhere. User and password come from the
environment or from a netrc file, which the library reads, and stand in no message.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engine.errors import ArchiveError, RecipeError, RefusedError
from engine.records.dicom import answer
from engine.records.dicom.files import read
from engine.records.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.records.dicom.files import DicomFile

USER, PASSWORD, TOKEN = (f"DIFFSEG_DICOMWEB_{name}" for name in ("USER", "PASSWORD", "TOKEN"))
CONNECT = 20.0  # seconds to be let in, and for each megabyte to be taken
CHATTY = ("dicomweb_client", "urllib3")
MISSING = (
    "Sending needs the library dicomweb-client, which is not there: in DiffSeg's folder, pip install '.[dicomweb]'; the"
    " packaged program cannot send."
)
LOGIN = f"{USER} and {PASSWORD}, or {TOKEN}, or in your netrc file"


@dataclass(frozen=True)
class Credentials:
    """Who sends: a user with a password, a token, or nobody that is known here."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Credentials:
        """What the environment says. Raises :class:`RecipeError` for what is no login."""
        user, password, token = (environment.get(name, "") for name in (USER, PASSWORD, TOKEN))
        if bool(user) != bool(password):
            raise RecipeError(f"{USER} and {PASSWORD} go together; set both or none.")
        if not (token.isascii() and token.isprintable()):
            raise RecipeError(f"{TOKEN} holds what no token does; set it anew, without blanks and ends of lines.")
        return cls(user, password, token)


def checked_address(url: str, *, unencrypted: bool = False) -> str:
    """The address of an archive, without a slash at its end.

    unencrypted: whether files may go to another computer for everybody on the way to read. Raises
    :class:`RecipeError` for what is no address, holds a password, or would not be encrypted.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise RecipeError(f"{url!r} is no address of an archive; give one like https://pacs.example.org/dicom-web.")
    if "@" in parts.netloc:
        raise RecipeError(f"Leave user and password out of the address of {host}; say them in {LOGIN}.")
    if parts.scheme == "http" and not unencrypted and not is_here(host):
        raise RecipeError(
            f"http:// would send files to {host} for everybody on the way to read; give an address with https://, or"
            " add --unencrypted if that is what you want."
        )
    return url.rstrip("/")


def is_here(host: str) -> bool:
    """Whether a name or number of a computer is this one's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Archive:
    """A DICOMweb service that stores files."""

    def __init__(self, url: str, credentials: Credentials, seconds: float) -> None:
        """url: from :func:`checked_address`. seconds: to wait for an answer.

        Raises :class:`ArchiveError` where the library is not installed.
        """
        try:
            from dicomweb_client.web import DICOMwebClient
            from requests import Session
        except ImportError:
            raise ArchiveError(MISSING) from None
        parts = urlsplit(url)
        self.url, self.host = url, parts.hostname or ""
        self._seconds = seconds
        session = Session()
        session.headers["Accept"] = "application/dicom+json"
        session.auth = _auth(url, credentials)
        if parts.scheme == "http" and is_here(self.host):
            session.trust_env = False  # or a proxy could get it
        for name in CHATTY:
            logging.getLogger(name).addHandler(logging.NullHandler())  # or it prints what is told in a sentence here
        self._client = DICOMwebClient(url, session, callback=self._keep, timeout=(CONNECT, seconds))
        self._client.set_http_retry_params(retry=False)
        self._client.host = parts.netloc  # which it says without its port
        self._response: Any = None

    def store(self, file: DicomFile) -> str:
        """Send a file; what the archive says of it, in a word or a few, once it has it.

        Raises :class:`RefusedError` if it does not take this one; :class:`ArchiveError` if it would take no other
        either; :class:`ExportError` where the file cannot be read.
        """
        from requests.exceptions import HTTPError, InvalidJSONError, RequestException

        data, self._response = read(file.path), None
        try:
            self._client.store_instances([data])
        except (HTTPError, InvalidJSONError):
            pass  # what the archive says to it is read below
        except RequestException as error:
            raise ArchiveError(self._unreached(error)) from None
        except (ValueError, LookupError, TypeError, AttributeError):
            if self._response is None:  # else it is an answer that the library cannot read
                raise
        return self._told(file)

    # Within

    def _keep(self, response: Any, *_: Any, **__: Any) -> None:
        """Keep an answer before it is followed elsewhere, or an error is raised; what holds for all files ends all."""
        self._response = response
        status = response.status_code
        if 300 <= status < 400:
            where = plain(response.headers.get("Location", "elsewhere"))
            raise ArchiveError(f"{self.url} leads to {where}, where nothing is sent unasked; give that address.")
        if status == HTTPStatus.UNAUTHORIZED:
            known = "Authorization" in response.request.headers
            wrong = "does not accept this user; check" if known else "wants to know who sends; say it in"
            raise ArchiveError(f"{self.host} {wrong} {LOGIN}.")
        if status == HTTPStatus.FORBIDDEN:
            raise ArchiveError(f"This user may not store files at {self.url}; ask those who run it.")
        if status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            raise ArchiveError(f"{self.url} stores no DICOM files ({_status(response)}); check the address.")

    def _told(self, file: DicomFile) -> str:
        """What the answer says of the file; only what is confirmed counts as stored."""
        said = answer.items(self._response.content)
        if failed := said.failed.get(file.uid):
            raise RefusedError(f"{file.path} was refused by {self.host}: {answer.why_not(failed)}.")
        if not self._response.ok:
            raise RefusedError(f"{file.path} was refused by {self.host}: {_status(self._response)}.")
        if file.uid not in said.stored:
            raise RefusedError(f"{self.host} does not confirm that it has {file.path}; check there, and check --to.")
        code = answer.warning(said.stored[file.uid])
        return f"stored, with warning {code}" if code else "stored"

    def _unreached(self, error: Exception) -> str:
        """Why there is no answer, and what to do about it."""
        from requests.exceptions import ConnectTimeout, InvalidURL, ProxyError, SSLError, Timeout

        causes = " ".join(repr(one) for one in _causes(error))
        if isinstance(error, ProxyError):
            return f"The proxy on the way to {self.host} does not answer; check the variable HTTPS_PROXY."
        if isinstance(error, SSLError) and "CERTIFICATE" in causes:
            return (
                f"The certificate of {self.host} is not trusted; if it is your clinic's own, name the file of the"
                " authority that made it in the variable REQUESTS_CA_BUNDLE."
            )
        if isinstance(error, SSLError):
            return f"{self.host} does not speak HTTPS as it should; check the address, its port above all."
        if isinstance(error, Timeout) and not isinstance(error, ConnectTimeout):
            return f"{self.host} did not answer within {self._seconds:g} s; check what it has, or raise --timeout."
        if isinstance(error, InvalidURL) or "NameResolution" in causes or "gaierror" in causes:
            return f"No computer of the name {self.host} is known; check the address."
        if isinstance(error, ConnectTimeout) or "NewConnectionError" in causes:
            return f"{self.host} cannot be reached; check the address, and whether the archive runs."
        return f"The connection to {self.host} broke off; check there what it has, and try again."


def _auth(url: str, credentials: Credentials) -> Any:
    """What the library puts into the header of each request."""
    from requests.utils import get_netrc_auth

    if credentials.token:

        def bear(request: Any) -> Any:
            request.headers["Authorization"] = f"Bearer {credentials.token}"
            return request

        return bear
    user, password = credentials.user.encode(), credentials.password.encode()  # as UTF-8, or the library fails
    return (user, password) if user else get_netrc_auth(url)


def _causes(error: BaseException | None) -> list[BaseException]:
    """An error and those that led to it."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _status(response: Any) -> str:
    """An answer's number and name, as "409 Conflict"."""
    return plain(f"{response.status_code} {response.reason or ''}").strip()
