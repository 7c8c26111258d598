"""Small IDX files for tests, and a server that hands files out."""

from __future__ import annotations

import gzip
import struct
import threading
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

NAMES = {
    ("train", "images"): "train-images-idx3-ubyte",
    ("train", "labels"): "train-labels-idx1-ubyte",
    ("test", "images"): "t10k-images-idx3-ubyte",
    ("test", "labels"): "t10k-labels-idx1-ubyte",
}


def idx(array, magic=None):
    """The bytes of an IDX file, of uint8 numbers of any shape."""
    magic = 0x0800 + array.ndim if magic is None else magic
    return struct.pack(f">{1 + array.ndim}I", magic, *array.shape) + array.tobytes()


def images(n, shape=(5, 3), seed=0):
    """Random grey images (n, height, width) uint8."""
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), np.uint8)


def labels(n):
    """0, 1, 2, 0, 1, ..."""
    return np.arange(n, dtype=np.uint8) % 3


def small_set(train=11, test=7, shape=(5, 3)):
    """(part, kind) -> an array."""
    return {
        ("train", "images"): images(train, shape, 1),
        ("train", "labels"): labels(train),
        ("test", "images"): images(test, shape, 2),
        ("test", "labels"): labels(test),
    }


def write_set(folder, arrays=None, packed=True):
    """The four files in a folder, gzip or plain; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, array in (arrays or small_set()).items():
        content = idx(array)
        name = f"{NAMES[key]}.gz" if packed else NAMES[key]
        (folder / name).write_bytes(gzip.compress(content) if packed else content)
    return folder


def digests(folder):
    """File name -> SHA-256."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


class Quiet(SimpleHTTPRequestHandler):
    """Hands out a folder, notes what was asked for, and cuts files short on request."""

    asked: list[str]
    short: bool

    def do_GET(self):
        self.asked.append(self.path)
        super().do_GET()

    def copyfile(self, source, outputfile):
        content = source.read()
        outputfile.write(content[: len(content) // 2] if self.short else content)

    def log_message(self, *_):
        pass


@contextmanager
def serving(folder, short=False):
    """Serve a folder on this machine: the URL, and the list of paths that were asked for."""
    handler = type("Handler", (Quiet,), {"asked": [], "short": short})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler.asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
