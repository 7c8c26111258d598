"""General Boltzmann machines of any coupling mask, deep ones too, swept by coloured blocks."""

from ebmbench import Model, hookimpl


@hookimpl
def ebmbench_models() -> list[type[Model]]:
    return []
