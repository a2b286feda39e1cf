"""What a source offers, and how it is read over HTTP."""

import http.client
import ssl
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from faults import Broken, Exit, NoSuchRange, Refused

AGENT = "mistral-model-fetcher"


@dataclass(frozen=True)
class RemoteFile:
    """One file of a source.

    `path` is relative to the folder; `size` in bytes, None when the source does not tell; `sha256` and
    `git_blob` (the SHA-1 that Git gives a file) are empty when unknown.
    """

    path: str
    url: str
    size: int | None = None
    sha256: str = ""
    git_blob: str = ""

    def __post_init__(self):
        parts = PurePosixPath(self.path).parts
        if not parts or self.path.startswith("/") or ".." in parts or "\\" in self.path or "\0" in self.path:
            raise Refused(f"the source names a file outside the folder: {self.path!r}")

    @property
    def shown(self) -> str:
        return shown(self.url)


class Source(Protocol):
    """Where weights come from."""

    identity: str
    """Tells sources apart, without secrets: the same identity means the same files."""

    follows_redirects: bool

    def files(self, reader: "Reader") -> list[RemoteFile]:
        """What there is to fetch; network trouble is Broken, anything final Refused."""

    def headers(self, url: str) -> dict[str, str]:
        """What proves to the host of the url, and to no other, that we may read it."""

    def refusal(self, url: str, error: urllib.error.HTTPError) -> Exception | None:
        """What an HTTP error of this kind of source means; None where it means what it always does."""


class Reader:
    """Opens addresses with the source's credentials."""

    def __init__(self, source: Source, stall_seconds: int):
        self.source = source
        self.stall_seconds = stall_seconds
        self._opener = urllib.request.build_opener(_Redirects if source.follows_redirects else _NoRedirects)

    def open(self, url: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """The response to read from; network trouble is Broken, a refusal of the server Refused."""
        request = urllib.request.Request(url, headers={"User-Agent": AGENT, "Accept-Encoding": "identity"} | (headers or {}))
        for name, value in self.source.headers(url).items():
            request.add_unredirected_header(name, value)
        try:
            return self._opener.open(request, timeout=self.stall_seconds)
        except urllib.error.HTTPError as error:
            with error:
                raise self.source.refusal(url, error) or refusal(url, error) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, ssl.SSLCertVerificationError):
                raise Refused(f"the certificate of {shown(url)} is not trusted: {error.reason.verify_message}") from None
            raise Broken(f"{shown(url)}: {error.reason}") from None
        except TimeoutError:
            raise Broken(f"{shown(url)}: no answer in {self.stall_seconds} s") from None
        except (http.client.HTTPException, ConnectionError) as error:
            raise Broken(f"{shown(url)}: {error or type(error).__name__}") from None

    def read(self, url: str, limit: int = 64 << 20) -> tuple[bytes, http.client.HTTPMessage]:
        """A whole short answer with its headers; one longer than the limit is Refused."""
        with self.open(url) as response:
            try:
                body = response.read(limit + 1)
            except TimeoutError:
                raise Broken(f"{shown(url)}: no byte in {self.stall_seconds} s") from None
            except (http.client.HTTPException, ConnectionError, ssl.SSLError) as error:
                raise Broken(f"{shown(url)}: the answer broke off: {error}") from None
        if len(body) > limit:
            raise Refused(f"{shown(url)} answered with more than {limit} bytes")
        return body, response.headers


def refusal(url: str, error: urllib.error.HTTPError) -> Exception:
    """What an HTTP error means at any source."""
    known = {
        401: ("asks for credentials (HTTP 401)", Exit.ACCESS_DENIED),
        403: ("refuses access (HTTP 403): the licence may have to be accepted, or the address has expired", Exit.ACCESS_DENIED),
        404: ("has no such file (HTTP 404)", Exit.NOT_FOUND),
        410: ("no longer has the file (HTTP 410)", Exit.NOT_FOUND),
    }
    if error.code in known:
        words, status = known[error.code]
        return Refused(f"{shown(url)} {words}", status)
    if error.code in (408, 425, 429) or error.code >= 500:
        asked = error.headers.get("Retry-After", "")
        return Broken(f"{shown(url)} answered HTTP {error.code}", float(asked) if asked.isdigit() else 0.0)
    answer = f"{shown(url)} answered HTTP {error.code}"
    return NoSuchRange(answer) if error.code == 416 else Refused(answer)


def shown(url: str) -> str:
    """An address without what may be secret: query and user."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Credentials go to the host that they are for, and never from https to http."""

    max_redirections = 5

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if old.scheme == "https" and new.scheme != "https":
            raise Refused(f"{shown(req.full_url)} sends on from https to {shown(newurl)}")
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        secret = req.unredirected_hdrs.get("Authorization")
        if request and secret and (old.scheme, old.netloc) == (new.scheme, new.netloc):
            request.add_unredirected_header("Authorization", secret)
        return request


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        return None
