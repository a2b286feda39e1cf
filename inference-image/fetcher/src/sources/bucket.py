"""Objects of an S3-compatible store, addressed by path."""

import re
import urllib.error
import urllib.parse
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from datetime import datetime, timezone

from faults import Exit, Refused
from remote import Reader, RemoteFile
from sources import choice
from sources.signature import Credentials, authorization


@dataclass(frozen=True)
class Bucket:
    """`file` is empty for all files of the prefix; without credentials requests are not signed."""

    endpoint: str
    region: str
    bucket: str
    prefix: str
    file: str
    layout: str
    sha256: str
    secret: str
    credentials: Credentials | None = field(repr=False)
    # A signature is for one address.
    follows_redirects = False

    @property
    def identity(self) -> str:
        return f"s3 {self.endpoint} {self.bucket}/{self._folder}{self.file or self.layout} {self.sha256}".rstrip()

    @property
    def where(self) -> str:
        return f"s3://{self.bucket}/{self._folder}"

    @property
    def _folder(self) -> str:
        return self.prefix.rstrip("/") + "/" if self.prefix.strip("/") else ""

    def files(self, reader: Reader) -> list[RemoteFile]:
        found = [RemoteFile(key.removeprefix(self._folder), self._address(key), size,
                            sha256=self.sha256 if key == self._folder + self.file else "")
                 for key, size in self._objects(reader) if not key.endswith("/")]
        return choice.one(found, self.file, self.where) if self.file else choice.needed(found, self.layout, self.where)

    def headers(self, url: str) -> dict[str, str]:
        if self.credentials is None:
            return {}
        return authorization(url, self.region, self.credentials, datetime.now(timezone.utc))

    def refusal(self, url: str, error: urllib.error.HTTPError) -> Exception | None:
        code, message = _explained(error)
        told = f"HTTP {error.code}" + (f", {code}" if code else "") + (f": {message}" if message else "")
        region = error.headers.get("x-amz-bucket-region", "")
        if code in ("NoSuchBucket", "NoSuchKey") or error.code == 404:
            return Refused(f"{self.endpoint} has no such {'bucket' if code == 'NoSuchBucket' else 'object'}: {self.where} ({told})", Exit.NOT_FOUND)
        if region and region != self.region:
            return Refused(f"bucket {self.bucket} is in region {region}: set s3.region to it, it is {self.region} ({told})")
        if error.code in (401, 403):
            who = f"refuses the credentials of Secret {self.secret}" if self.credentials else "refuses access without credentials; name a Secret in s3.credentialsSecretRef:"
            return Refused(f"{self.endpoint} {who} for {self.where} ({told})", Exit.ACCESS_DENIED)
        if 300 <= error.code < 400:
            return Refused(f"{self.endpoint} sends on to another address: set s3.endpoint and s3.region to those of the bucket ({told})")
        return None

    def _address(self, key: str) -> str:
        return f"{self.endpoint}/{urllib.parse.quote(self.bucket)}/{urllib.parse.quote(key, safe='/-_.~')}"

    def _objects(self, reader: Reader):
        """Key and size of everything below the prefix."""
        query = {"list-type": "2", "prefix": self._folder + re.sub(r"\d{5}-of-\d{5}\.gguf$", "", self.file)}
        while True:
            text = urllib.parse.urlencode(sorted(query.items()), quote_via=urllib.parse.quote, safe="-_.~")
            body, _ = reader.read(f"{self.endpoint}/{urllib.parse.quote(self.bucket)}?{text}")
            try:
                page = xml.fromstring(body)
            except xml.ParseError:
                raise Refused(f"{self.endpoint} answered without XML: is it an S3 endpoint?") from None
            for entry in page.iterfind("{*}Contents"):
                yield entry.findtext("{*}Key", ""), int(entry.findtext("{*}Size", "0"))
            following = page.findtext("{*}NextContinuationToken", "")
            if not following:
                return
            query["continuation-token"] = following


def _explained(error: urllib.error.HTTPError) -> tuple[str, str]:
    """S3's code and message; empty where the answer holds none."""
    try:
        body = xml.fromstring(error.read(65536))
    except (xml.ParseError, OSError):
        return "", ""
    return body.findtext("{*}Code", ""), body.findtext("{*}Message", "")
