#!/usr/bin/env python3
"""A stand-in for the places that weights come from: a web server, a hub and an S3 store, which a test can spoil.

    stand_in.py FOLDER PORT     serves the files of a folder and prints each request, for clusters; its hub is gated

Files are at /files/PATH, in the repository mistralai/tiny (revisions main and COMMIT), and in the bucket models.
"""

import contextlib
import hashlib
import http.server
import json
import sys
import threading
import time
import urllib.parse
from pathlib import Path
from xml.sax.saxutils import escape

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY, BUCKET = "mistralai/tiny", "models"
TOKEN, KEY, SECRET = "hf_hush", "AKSTANDIN", "hush-hush"
PIECE = 1_000_000
PAGE = 2


class StandIn(http.server.ThreadingHTTPServer):
    """`script` holds one behaviour for each request of content, then all is well.

    Behaviours: well, a status code, busy (503 for half a minute), stepped (a tenth for each release of `steps`), torn (ends early), stall (stops early), held (stops early until released), slow
    (trickles), page (a web page), "no length", huge (announces more than any disk holds).
    `gate` is the hub's answer to requests without the right token: a status and X-Error-Code.  `cdn` is the host that the
    hub sends on to, itself where it is empty.
    """

    daemon_threads = True

    def __init__(self, content: dict[str, bytes], script=(), ranges=True, etag='"v1"', gate=None, signed=False,
                 address=("127.0.0.1", 0), cdn="localhost"):
        super().__init__(address, Handler)
        self.content, self.script, self.ranges, self.etag, self.gate, self.signed = content, list(script), ranges, etag, gate, signed
        # Another host name, as a content network is: the token must not go there.
        self.cdn = f"http://{cdn}:{self.server_address[1]}" if cdn else ""
        self.seen: list[tuple[str, str, str]] = []
        self.release, self.steps = threading.Event(), threading.Semaphore(0)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def ranges_seen(self) -> list[str]:
        """The Range header of each request of content."""
        return [asked for kind, _, asked in self.seen if kind == "content"]

    def close(self):
        self.release.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def log_message(self, *args):
        pass

    def do_GET(self):
        parts = urllib.parse.urlsplit(self.path)
        path = urllib.parse.unquote(parts.path)
        if path.startswith("/files/"):
            self.give(path.removeprefix("/files/"))
        elif path.startswith("/cdn/"):
            self.on_cdn(path.removeprefix("/cdn/"))
        elif path.startswith(f"/{BUCKET}"):
            self.on_store(path.removeprefix(f"/{BUCKET}").lstrip("/"), urllib.parse.parse_qs(parts.query))
        else:
            self.on_hub(path, urllib.parse.parse_qs(parts.query))

    def answer(self, status: int, body: bytes = b"", **headers: str):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    # The hub -----------------------------------------------------------------------------------------------------------

    def on_hub(self, path: str, query: dict):
        self.server.seen.append(("hub", path, self.headers.get("Authorization", "")))
        if self.server.gate and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status, code = self.server.gate
            return self.answer(status, b"{}", X_Error_Code=code)
        api = f"/api/models/{REPOSITORY}/"
        if path in (f"{api}revision/main", f"{api}revision/{COMMIT}"):
            return self.answer(200, json.dumps({"sha": COMMIT}).encode())
        if path.startswith(f"{api}revision/"):
            return self.answer(404, b"{}", X_Error_Code="RevisionNotFound")
        if path == f"{api}tree/{COMMIT}":
            return self.tree(int(query.get("cursor", ["0"])[0]))
        file = path.removeprefix(f"/{REPOSITORY}/resolve/{COMMIT}/")
        if file in self.server.content:
            return self.answer(302, Location=f"{self.server.cdn}/cdn/{urllib.parse.quote(file)}")
        return self.answer(404, b"{}", X_Error_Code="RepoNotFound")

    def tree(self, cursor: int):
        names = sorted(self.server.content)
        entries = [{"type": "directory", "path": "original", "oid": "0", "size": 0}] if cursor == 0 else []
        for name in names[cursor:cursor + PAGE]:
            entries.append(tree_entry(name, self.server.content[name]))
        following = f'{self.server.url}/api/models/{REPOSITORY}/tree/{COMMIT}?recursive=true&cursor={cursor + PAGE}'
        more = {"Link": f'<{following}>; rel="next"'} if cursor + PAGE < len(names) else {}
        self.answer(200, json.dumps(entries).encode(), **more)

    def on_cdn(self, name: str):
        if self.headers.get("Authorization") and self.server.cdn:
            return self.answer(400, b"the token of the hub came to another host")
        return self.give(name)

    # The store ---------------------------------------------------------------------------------------------------------

    def on_store(self, key: str, query: dict):
        if self.server.signed and not self.is_signed():
            return self.answer(403, b"<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>")
        if key in self.server.content:
            return self.give(key)
        if key:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>")
        self.server.seen.append(("list", query.get("prefix", [""])[0], ""))
        first = int(query.get("continuation-token", ["0"])[0])
        names = sorted(name for name in self.server.content if name.startswith(query.get("prefix", [""])[0]))
        more = f"<NextContinuationToken>{first + PAGE}</NextContinuationToken>" if first + PAGE < len(names) else ""
        contents = "".join(f"<Contents><Key>{escape(name)}</Key><Size>{len(self.server.content[name])}</Size></Contents>"
                           for name in names[first:first + PAGE])
        xmlns = "http://s3.amazonaws.com/doc/2006-03-01/"
        return self.answer(200, f'<?xml version="1.0"?><ListBucketResult xmlns="{xmlns}">{contents}{more}</ListBucketResult>'.encode())

    def is_signed(self) -> bool:
        from datetime import datetime
        from sources.signature import Credentials, authorization
        stamp = self.headers.get("x-amz-date", "19700101T000000Z")
        expected = authorization(f"http://{self.headers['Host']}{self.path}", "us-east-1", Credentials(KEY, SECRET),
                                 datetime.strptime(stamp, "%Y%m%dT%H%M%SZ"))
        return self.headers.get("Authorization") == expected["Authorization"]

    # Content -----------------------------------------------------------------------------------------------------------

    def give(self, name: str):
        server, asked = self.server, self.headers.get("Range", "")
        server.seen.append(("content", name, asked))
        behaviour = server.script.pop(0) if server.script else "well"
        if behaviour == "busy":
            return self.answer(503, Retry_After="30")
        if behaviour.isdigit() or name not in server.content:
            return self.answer(int(behaviour) if behaviour.isdigit() else 404)
        content = server.content[name]
        start, length = self.head(behaviour, asked, len(content))
        body = content[start:]
        if behaviour in ("torn", "stall", "held"):
            self.wfile.write(body[:PIECE])
            self.wfile.flush()
            if behaviour != "torn":
                server.release.wait(300)
            return None
        with contextlib.suppress(ConnectionError):
            step = max(1, len(body) // {"slow": 40, "stepped": 10}.get(behaviour, 1))
            for at in range(0, len(body), step):
                if behaviour == "stepped":
                    server.steps.acquire(timeout=300)
                self.wfile.write(body[at:at + step])
                if behaviour == "slow" and server.release.wait(0.1):
                    behaviour = "well"
        return None

    def head(self, behaviour: str, asked: str, length: int) -> tuple[int, int]:
        server, start = self.server, 0
        if asked and server.ranges and self.headers.get("If-Range", server.etag) == server.etag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{length - 1}/{length}")
        else:
            self.send_response(200)
        if server.etag:
            self.send_header("ETag", server.etag)
        self.send_header("Content-Type", "text/html" if behaviour == "page" else "application/octet-stream")
        if behaviour != "no length":
            self.send_header("Content-Length", str((1 << 60) if behaviour == "huge" else length - start))
        self.send_header("Connection", "close")
        self.close_connection = True
        self.end_headers()
        return start, length


def tree_entry(name: str, body: bytes) -> dict:
    """As the hub lists it: large files by their SHA-256, others by Git's SHA-1."""
    if name.endswith((".safetensors", ".gguf")):
        oid = hashlib.sha256(body).hexdigest()
        return {"type": "file", "path": name, "oid": "f" * 40, "size": len(body), "lfs": {"oid": oid, "size": len(body), "pointerSize": 134}}
    return {"type": "file", "path": name, "oid": hashlib.sha1(f"blob {len(body)}\0".encode() + body).hexdigest(), "size": len(body)}


def main():
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    content = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    server = StandIn(content, gate=(401, "GatedRepo"), address=("", port), cdn="")
    told = 0
    while True:
        for entry in server.seen[told:]:
            print(*entry, flush=True)
        told = len(server.seen)
        time.sleep(0.2)


if __name__ == "__main__":
    main()
