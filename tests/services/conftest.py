import pytest

from tests.services.office import Clock, Office


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(tmp_path, clock):
    return Office(tmp_path / "home", clock)
