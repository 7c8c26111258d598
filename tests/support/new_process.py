"""Sources and files as a new process finds them."""

from ebmbench.plan import digests, files, modules, reach, sources


def forget():
    """Drop what was read of sources before."""
    for module in (digests, files, modules, reach, sources):
        for found in vars(module).values():
            if hasattr(found, "cache_clear"):
                found.cache_clear()
