"""A stand-in for the cluster around an image in training: the Kubernetes API, which lists, watches and stores objects and
no more, and an engine, which streams one answer.

    cluster.py [OBJECTS.json [PORT]]

Listens on 127.0.0.1 in plain HTTP, on port 6443 unless another is given.  OBJECTS.json maps the path of a collection to its objects.
"""

import base64
import hashlib
import http.server
import json
import sys
import threading
from urllib.parse import parse_qs, urlsplit

SOCKET_ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
ANSWER = [{"delta": {"role": "assistant", "content": None}}, {"delta": {"content": "Hello"}}, {"delta": {"content": " there."}},
          {"delta": {}, "finish_reason": "stop"}]
ALLOWED = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
VERSION = {"major": "1", "minor": "34", "gitVersion": "v1.34.4", "gitCommit": "unknown", "gitTreeState": "clean",
           "buildDate": "1970-01-01T00:00:00Z", "goVersion": "go1", "compiler": "gc", "platform": "linux/amd64"}


class Store:
    """Objects by path, each with a resource version."""

    def __init__(self, seed: dict[str, list[dict]]):
        self.lock = threading.Lock()
        self.objects: dict[str, dict] = {}
        self.version = 1
        for collection, items in seed.items():
            for item in items:
                self.put(f"{collection}/{item['metadata']['name']}", item)

    def put(self, path: str, item: dict) -> dict:
        with self.lock:
            self.version += 1
            metadata = item.setdefault("metadata", {})
            metadata["resourceVersion"] = str(self.version)
            metadata.setdefault("uid", f"00000000-0000-4000-8000-{self.version:012d}")
            metadata.setdefault("creationTimestamp", "2026-01-01T00:00:00Z")
            metadata.setdefault("generation", 1)
            self.objects[path] = item
            return item

    def list(self, collection: str) -> list[dict]:
        """The collection's objects; a collection of all namespaces holds those of each."""
        plural = collection.rsplit("/", 1)[1]
        with self.lock:
            return [item for path, item in self.objects.items()
                    if path.rsplit("/", 1)[0] == collection
                    or ("/namespaces/" not in collection and path.split("/")[-2] == plural
                        and path.startswith(collection.rsplit("/", 1)[0] + "/namespaces/"))]


def is_collection(path: str) -> bool:
    parts = path.strip("/").split("/")
    parts = parts[2:] if parts[0] == "api" else parts[3:]
    if parts[:1] == ["namespaces"] and len(parts) > 2:
        parts = parts[2:]
    return len(parts) == 1


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def log_message(self, *args):
        pass

    def answer(self, status: int, body: dict) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def read(self) -> dict:
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/version":
            self.answer(200, VERSION)
        elif "watch" in parse_qs(url.query):
            self.watch()
        elif is_collection(url.path):
            items = self.store.list(url.path)
            self.answer(200, {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": str(self.store.version)},
                              "items": items})
        elif url.path in self.store.objects:
            self.answer(200, self.store.objects[url.path])
        else:
            self.answer(404, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404,
                              "message": f"{url.path} not found"})

    def watch(self):
        """Begins a watch, over a web socket as the Java client prefers, or else plain."""
        key = self.headers.get("Sec-WebSocket-Key")
        if key:
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1((key + SOCKET_ID).encode()).digest()).decode())
        else:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        self.watched()

    def watched(self):
        """Nothing ever happens, until the client goes."""
        while self.rfile.read1(1024):
            pass

    def do_POST(self):
        item = self.read()
        path = urlsplit(self.path).path
        if path == "/v1/chat/completions":
            self.stream_answer()
            return
        if path.endswith("/selfsubjectrulesreviews"):
            self.answer(201, item | {"status": {"incomplete": False, "nonResourceRules": [], "resourceRules": [ALLOWED]}})
            return
        self.answer(201, self.store.put(f"{path}/{item.get('metadata', {}).get('name', 'unnamed')}", item))

    def stream_answer(self):
        chunks = [{"choices": [{"index": 0, "finish_reason": None} | choice]} for choice in ANSWER]
        chunks.append({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}})
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "training"}
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for chunk in chunks:
            self.wfile.write(f"data: {json.dumps(head | chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def do_PUT(self):
        self.answer(200, self.store.put(urlsplit(self.path).path.removesuffix("/status"), self.read()))

    def do_PATCH(self):
        path = urlsplit(self.path).path
        changes = self.read()
        old = self.store.objects.get(path.removesuffix("/status"), {})
        self.answer(200, self.store.put(path.removesuffix("/status"), old | changes))

    def do_DELETE(self):
        self.store.objects.pop(urlsplit(self.path).path, None)
        self.answer(200, {"kind": "Status", "apiVersion": "v1", "status": "Success"})


if __name__ == "__main__":
    Handler.store = Store(json.load(open(sys.argv[1], encoding="utf-8")) if len(sys.argv) > 1 else {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 6443), Handler)
    server.daemon_threads = True
    server.serve_forever()
