"""Settling in: a process that will serve for long gets ready before it is asked."""

import gc
from contextlib import suppress

from recognition_service.editions.errors import NoEditionError
from recognition_service.runtime.runtime import Runtime


def settle(runtime: Runtime) -> None:
    """Load the edition in force, and let the garbage collector pass over it.

    Code and tables live as long as the process; going through them again and again
    takes a fifth of the time of a batch. Only for processes that serve: what is there
    now is never collected any more.
    """
    with suppress(NoEditionError):
        runtime.edition()
    gc.collect()
    gc.freeze()
