"""Persistent chains whose weights make up for being behind the model: Jarzynski's equality."""

from ebmbench import Sampler, hookimpl
from ebmbench_jarzynski.jarzynski import Jarzynski


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    """Weighted persistent chains."""
    return [Jarzynski]
