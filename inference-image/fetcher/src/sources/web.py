"""One file behind an http or https address."""

import urllib.error
from dataclasses import dataclass

from remote import Reader, RemoteFile, shown


@dataclass(frozen=True)
class Web:
    url: str
    file: str
    sha256: str
    follows_redirects = True

    @property
    def identity(self) -> str:
        # The same file from another address, or with another signature in its query, is the same.
        return f"url {'sha256:' + self.sha256 if self.sha256 else shown(self.url)}"

    def files(self, reader: Reader) -> list[RemoteFile]:
        return [RemoteFile(self.file, self.url, sha256=self.sha256)]

    def headers(self, url: str) -> dict[str, str]:
        return {}

    def refusal(self, url: str, error: urllib.error.HTTPError) -> Exception | None:
        return None
