"""Progress lines."""

import time

PROGRESS_SECONDS = 10.0


def size_text(count: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


class Progress:
    """Lines with bytes, rate and time to go, at most one in ten seconds."""

    def __init__(self, have: int, total: int | None):
        self.began = self.told = time.monotonic()
        self.first = have
        self.total = total

    def tell(self, have: int) -> None:
        now = time.monotonic()
        if now - self.told < PROGRESS_SECONDS:
            return
        self.told = now
        rate = (have - self.first) / (now - self.began)
        line = f"{size_text(have)} of {size_text(self.total) if self.total else 'unknown size'}, {size_text(rate)}/s"
        if self.total and rate > 0:
            line += f", {(self.total - have) / rate:.0f} s to go"
        print(line, flush=True)
