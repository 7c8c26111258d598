"""Runs the cells that are missing, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import ceil
from time import sleep

from ebmbench.errors import Problem, leave_out
from ebmbench.interfaces.executor import Executor, Needs
from ebmbench.journal.claims import BEAT
from ebmbench.journal.documents import CellRecord
from ebmbench.journal.index import Entry
from ebmbench.journal.journal import Journal
from ebmbench.journal.stored import UnreadableError
from ebmbench.plan.cell import Cell
from ebmbench.plan.plan import Plan, block_sizes
from ebmbench.running.again import why_again
from ebmbench.running.blocks.block import Block
from ebmbench.running.handing_out import hand_out
from ebmbench.running.in_this_process import in_this_process
from ebmbench.running.progress import Watcher
from ebmbench.running.room import Room, room_of
from ebmbench.running.terms import Terms

BLOCKS = 4  # of each worker, at least: then none waits long for another's last one


@dataclass(frozen=True)
class Rerun:
    """Which finished cells run again.

    Attributes:
        all, failed: every one, or those that failed or diverged.
        methods: every one of these methods.
    """

    all: bool = False
    failed: bool = False
    methods: frozenset[str] = frozenset()

    def wants(self, method: str, status: str) -> bool:
        """Whether a cell of a method that ended so is run again."""
        return self.all or method in self.methods or (self.failed and status != "done")


def run_plan(
    plan: Plan,
    journal: Journal,
    terms: Terms,
    executor: Executor | None,
    rerun: Rerun,
    watcher: Watcher,
    cells: Iterable[Cell] | None = None,
) -> None:
    """Run what the journal lacks, the longest blocks first.

    Args:
        plan: what to run.
        journal: what is there already, and where records go.
        terms: how blocks are run.
        executor: where, entered; None for this process.
        rerun: which cells that have a record run again all the same.
        watcher: is told how things go.
        cells: those of the plan that are to be there; all, if left out.
    """
    wanted = plan.cells if cells is None else cells
    missing = _missing(wanted, journal, rerun)
    with journal.claims.alive():
        goes_on = not (rerun.all or rerun.methods)
        others = _run_missing(plan, journal, terms, executor, missing, watcher, goes_on)
        while others:
            watcher.wait(len(others))
            _wait_for_others(journal, others, watcher)
            left = _missing(others, journal, Rerun())
            others = _run_missing(plan, journal, terms, executor, left, watcher) if left else []


def _run_missing(
    plan: Plan,
    journal: Journal,
    terms: Terms,
    executor: Executor | None,
    missing: list[Cell],
    watcher: Watcher,
    goes_on: bool = False,
) -> list[Cell]:
    """Run cells, the longest blocks first; those that another command is at are left to it.

    Args:
        goes_on: whether interrupted blocks go on from where they stand.

    Returns:
        Those left.
    """
    terms = terms._replace(anew=frozenset(cell.id for cell in missing if journal.has(cell.id)))
    elsewhere = journal.claims.are_others(cell.id for cell in missing)
    mine = [cell for cell in missing if cell.id not in elsewhere]
    going_on = interrupted(plan, journal, mine) if goes_on else []
    taken = {id_ for block in going_on for id_ in block.ids}
    fresh = blocks_of(plan, [cell for cell in mine if cell.id not in taken], room_of(executor))
    weighted = sorted(
        ((_weight(plan, block), block) for block in chain(going_on, fresh)),
        key=lambda pair: -pair[0],
    )  # the longest first, so that workers end together
    blocks = [block for _, block in weighted]
    workers = executor.slots if executor is not None else 0
    weights, again = [weight for weight, _ in weighted], why_again(plan, journal, missing)
    watcher.begin(blocks, weights, again, workers)
    _write_inputs(plan, journal, missing)
    if executor is None:
        ended = in_this_process(blocks, journal, watcher, terms)
    else:
        ended = hand_out(blocks, journal, watcher, terms, executor)
    for index, statuses in ended:
        lost = set(statuses) - {"done"}
        watcher.end(index, statuses, _reasons(journal, blocks[index]) if lost else [])
    return [cell for cell in missing if cell.id in elsewhere or not journal.has(cell.id)]


def _reasons(journal: Journal, block: Block) -> list[str]:
    """Why cells of a block are not done, each reason once."""
    found = (each for record in journal.read(block.ids) for each in _why(record))
    return [*dict.fromkeys(found)]


def _why(record: CellRecord) -> list[str]:
    if record.status != "done":
        return [record.reason or record.status]
    return [f"{metric}: {why}" for metric, why in record.unmeasured.items()]


def _wait_for_others(journal: Journal, cells: list[Cell], watcher: Watcher) -> None:
    """Wait until none of these cells is claimed by others."""
    while journal.claims.are_others(cell.id for cell in cells):
        watcher.tick()
        sleep(BEAT / 3)


def interrupted(plan: Plan, journal: Journal, missing: Iterable[Cell]) -> list[Block]:
    """The blocks that were interrupted, each to go on from where it stands.

    A checkpoint of which a cell is not missing is of no use any more and goes.

    Warns:
        LeftOutWarning: a checkpoint cannot be used, and is left.
    """
    by_id, planned = {cell.id: cell for cell in missing}, {cell.id for cell in plan.cells}
    names = {Cell.name_of(cell.id) for cell in missing}
    blocks = list[Block]()
    for found in journal.checkpoints:
        if isinstance(found, UnreadableError):
            leave_out(found.problem)
        elif by_id.keys() >= set(found.cells):
            cells = tuple(by_id.pop(id_) for id_ in found.cells)
            blocks.append(replace(block_of(plan, cells), checkpoint=found))
        elif planned >= set(found.cells):
            journal.checkpoints.drop(found.cells)
        elif names & set(map(Cell.name_of, found.cells)) and not planned & set(found.cells):
            what = "a checkpoint of other code or options, not used"
            leave_out(Problem(str(found.file), "", what, "Delete it, or go back to what it was."))
    return blocks


def _write_inputs(plan: Plan, journal: Journal, missing: Iterable[Cell]) -> None:
    """Store what results depend on, so that a later run can say why it needs others."""
    recipes = {Cell.digest_of(cell.id): cell.recipe for cell in missing}
    for digest, recipe in recipes.items():
        journal.write_inputs(digest, plan.inputs[recipe.dataset_name, recipe.method_name])


def _missing(cells: Iterable[Cell], journal: Journal, rerun: Rerun) -> list[Cell]:
    """The cells that have no record that will do, or not the parameters that they were to keep."""
    there, known = journal.ids(), journal.index.entries()
    return [
        cell
        for cell in cells
        if cell.id not in there or _is_missing(cell, known.get(cell.id), journal, rerun)
    ]


def _is_missing(cell: Cell, entry: Entry | None, journal: Journal, rerun: Rerun) -> bool:
    recipe = cell.recipe
    names = recipe.dataset_name, recipe.method_name, cell.seed
    if entry is None or entry[:3] != names:  # it cannot be read, or is another cell's
        return journal.record_of(cell.id, *names) is None
    if rerun.wants(recipe.method_name, entry.fate):
        return True
    keeps = recipe.keep_parameters and entry.fate in ("done", "unmeasured")
    return keeps and not (entry.keeps and journal.has_parameters(cell.id))


def blocks_of(plan: Plan, cells: Iterable[Cell], room: Room) -> Iterator[Block]:
    """Cells of one recipe in blocks that have the room.

    Split among workers only where they would end apart otherwise: replicas side by side take less.
    """
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        key = (cell.recipe.dataset_name, cell.recipe.method_name)
        groups.setdefault(key, []).append(cell)
    whole = {key: _weight(plan, block_of(plan, tuple(group))) for key, group in groups.items()}
    most = sum(whole.values()) / room.blocks / BLOCKS
    for key, group in groups.items():
        recipe = group[0].recipe
        at_once = room.replicas_of(plan.estimate(recipe), recipe.device)
        known = whole[key] > 0
        workers = min(room.blocks, ceil(whole[key] / most)) if known else room.blocks
        left = list(group)
        for size in block_sizes(len(group), at_once, workers):
            taken, left = left[:size], left[size:]
            yield block_of(plan, tuple(taken))


def block_of(plan: Plan, cells: tuple[Cell, ...]) -> Block:
    """Cells of one recipe as a block."""
    recipe = cells[0].recipe
    estimate = plan.estimate(recipe)
    needs = Needs(int(estimate.memory.of(len(cells))), gpus=int(recipe.device.startswith("cuda")))
    return Block(cells, estimate.counted, needs)


def _weight(plan: Plan, block: Block) -> float:
    """Seconds that a block takes on a common core, roughly; only ratios matter."""
    estimate = plan.estimate(block.recipe)
    if estimate.updates is None:
        return len(block.cells) * (estimate.seconds or 0.0)
    cost = estimate.per_update
    replica = 2e-11 * cost.macs + 1e-9 * cost.randoms + 5e-11 * cost.bytes
    left = 1 - block.began / max(block.recipe.epochs, 1)
    return max(left * estimate.updates, 1) * (3e-4 + len(block.cells) * replica)
