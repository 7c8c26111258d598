"""A plugin of awkward samplers, there for all tests of Dask."""

from support.runs import site as site
