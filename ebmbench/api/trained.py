"""Trained models: found, built again from their parameters, and sampled from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import ValidationError
from torch import Tensor

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.interfaces.kernel import GibbsKernel, cannot_sweep
from ebmbench.interfaces.kernel_choice import kernel_for
from ebmbench.interfaces.model import Model
from ebmbench.isolation.contained import contained
from ebmbench.journal.documents import CellRecord, KeptModel, RunDocument
from ebmbench.journal.journal import Journal
from ebmbench.journal.whole_file import write_bytes
from ebmbench.numerics.noise import Noise
from ebmbench.numerics.particles import Chains

AT_ONCE = 100  # steps of a sweep, between which Ctrl-C is heard


def record_of(
    run: RunDocument, records: Sequence[CellRecord], method: str, seed: int, dataset: str | None
) -> CellRecord:
    """The record of a cell.

    Raises:
        ConfigError: there is none, or several datasets to choose from.
    """
    _require("method", method, run.methods)
    if dataset is None and len(run.datasets) > 1:
        remedy = f"Say which: {', '.join(run.datasets)}."
        raise ConfigError(Problem(run.suite, "", "has more than one dataset", remedy))
    dataset = run.datasets[0] if dataset is None else dataset
    _require("dataset", dataset, run.datasets)
    if type(seed) is not int:
        raise ConfigError(Problem("seed", "", f"{seed!r} is not a whole number"))
    found = [r for r in records if (r.dataset, r.method, r.seed) == (dataset, method, seed)]
    if not found:
        there = [str(r.seed) for r in records if (r.dataset, r.method) == (dataset, method)]
        remedy = f"There are: {', '.join(there)}." if there else "Run the suite first."
        raise ConfigError(Problem("seed", "", f"{method} has no seed {seed}", remedy))
    return found[0]


def load_model(record: CellRecord, journal: Journal) -> Model:
    """The cell's model with its final parameters, R = 1. Nothing is unpickled.

    Raises:
        ConfigError: the parameters were not kept, or the model is installed otherwise than then.
    """
    place = f"{journal.cells / record.id}.json"
    parameters = journal.parameters(record.id)
    if record.model is None or not parameters:
        if record.status != "done":
            remedy = "Choose a seed that is done."
            raise ConfigError(Problem(place, "", f"it {record.status}: it has no model", remedy))
        remedy = "Give the command that made the run again with --keep parameters."
        raise ConfigError(Problem(place, "", "its parameters were not kept", remedy))
    init = Noise([record.seed], "init", record.dataset, record.method)  # as it was trained from
    model = _built(record.model, init, place)
    _fill(model, parameters, place)
    return model


def sample(
    model: Model, n: int, steps: int, seed: int = 0, kernel: GibbsKernel | None = None
) -> Chains:
    """n configurations after ``steps`` block-Gibbs steps from random states, at beta = 1.

    Args:
        model: of R replicas.
        n: chains per replica.
        steps: at least 1; chains forget where they started only if they mix in so many.
        seed: the same seed gives the same samples.
        kernel: what sweeps; by default the fastest that is installed and can.

    Returns:
        v (R, n, V), and the h (R, n, H) that it was drawn from.

    Raises:
        ConfigError: no installed kernel sweeps this model; a number is out of its range; there is
            no memory for so many.
    """
    for name, number, least in (("n", n, 1), ("steps", steps, 1), ("seed", seed, 0)):
        if type(number) is not int or not least <= number < 2**63:
            problem = f"{number!r} is not a whole number from {least} on, below 2^63"
            raise ConfigError(Problem(name, "", problem))
    kernel = kernel or _kernel(model)
    noise = Noise([seed] * model.replicas, "sample", device=_device(model))
    try:
        chains = Chains(model.units.random(n, model.visible, noise), None)
        for done in range(0, steps, AT_ONCE):
            with contained(f"kernel '{kernel.name}'", passing=(MemoryError, RuntimeError)):
                chains = kernel.sweep(model, chains, min(AT_ONCE, steps - done), 1.0, noise)
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        remedy = "Draw fewer at a time, each time with another seed."
        raise ConfigError(Problem("n", "", f"no memory for {n} chains", remedy)) from None
    return chains


def write_samples(chains: Chains, file: Path) -> None:
    """Write the first replica's v (n, V) and h (n, H) as numpy's npz; spins as int8."""
    arrays = {
        name: _compact(part[0]) for name, part in chains._asdict().items() if part is not None
    }
    if file.is_dir():
        raise ConfigError(Problem(str(file), "", "is a folder", "Name a file, samples.npz."))
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]  # of its own options
    write_bytes(file, content.getvalue())


def _compact(part: Tensor) -> NDArray[np.generic]:
    """Spins as int8; real hidden units as they are."""
    found: NDArray[np.generic] = part.detach().cpu().numpy()
    return found.astype(np.int8) if (abs(found) == 1).all() else found


def _kernel(model: Model) -> GibbsKernel:
    chosen = kernel_for(Registry.discover().kernels(), model, _device(model))
    if chosen is None:
        raise ConfigError(Problem(model.name, "", cannot_sweep(None, model) or "cannot be swept"))
    return chosen(chosen.Options())


def _device(model: Model) -> torch.device:
    return next(model.parameters()).device


def _built(kept: KeptModel, init: Noise, place: str) -> Model:
    """The model with the parameters it starts with."""
    entry = Registry.discover().get("models", kept.model.name)
    if entry is None:
        remedy = "Install the plugin that brings it."
        problem = f"its model '{kept.model.name}' is not installed"
        raise ConfigError(Problem(place, "", problem, remedy))
    component: type[Model] = entry.component  # type: ignore[assignment]
    if component.version != kept.model.version:
        problem = f"was made with version {kept.model.version} of the model '{component.name}'"
        remedy = f"Version {component.version} is installed: run the suite again."
        raise ConfigError(Problem(place, "", problem, remedy))
    try:
        options = component.Options(**kept.model.options)
    except ValidationError as error:
        problem = f"the model's options are refused: {error.errors()[0]['msg']}"
        raise ConfigError(Problem(place, "", problem, "Run the suite again.")) from None
    with contained(f"model '{component.name}'"):
        return component(options, kept.visible, init)


@torch.no_grad()
def _fill(model: Model, parameters: dict[str, Tensor], place: str) -> None:
    """Put the stored parameters in the place of those that the model starts with."""
    mine = dict(model.named_parameters())
    shapes = {name: tuple(each.shape) for name, each in mine.items()}
    if shapes != {name: tuple(each.shape) for name, each in parameters.items()}:
        problem = "the stored parameters are not those of this model"
        remedy = "Delete the file; the command that made the run makes it again."
        raise ConfigError(
            Problem(place.replace(".json", ".parameters.safetensors"), "", problem, remedy)
        )
    for name, parameter in mine.items():
        parameter.copy_(parameters[name])


def _require(what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise ConfigError(Problem(what, "", f"no such {what}: '{name}'", did_you_mean(name, known)))
