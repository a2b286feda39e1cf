"""What can go wrong, and with which exit status the operator learns of it."""

import enum


class Exit(enum.IntEnum):
    """Exit status by cause; the operator makes the reason of its condition from it."""

    FAILED = 1
    ACCESS_DENIED = 10
    NOT_FOUND = 11
    VOLUME_FULL = 12
    WRONG_CHECKSUM = 13
    GAVE_UP = 14


class Refused(Exception):
    """Trying again would not help."""

    def __init__(self, reason: str, status: Exit = Exit.FAILED):
        super().__init__(reason)
        self.status = status


class Broken(Exception):
    """The transfer failed; another attempt may succeed.  `pause` is what the server asked for, in seconds."""

    def __init__(self, reason: str, pause: float = 0.0):
        super().__init__(reason)
        self.pause = pause


class Stale(Exception):
    """What was fetched so far belongs to another version of the file."""


class NoSuchRange(Refused):
    """The source's file ends before the part that was asked for."""
