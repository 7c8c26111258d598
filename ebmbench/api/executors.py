"""Where a run's blocks are worked at, as somebody has asked for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from pydantic import ValidationError

from ebmbench.errors import ConfigError, Problem, did_you_mean
from ebmbench.executors import LocalPool
from ebmbench.interfaces.executor import Executor
from ebmbench.interfaces.installed.registry import Registry
from ebmbench.isolation.contained import contained
from ebmbench.numerics.code_cache import say_if_not_kept


class ExecutorChoice(NamedTuple):
    """What was asked for.

    Attributes:
        jobs: tasks at a time; 0 for this process, None for as many as there should be.
        name: the executor's; None for worker processes of this machine.
        options: of that executor, beside ``jobs``.
    """

    jobs: int | None = None
    name: str | None = None
    options: Mapping[str, Any] = {}

    @property
    def here(self) -> bool:
        """Whether all is done in this very process."""
        return self.jobs == 0 and self.name is None

    def on(self, device: str) -> ExecutorChoice:
        """The same, with one worker process of this machine for a GPU where nobody says how many.

        Several would each hold memory on it and wait for one another; one trains all replicas of a
        method side by side.
        """
        alone = device != "cpu" and self.jobs is None and self.name is None
        return self._replace(jobs=1) if alone else self


def choice_of(
    jobs: int | None, name: str | None, settings: Iterable[str], scheduler: str | None
) -> ExecutorChoice:
    """What the command line asks for.

    Raises:
        ConfigError: a setting is none, or there are some and no executor to have them.
    """
    options: dict[str, Any] = {} if scheduler is None else {"scheduler": scheduler}
    for setting in settings:
        option, equals, value = setting.partition("=")
        if not (option and equals):
            problem, remedy = f"'{setting}' has no '='", "Write OPTION=VALUE."
            raise ConfigError(Problem("--executor-option", "", problem, remedy))
        options[option] = value
    if options and name is None:
        place = "--scheduler" if scheduler is not None else "--executor-option"
        remedy = "Say which it is for: --executor NAME."
        raise ConfigError(Problem(place, "", "there is no executor that has options", remedy))
    return ExecutorChoice(jobs, name, options)


@contextmanager
def entered(choice: ExecutorChoice) -> Iterator[Executor | None]:
    """The executor, at work within; None for this process.

    Raises:
        ConfigError: there is none of that name, or its options are wrong, or it has no workers.
    """
    if choice.here:
        yield None
        return
    executor = _built(choice)
    with ExitStack() as within:
        if choice.name is None:
            say_if_not_kept()
            within.enter_context(executor)
        else:
            with contained(f"executor '{choice.name}'"):
                within.enter_context(executor)
        yield executor


def _built(choice: ExecutorChoice) -> Executor:
    component = _chosen(choice.name)
    if choice.jobs == 0:
        remedy = "Leave it out, or give 1 or more."
        raise ConfigError(Problem("--jobs", "", "an executor does 1 or more at a time", remedy))
    given = {**choice.options, **({} if choice.jobs is None else {"jobs": choice.jobs})}
    try:
        options = component.Options.model_validate(given)
    except ValidationError as error:
        raise ConfigError([_problem(component, each) for each in error.errors()]) from None
    return component(options)


def _chosen(name: str | None) -> type[Executor]:
    if name is None:
        return LocalPool
    registry = Registry.discover()
    entry = registry.get("executors", name)
    if entry is None:
        known = registry.names("executors")
        remedy = did_you_mean(name, known) if known else "None is installed."
        raise ConfigError(Problem("--executor", "", f"no such executor: '{name}'", remedy))
    return entry.component  # type: ignore[return-value]


def _problem(component: type[Executor], detail: Any) -> Problem:
    option = ".".join(map(str, detail["loc"]))
    known = sorted(component.Options.model_fields)
    if detail["type"] == "extra_forbidden":
        problem = f"executor '{component.name}' has no option '{option}'"
        return Problem("--executor-option", option, problem, did_you_mean(option, known))
    remedy = f"See: ebmbench info executor {component.name}."
    return Problem("--executor-option", option, f"{detail['msg']}", remedy)
