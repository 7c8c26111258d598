"""What a component may do that it should not, by name."""

import ctypes
import fcntl
import os
import sys
import time
from pathlib import Path


class Rude(BaseException):
    """An exception of one's own that is no ``Exception``."""


class UnprintableError(Exception):
    """An exception that cannot be printed."""

    def __str__(self):
        raise SystemExit("nor this")

    __repr__ = __str__


def throw():
    raise ArithmeticError("it does not add up")


def interrupt():
    raise KeyboardInterrupt


def rude():
    raise Rude("not today")


def unprintable():
    raise UnprintableError


def leave():
    sys.exit(7)


def leave_well():
    sys.exit(0)


def vanish():
    os._exit(0)


def crash():
    ctypes.string_at(0)


def hang():
    if "HANGS" in os.environ:
        Path(os.environ["HANGS"]).touch()
    while True:
        time.sleep(0.01)


def say():
    print("misbehaving")
    os.write(1, b"misbehaving, past Python\n")


def fork():
    if os.fork():
        return
    if "FORKS" in os.environ:  # one that stays, and holds a file as long as it lives
        with Path(os.environ["FORKS"]).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            file.write("here")
            file.flush()
            time.sleep(600)


WAYS = {
    "raise": throw,
    "interrupt": interrupt,
    "rude": rude,
    "unprintable": unprintable,
    "exit": leave,
    "exit0": leave_well,
    "vanish": vanish,
    "segfault": crash,
    "hang": hang,
    "print": say,
    "fork": fork,
}
HARMLESS = ("print", "fork")  # what it was asked for comes after
