"""Whether other machines can run a plan: asked of each before anything runs."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ebmbench.errors import ConfigError, Problem, reason
from ebmbench.interfaces.executor import Ended, Executor, Place, StopSign, Task
from ebmbench.plan.changes import changes
from ebmbench.plan.inputs import Inputs, inputs_of
from ebmbench.plan.plan import Plan
from ebmbench.running.blocks.block import Block

MOST = 3  # differences that are told of a place
WAIT = 0.5  # seconds for news
BEFORE_BLOCKS = -1  # numbers of its tasks count down from here: a block's are 0 and more


class Question(NamedTuple):
    """Of a recipe, packed: whether it can be unpacked there, and depends on the same there."""

    who: str
    recipe: bytes
    inputs: Inputs


@dataclass(frozen=True)
class Survey(Task):
    """Asks a place what of a plan it lacks, or has otherwise."""

    questions: tuple[Question, ...]

    def run(self, tell: Callable[[Any], None], stop: StopSign) -> list[str]:
        """What is wrong, in words; nothing where all is as it is here."""
        return [f"{each.who}: {why}" for each in self.questions for why in _what_differs(each)]


def require_places(plan: Plan, executor: Executor, blocks: Iterable[Block]) -> None:
    """Check that other machines, if there are any, can run all blocks of a plan.

    Raises:
        ConfigError: some cannot; it says which, and what they lack.
    """
    places = executor.places()
    if not places:
        return
    problems = [*_unmet(places, blocks)] or [*_answers(plan, executor, places)]
    if problems:
        raise ConfigError(problems)


def _unmet(places: list[Place], blocks: Iterable[Block]) -> Iterable[Problem]:
    """Blocks for which there is no place, which would be waited for without end."""
    gpus, told = max(each.gpus for each in places), set[str]()
    known = all(each.memory is not None for each in places)
    largest = max(each.memory or 0 for each in places)
    for block in blocks:
        who = f"{block.recipe.method_name} on {block.recipe.dataset_name}"
        if who in told:
            continue
        if block.needs.gpus > gpus:
            remedy = "Start workers that have one, or leave --device out."
            yield Problem(who, "", "no worker has a GPU", remedy)
            told.add(who)
        elif known and block.needs.memory > largest:
            problem = f"{block.needs.memory / 1e9:.2g} GB at its peak, and no worker has so much"
            yield Problem(who, "", problem, "Start workers with more memory.")
            told.add(who)


def _answers(plan: Plan, executor: Executor, places: list[Place]) -> Iterable[Problem]:
    survey = Survey(tuple(_questions(plan)))
    numbers = {BEFORE_BLOCKS - index: place.name for index, place in enumerate(places)}
    for number, name in numbers.items():
        executor.submit(number, survey, name)
    while numbers:
        for news in executor.news(WAIT):
            if isinstance(news, Ended) and news.number in numbers:
                name = numbers.pop(news.number)
                if not (news.lost and news.machine):  # it is gone, and its blocks go to others
                    yield from _told(name, [news.why] if news.why else news.value)


def _questions(plan: Plan) -> Iterable[Question]:
    for recipe in plan.recipes:
        dataset, method = recipe.dataset_name, recipe.method_name
        inputs = plan.inputs[dataset, method]
        yield Question(f"{method} on {dataset}", pickle.dumps(recipe), inputs)


def _what_differs(question: Question) -> list[str]:
    try:
        recipe = pickle.loads(question.recipe)
        return changes(question.inputs, inputs_of(recipe))
    except Exception as error:  # a plugin that is missing, or fails there
        return [reason(error)]


def _told(place: str, found: list[str]) -> Iterable[Problem]:
    remedy = "Install there what is installed here, and give it the same files."
    for each in found[:MOST]:
        yield Problem(f"worker {place}", "", each, remedy)
    if len(found) > MOST:
        yield Problem(f"worker {place}", "", f"and {len(found) - MOST} more", remedy)
