"""Dask clusters: one that runs already, or a local one."""

from __future__ import annotations

import logging
import socket
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from ebmbench import ConfigError
from ebmbench.executors import Problem
from ebmbench.numerics import thread_count

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10.0  # seconds in which a scheduler that is there answers, or comes back
NAP = 0.2  # seconds between two tries
CONFIG = {
    "distributed.scheduler.allowed-failures": 0,  # what is lost is tried again by us
    "distributed.worker.daemon": False,  # its tasks have processes of their own
    "distributed.comm.timeouts.connect": "10s",
    "distributed.scheduler.active-memory-manager.start": False,
}


@contextmanager
def connected(options: Any) -> Iterator[Client]:
    """A client of the cluster that was asked for, with workers.

    Raises:
        ConfigError: Dask is not installed, nobody answers, or no worker is there.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise _problem("--executor", str(error), "pip install 'ebmbench[dask]'") from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # it is told by us
    with warnings.catch_warnings(), dask.config.set(CONFIG):
        warnings.filterwarnings("ignore", message="Sending large graph")
        if options.scheduler is None:
            with (
                _local_cluster(options.jobs) as cluster,
                Client(cluster, set_as_default=False) as client,
            ):
                yield client
            return
        try:
            _require_listener(options.scheduler, options.wait)
            client = Client(options.scheduler, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            remedy = "Give the address that the scheduler prints when it is started."
            raise _problem("--scheduler", f"'{options.scheduler}': {error}", remedy) from None
        with client:
            _require_worker(client, options)
            yield client


def workers_of(client: Client) -> dict[str, Any]:
    """What the scheduler says of each worker, by address."""
    found: Mapping[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return dict(found)


def threads_by_host(workers: Mapping[str, Any]) -> dict[str, int]:
    """How many tasks run on each machine at a time."""
    found: Counter[str] = Counter()
    for address, each in workers.items():
        found[host_of(address)] += each["nthreads"]
    return dict(found)


def host_of(address: str) -> str:
    """The machine of an address, tcp://host:port."""
    return urlparse(address).hostname or address


@contextmanager
def _local_cluster(jobs: int | None) -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=jobs or thread_count(),
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,  # blocks are as large as the machine has room for
        silence_logs="CRITICAL",  # what is lost is told by us
    ) as cluster:
        yield cluster


def _require_listener(address: str, seconds: float) -> None:
    """Check that somebody listens there, which a client finds out less tidily.

    Raises:
        ValueError: it is no address.
        OSError: nobody does, within so many seconds.
    """
    found, until = urlparse(address), time.monotonic() + seconds
    if found.hostname is None or found.port is None:
        raise ValueError("not an address such as tcp://host:8786")
    told = False
    while True:
        try:
            socket.create_connection((found.hostname, found.port), timeout=seconds).close()
            return
        except ConnectionRefusedError:  # it may be about to be started
            if time.monotonic() > until:
                raise
            if not told:
                said = f"Nobody listens at {address} yet: waiting up to {seconds:g} s."
                print(said, file=sys.stderr, flush=True)
            told = True
            time.sleep(NAP)


def _require_worker(client: Client, options: Any) -> None:
    if not workers_of(client):
        said = f"{options.scheduler} has no worker yet: waiting up to {options.wait:g} s."
        print(said, file=sys.stderr, flush=True)
    try:
        client.wait_for_workers(1, timeout=options.wait)
    except TimeoutError:
        problem = f"no worker has come to {options.scheduler} in {options.wait:g} s"
        remedy = f"Start some: dask worker {options.scheduler}."
        raise _problem("--scheduler", problem, remedy) from None


def _problem(place: str, problem: str, remedy: str) -> ConfigError:
    return ConfigError(Problem(place, "", problem, remedy))
