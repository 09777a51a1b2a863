"""Errors that a person can act on: a code here, the words for it in `app.words`."""

from typing import ClassVar


class LedgerError(Exception):
    """Something a person can act on. `code` never changes; its words are in `app/words.py`.

    The keyword arguments are the facts that the sentence names.
    """

    code: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts
