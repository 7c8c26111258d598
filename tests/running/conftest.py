"""A plugin of awkward samplers, there for all tests of running."""

from support.runs import site as site
