"""Each reader takes its own samples, and of anything else only says that it does not."""

from contextlib import suppress

import pytest
from hypothesis import given, strategies

from app.domain.errors import LedgerError
from tests.fuzz.damage import damaged
from tests.fuzz.targets import TARGETS, samples

SAMPLES = samples()


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_takes_what_is_whole(name: str) -> None:
    for sample in SAMPLES[name]:
        TARGETS[name](sample)


@pytest.mark.parametrize("name", TARGETS)
@given(data=strategies.data())
def test_a_reader_raises_nothing_but_what_it_declares(name: str, data) -> None:
    found = data.draw(strategies.one_of(damaged(SAMPLES[name]), strategies.binary(max_size=200)))
    with suppress(LedgerError):
        TARGETS[name](found)
