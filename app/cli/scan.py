"""`scan`: the province's receipts on paper are read and taken in."""

from collections.abc import Sequence
from pathlib import Path

from app.cli.session import Session


def scan(session: Session, files: Sequence[str]) -> int:
    """Read scans; 0 when all that is in them is complete or was held before, 1 when something is missing.

    A receipt that cannot be taken is told, and holds up no other.
    """
    from app.reports.paper import pile_words
    from sync.client import paper

    with session.opened() as opened:
        session.now(opened)
        done = paper.take(opened, [Path(file) for file in files])
    session.give([result.facts() for result in done.results])
    for result in done.results:
        for words in pile_words.of_set(result, back=True):
            (session.say if result.complete else session.warn)(words)
    for words in pile_words.of_rest(done):
        session.warn(words)
    return 0 if done.good else 1
