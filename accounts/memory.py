"""Memory while much is made at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_to_the_end() -> Iterator[None]:
    """Look for no rubbish meanwhile: work on a whole file needs all that it makes until it is done.

    Each time enough objects were made, Python looks through everything that it holds, the whole program
    too: for a file of thousands of rows that took a third of the time and found nothing. What is no longer
    needed goes all the same; only what refers to itself in a circle waits for the end. So does that of
    other threads of the process.
    """
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # Of several at a time, the one that found it looking lets it look again.
        if was_looking:
            gc.enable()
