"""The stand-in for the cluster that the image build uses, with watches that tell what is put.

    watched_cluster.py OBJECTS.json PORT"""

import http.server
import json
import queue
import struct
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev/images/training"))
import cluster  # noqa: E402

WHOLE_TEXT = 0x81  # RFC 6455
LONG = 126


def modified(item: dict) -> bytes:
    return json.dumps({"type": "MODIFIED", "object": item}).encode()


class Handler(cluster.Handler):
    watches: list[tuple[str, queue.SimpleQueue]] = []

    def do_PUT(self):
        path = urlsplit(self.path).path
        item = self.store.put(path, self.read())
        event = modified(item)
        for kind, events in list(self.watches):
            if kind == path.split("/")[-2]:
                events.put(event)
        self.answer(200, item)

    def watched(self):
        """Tells what was put since the version that the client has seen, and from then on."""
        url = urlsplit(self.path)
        mine = url.path.rsplit("/", 1)[1], queue.SimpleQueue()
        self.watches.append(mine)
        seen = int(parse_qs(url.query).get("resourceVersion", ["0"])[0] or 0)
        for item in self.store.list(url.path):
            if int(item["metadata"]["resourceVersion"]) > seen:
                mine[1].put(modified(item))
        try:
            while True:
                event = mine[1].get()
                self.wfile.write(struct.pack("!BBH", WHOLE_TEXT, LONG, len(event)) + event)
        except OSError:
            self.watches.remove(mine)


if __name__ == "__main__":
    Handler.store = cluster.Store(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler)
    server.daemon_threads = True
    server.serve_forever()
