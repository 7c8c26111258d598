"""Blocks in this very process, one after another: to look into them, and where no other may be."""

from __future__ import annotations

from collections.abc import Iterator

from ebmbench.executors.stopping import Stopping
from ebmbench.journal.documents import Failure
from ebmbench.journal.journal import Journal
from ebmbench.running.blocks.block import Block, claimed
from ebmbench.running.blocks.block_task import Failed, attempt
from ebmbench.running.blocks.run_block import write_failed
from ebmbench.running.handing_out import BlockEnd
from ebmbench.running.progress import Event, Watcher
from ebmbench.running.terms import Terms
from ebmbench.training.evaluator import Progress

Ids = tuple[str, ...]


def in_this_process(
    blocks: list[Block], journal: Journal, watcher: Watcher, terms: Terms
) -> Iterator[BlockEnd]:
    """Run blocks one after another in this process.

    Raises:
        KeyboardInterrupt: it was asked to stop.
    """
    stopping = Stopping()
    for index, whole in enumerate(blocks):
        block = claimed(whole, journal, terms.anew)
        if block is None:
            yield index, []
            continue
        cells = block.ids
        journal.claims.begin(cells, block.began)
        watcher.start(index)

        def tell(progress: Progress, index: int = index, cells: Ids = cells) -> None:
            journal.claims.tell(cells, progress.epoch, progress.value, progress.measuring)
            watcher.progress(Event(index, progress))

        with stopping.on_first_signal():
            result = attempt(block, journal.folder, tell, terms.checkpoint_every, stopping)
        if result is None:
            raise KeyboardInterrupt
        if isinstance(result, Failed):
            result = write_failed(journal, block, result.reason, Failure())
        journal.claims.release(cells)
        yield index, result
