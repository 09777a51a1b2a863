"""How many symbols of a page of codes are read after each of twelve kinds of damage, and how long it takes.

    python -m tests.benchmarks.scans [--pages 12] [--levels 1 9 12]

Each page is a week of 8,700 bytes, 22 symbols of 28, drawn by the program, rastered at 600 dpi and damaged
by `damage.py`. "read" looks for all 28 symbols; "whole" and the seconds, which are the processor's, stop at
the 22 that are enough, as a scan at the province does. Beside them stands one pass of the decoder alone, and
the seconds in such passes.
"""

import argparse
from collections.abc import Callable
from time import process_time
from typing import NamedTuple, TypeVar

import cv2

from app.reports.paper.frames import Frame
from app.reports.scanning import pictures
from app.reports.scanning.decoder import Budget, symbols
from app.reports.scanning.page import BUDGET, read_page
from tests.benchmarks.damage import LEVELS, Grey, Level, damaged
from tests.reports.scanning.samples import code_page, frames

T = TypeVar("T")


class Outcome(NamedTuple):
    """One damaged page. `one_pass`: symbols that the decoder alone read. Seconds of both."""

    one_pass: int
    read: int
    whole: bool
    wrong: int
    seconds: float
    one_pass_seconds: float


def timed(work: Callable[[], T]) -> tuple[float, T]:
    start = process_time()
    done = work()
    return process_time() - start, done


def upright(picture: Grey) -> Grey:
    """A fax as the decoder alone would have to be given it."""
    stretched = pictures.stretched(picture)
    return picture if stretched is None else stretched


def outcome(page: Grey, level: Level, seed: int) -> Outcome:
    """Damage one page, and read it three times."""
    picture = damaged(page, level, seed)
    right = frames(seed)
    alone, seen = timed(lambda: symbols(upright(picture), Budget(BUDGET)))
    seconds, found = timed(lambda: read_page(picture, {}, stopped=lambda: False))
    thorough = read_page(picture, {}, every=True, stopped=lambda: False)
    every: list[Frame] = [*found.frames, *thorough.frames]
    return Outcome(
        sum(bool(one.data) for one in seen),
        len(thorough.frames),
        len(found.frames) >= found.frames[0].k if found.frames else False,
        sum(frame.packed() not in right for frame in every),
        seconds,
        alone,
    )


def main() -> None:
    """Print a line for each level."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--levels", type=int, nargs="*", default=list(range(1, len(LEVELS) + 1)))
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    print(f"{'level':20} one pass %  read %  whole  worst of 28  s a page  s worst  in passes  wrong")
    whole = every = 0
    pages = {seed: code_page(seed) for seed in range(asked.pages)}
    for number in asked.levels:
        level = LEVELS[number - 1]
        all_of = [outcome(page, level, seed) for seed, page in pages.items()]
        seconds, alone = [one.seconds for one in all_of], sum(one.one_pass_seconds for one in all_of)
        symbols_of = 28 * len(all_of) / 100
        cells = (
            f"{number:2} {level.name:17}",
            f"{sum(one.one_pass for one in all_of) / symbols_of:10.1f}",
            f"{sum(one.read for one in all_of) / symbols_of:7.1f}",
            f"{sum(one.whole for one in all_of):3}/{len(all_of)}",
            f"{min(one.read for one in all_of):12}",
            f"{sum(seconds) / len(seconds):9.2f} {max(seconds):8.2f} {sum(seconds) / alone:10.1f}",
            f"{sum(one.wrong for one in all_of):6}",
        )
        print(*cells, flush=True)
        whole += sum(one.whole for one in all_of)
        every += len(all_of)
    print(f"{whole} of {every} pages whole")


if __name__ == "__main__":
    main()
