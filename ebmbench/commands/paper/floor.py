"""``--roofline``: what the machine would allow, as it was measured or is measured now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ebmbench.report.figures.price.phases import Floor

HERE = "here"


def floor_of(roofline: str) -> Floor:
    """What is counted -> its seconds at the machine's roofline."""
    from ebmbench.speed.roofline import Roofline, measure_roofline

    if roofline == HERE:
        import torch

        torch.set_num_threads(1)
        rates = measure_roofline(torch.device("cpu"), 1)
    else:
        rates = Roofline(**_rates(Path(roofline)))
    return lambda cost: max(rates.seconds(cost))


def _rates(file: Path) -> dict[str, float]:
    """Those of a file that ``ebmbench cost --json`` printed.

    Raises:
        ConfigError: there is no such file, or it is another.
    """
    import json

    from ebmbench.errors import ConfigError, Problem
    from ebmbench.speed.roofline import Roofline

    try:
        floor = json.loads(file.read_text(encoding="utf-8"))["floor"]
        rates = {kind: float(floor[kind]) for kind in Roofline._fields}
        if min(rates.values()) > 0:
            return rates
        why = "a rate is not above 0"
    except OSError as error:
        why = str(error.strerror or error)
    except (ValueError, KeyError, TypeError):
        why = "not what `ebmbench cost --json` prints"
    remedy = f"Write one by `ebmbench cost SUITE --json > {file}`, or say `--roofline {HERE}`."
    raise ConfigError(Problem(str(file), "", why, remedy))
