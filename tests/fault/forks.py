"""Processes that are forked from one that has imported everything, so that they start at once."""

import multiprocessing
from multiprocessing.context import ForkServerContext

FORKS: ForkServerContext = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.fault.roles", "tests.fault.sender"])
