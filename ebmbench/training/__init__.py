"""One block, update by update: what a training's numbers pass through."""
