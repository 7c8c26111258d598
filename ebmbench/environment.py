"""What a result depends on: versions, machine, and the sources that computed it."""

from __future__ import annotations

import ast
import platform
import sys
from functools import cache
from hashlib import file_digest, sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import torch

# The modules of the harness that a training's numbers pass through.
NUMERIC = (
    "batches",
    "block",
    "kernel",
    "lattice",
    "learner",
    "log_cosh",
    "mean_spin",
    "noise",
    "observer",
    "optimizer",
    "particles",
    "parts",
    "phases",
    "philox",
    "philox_tensor",
    "sampler",
    "schedule",
    "seeds",
    "streams",
    "train",
)


def environment(device: str) -> dict[str, str | int]:
    """What a record says of where it was made."""
    return {
        "ebmbench": version("ebmbench"),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numba": version("numba"),
        "numpy": version("numpy"),
        "machine": f"{platform.machine()}, {processor()}",
        "system": platform.system(),
        "device": device if device == "cpu" else torch.cuda.get_device_name(device),
        "threads": torch.get_num_threads(),
    }


@cache
def source_digest(package: str) -> str:
    """A digest of a package's Python sources, comments and docstrings left out."""
    digest = sha256()
    for file in _sources(package):
        digest.update(_essence(file))
    return digest.hexdigest()[:16]


def content_digest(file: Path) -> str:
    """A digest of what is in a file, which is read again only after a change."""
    status = file.stat()
    return _content_digest(file, status.st_mtime_ns, status.st_size)


@cache
def _content_digest(file: Path, changed: int, size: int) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()[:16]


@cache
def harness_digest() -> str:
    """A digest of the harness's sources that a training's numbers pass through."""
    digest = sha256()
    for name in NUMERIC:
        digest.update(_essence(Path(__file__).with_name(f"{name}.py")))
    return digest.hexdigest()[:16]


def _sources(package: str) -> list[Path]:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return []
    origin = Path(spec.origin)
    return sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]


def _essence(file: Path) -> bytes:
    """The file's code without comments, docstrings and layout."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_text(each)]  # type: ignore[attr-defined]
    return ast.dump(tree).encode()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@cache
def processor() -> str:
    """The processor's name, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or sys.platform
