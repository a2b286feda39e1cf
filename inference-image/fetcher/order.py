"""What to fetch, read from the environment."""

import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path


class Refused(Exception):
    """Trying again would not help."""


@dataclass(frozen=True)
class Order:
    url: str
    sha256: str
    target: Path
    stall_seconds: int = 60
    attempts: int = 8

    @staticmethod
    def read(environment) -> "Order":
        url, target = environment.get("FETCH_URL", ""), environment.get("FETCH_TARGET", "")
        sha256 = environment.get("FETCH_SHA256", "").strip().lower().removeprefix("sha256:")
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused("FETCH_URL must be an http or https address")
        if not target.startswith("/") or target.endswith("/"):
            raise Refused("FETCH_TARGET must be the absolute path of a file")
        if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise Refused("FETCH_SHA256 must be 64 hexadecimal digits")
        return Order(url, sha256, Path(target), _count(environment, "FETCH_STALL_SECONDS", 60),
                     _count(environment, "FETCH_ATTEMPTS", 8))

    @property
    def shown_url(self) -> str:
        """The address without what may be secret: query and user."""
        parts = urllib.parse.urlsplit(self.url)
        return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    def beside(self, suffix: str) -> Path:
        return self.target.with_name(self.target.name + suffix)


def _count(environment, name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdigit() or int(text) == 0:
        raise Refused(f"{name} must be a whole number above zero")
    return int(text)
