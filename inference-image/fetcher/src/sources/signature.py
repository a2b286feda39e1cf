"""AWS Signature Version 4 of GET requests to S3 (docs.aws.amazon.com, "Authenticating Requests: Using the Authorization Header")."""

import hashlib
import hmac
import urllib.parse
from dataclasses import dataclass, field
from datetime import datetime

_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Credentials:
    """`session` is empty for long-lived keys."""

    key: str
    secret: str = field(repr=False)
    session: str = field(default="", repr=False)


def authorization(url: str, region: str, credentials: Credentials, now: datetime, headers: dict[str, str] | None = None) -> dict[str, str]:
    """The headers that sign a GET of an address whose path and query are encoded already.

    `now` in UTC; `headers` are further ones to sign.
    """
    parts = urllib.parse.urlsplit(url)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    added = {"x-amz-content-sha256": _EMPTY, "x-amz-date": stamp}
    if credentials.session:
        added["x-amz-security-token"] = credentials.session
    signed = {name.lower(): " ".join(value.split()) for name, value in ({"host": parts.netloc} | added | (headers or {})).items()}
    names = ";".join(sorted(signed))
    query = "&".join(sorted(pair if "=" in pair else pair + "=" for pair in parts.query.split("&") if pair))
    canonical = "\n".join(["GET", parts.path or "/", query, *(f"{name}:{signed[name]}" for name in sorted(signed)), "", names, _EMPTY])
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{credentials.secret}".encode()
    for word in (stamp[:8], region, "s3", "aws4_request"):
        key = hmac.digest(key, word.encode(), "sha256")
    proof = hmac.digest(key, text.encode(), "sha256").hex()
    return added | {"Authorization": f"AWS4-HMAC-SHA256 Credential={credentials.key}/{scope},SignedHeaders={names},Signature={proof}"}

