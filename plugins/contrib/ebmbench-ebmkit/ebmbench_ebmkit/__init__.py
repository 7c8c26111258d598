"""The losses of ebmkit that need no chains as a sampler of ebmbench."""

from ebmbench import Sampler, hookimpl
from ebmbench_ebmkit.ebmkit_gradient import EbmkitGradient


@hookimpl
def ebmbench_samplers() -> list[type[Sampler]]:
    return [EbmkitGradient]
