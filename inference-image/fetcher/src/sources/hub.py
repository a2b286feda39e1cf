"""A repository of a hub that speaks Hugging Face's API."""

import json
import re
import urllib.error
import urllib.parse
from dataclasses import dataclass, field

from faults import Exit, Refused
from remote import Reader, RemoteFile
from sources import choice


@dataclass(frozen=True)
class Hub:
    """`file` is empty for the whole model; `secret` is the name of the Secret with the token, for messages."""

    endpoint: str
    repository: str
    revision: str
    file: str
    layout: str
    secret: str
    token: str = field(repr=False)
    follows_redirects = True

    @property
    def identity(self) -> str:
        return f"huggingface {self.endpoint} {self.repository}@{self.revision} {self.file or self.layout}"

    @property
    def where(self) -> str:
        return f"revision {self.revision} of {self.repository}"

    def files(self, reader: Reader) -> list[RemoteFile]:
        """The files of the commit that the revision names now, so that a moving branch is not mixed."""
        repository, revision = (urllib.parse.quote(part, safe=safe) for part, safe in ((self.repository, "/"), (self.revision, "")))
        commit = self._json(reader, f"{self.endpoint}/api/models/{repository}/revision/{revision}")[0].get("sha", "")
        if not re.fullmatch(r"[0-9a-f]{40,64}", commit):
            raise Refused(f"{self.endpoint} does not tell the commit of {self.where}: is it a hub?")
        print(f"{self.where} is commit {commit}", flush=True)
        found = [self._file(entry, commit) for entry in self._tree(reader, repository, commit) if entry.get("type") == "file"]
        return choice.one(found, self.file, self.where) if self.file else choice.needed(found, self.layout, self.where)

    def headers(self, url: str) -> dict[str, str]:
        mine, theirs = (urllib.parse.urlsplit(address)[:2] for address in (self.endpoint, url))
        return {"Authorization": f"Bearer {self.token}"} if self.token and mine == theirs else {}

    def refusal(self, url: str, error: urllib.error.HTTPError) -> Exception | None:
        kind = error.headers.get("X-Error-Code", "")
        if error.code in (401, 403):
            return Refused(f"{self.endpoint} {self._denied(error.code, kind)}", Exit.ACCESS_DENIED)
        if error.code == 404:
            missing = {"RevisionNotFound": f"no revision {self.revision} of {self.repository}",
                       "EntryNotFound": f"no such file in {self.where}"}
            return Refused(f"{self.endpoint} has {missing.get(kind, f'no {self.where}')} (HTTP 404)", Exit.NOT_FOUND)
        return None

    def _denied(self, code: int, kind: str) -> str:
        terms = f"accept the model's terms at {self.endpoint}/{self.repository} with the account of the token"
        if not self.token:
            return (f"asks for a token for {self.repository} (HTTP {code}): it is gated, private or does not exist; "
                    "name a Secret with a token in huggingFace.tokenSecretRef" + (f", and {terms}" if kind == "GatedRepo" else ""))
        if code == 401 and kind != "GatedRepo":
            return (f"does not take the token of Secret {self.secret} for {self.repository} (HTTP 401): "
                    "the token is invalid or has expired, or the repository does not exist")
        return f"refuses the token of Secret {self.secret} the access to {self.repository} (HTTP {code}): {terms}, or give the token the right to read it"

    def _tree(self, reader: Reader, repository: str, commit: str):
        page = f"{self.endpoint}/api/models/{repository}/tree/{commit}?recursive=true"
        while page:
            entries, link = self._json(reader, page)
            yield from entries
            following = re.search(r'<([^>]+)>\s*;\s*rel="next"', link)
            page = urllib.parse.urljoin(page, following[1]) if following else ""

    def _file(self, entry: dict, commit: str) -> RemoteFile:
        path = urllib.parse.quote(entry.get("path", ""))
        large = entry.get("lfs") or {}
        return RemoteFile(
            entry.get("path", ""), f"{self.endpoint}/{self.repository}/resolve/{commit}/{path}", size=large.get("size", entry.get("size")),
            sha256=large.get("oid", "").removeprefix("sha256:"), git_blob="" if large else entry.get("oid", ""))

    def _json(self, reader: Reader, url: str):
        body, headers = reader.read(url)
        try:
            return json.loads(body), headers.get("Link", "")
        except ValueError:
            raise Refused(f"{self.endpoint} answered without JSON: is it a hub?") from None
