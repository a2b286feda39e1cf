"""What to fetch, read from the environment."""

import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from faults import Refused
from remote import Source
from sources.bucket import Bucket
from sources.hub import Hub
from sources.signature import Credentials
from sources.web import Web


@dataclass(frozen=True)
class Order:
    """`port` serves the progress, 0 for none."""

    source: Source
    folder: Path
    stall_seconds: int = 60
    attempts: int = 8
    port: int = 0

    @staticmethod
    def read(environment) -> "Order":
        folder = environment.get("FETCH_FOLDER", "")
        if not folder.startswith("/"):
            raise Refused("FETCH_FOLDER must be the absolute path of a folder")
        kind = environment.get("FETCH_SOURCE", "")
        makers = {"url": _web, "huggingface": _hub, "s3": _bucket}
        if kind not in makers:
            raise Refused(f"FETCH_SOURCE must be one of {', '.join(makers)}, not '{kind}'")
        return Order(makers[kind](environment), Path(folder), _number(environment, "FETCH_STALL_SECONDS", 60, 1),
                     _number(environment, "FETCH_ATTEMPTS", 8, 1), _number(environment, "FETCH_PORT", 0, 0))


def _web(environment) -> Web:
    url = _address(environment, "FETCH_URL")
    file = environment.get("FETCH_FILE", "")
    if not file or "/" in file:
        raise Refused("FETCH_FILE must be the name that the file gets")
    return Web(url, file, _sha256(environment))


def _hub(environment) -> Hub:
    repository = environment.get("FETCH_REPOSITORY", "")
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", repository):
        raise Refused(f"FETCH_REPOSITORY must be owner/name, not '{repository}'")
    return Hub(_address(environment, "FETCH_ENDPOINT"), repository, environment.get("FETCH_REVISION") or "main",
               environment.get("FETCH_FILE", ""), _layout(environment), environment.get("FETCH_SECRET", ""),
               environment.get("FETCH_TOKEN", "").strip())


def _bucket(environment) -> Bucket:
    bucket = environment.get("FETCH_BUCKET", "")
    if not bucket:
        raise Refused("FETCH_BUCKET must be the name of a bucket")
    key, secret = (environment.get(f"AWS_{name}", "").strip() for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"))
    if bool(key) != bool(secret):
        raise Refused("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together")
    credentials = Credentials(key, secret, environment.get("AWS_SESSION_TOKEN", "").strip()) if key else None
    return Bucket(_address(environment, "FETCH_ENDPOINT"), environment.get("FETCH_REGION") or "us-east-1", bucket,
                  environment.get("FETCH_PREFIX", "").strip("/"), environment.get("FETCH_FILE", ""), _layout(environment),
                  _sha256(environment), environment.get("FETCH_SECRET", ""), credentials)


def _address(environment, name: str) -> str:
    url = environment.get(name, "")
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused(f"{name} must be an http or https address")
    if "@" in parts.netloc:
        raise Refused(f"{name} must not hold a user name: addresses are not secret")
    return url.rstrip("/")


def _layout(environment) -> str:
    layout = environment.get("FETCH_LAYOUT") or "mistral"
    if layout not in ("mistral", "hf"):
        raise Refused(f"FETCH_LAYOUT must be mistral or hf, not '{layout}'")
    return layout


def _sha256(environment) -> str:
    sha256 = environment.get("FETCH_SHA256", "").strip().lower().removeprefix("sha256:")
    if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise Refused("FETCH_SHA256 must be 64 hexadecimal digits")
    return sha256


def _number(environment, name: str, default: int, least: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdigit() or int(text) < least:
        raise Refused(f"{name} must be a whole number, {least} or more")
    return int(text)
