import os
import threading

import pytest

from app.domain.errors import LedgerError
from app.services.opening import AlreadyEnrolled, NameMissing, enrol, open_home
from app.storage.home import Home, NotEnrolled
from sync.protocol.enrolment import CodeMistyped, new_code
from tests.services.office import identity_of


class Cut(LedgerError):
    code = "no-connection"


def refuse(code, device, key):
    raise Cut(why="cut")


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "nhà #1 %41")


@pytest.fixture
def code():
    return new_code(os.urandom)


def test_a_home_without_a_ledger_is_not_enrolled(home, clock):
    with pytest.raises(NotEnrolled):
        open_home(home, clock)


def test_a_broken_off_enrolment_leaves_no_ledger_and_goes_on_with_the_same_keys(home, clock, code):
    asked = []

    def answer(newcomer):
        asked.append((newcomer.device, newcomer.public_key, newcomer.box_key))
        if len(asked) == 1:
            raise Cut(why="the answer was lost")
        return identity_of(newcomer.device)

    with pytest.raises(Cut):
        enrol(home, clock, code, "Hà", answer, keyring=False)
    assert not home.is_enrolled
    enrol(home, clock, code, "Hà", answer, keyring=False).close()
    assert asked[0] == asked[1]
    assert home.is_enrolled


def test_another_code_begins_anew(home, clock, code):
    asked = []

    def answer(newcomer):
        asked.append((newcomer.device, newcomer.public_key, newcomer.box_key))
        raise Cut(why="lost")

    for given in (code, new_code(os.urandom)):
        with pytest.raises(Cut):
            enrol(home, clock, given, "Hà", answer, keyring=False)
    assert asked[0] != asked[1]


def test_a_second_enrolment_changes_nothing(office, clock, code):
    with pytest.raises(AlreadyEnrolled) as refused:
        enrol(office.home, clock, code, "Hà", refuse, keyring=False)
    assert refused.value.facts["unit"] == "Xã Mường Xén"
    with office.opened() as opened:
        assert opened.ledger.enrolled


def test_a_mistyped_code_or_no_name_makes_nothing(home, clock, code):
    with pytest.raises(NameMissing):
        enrol(home, clock, code, "  ", refuse, keyring=False)
    with pytest.raises(CodeMistyped):
        enrol(home, clock, code[:-1] + ("A" if code[-1] != "A" else "B"), "Hà", refuse, keyring=False)
    assert not home.path.exists()


def test_a_copy_is_made_into_the_second_folder(office):
    with office.opened() as opened:
        copy = opened.copy()
    assert copy.parent == office.home.backups and copy.stat().st_size > 0


def test_two_enrolments_at_once_use_one_code_for_one_set_of_keys(home, clock, code):
    asked, ended = [], []

    def answer(newcomer):
        asked.append(newcomer.device)
        if len(asked) == 1:
            second.start()
            second.join(0.3)  # it waits: nothing of it has reached the province
        return identity_of(newcomer.device)

    def again():
        try:
            enrol(home, clock, code, "Bình", answer, keyring=False)
        except AlreadyEnrolled as error:
            ended.append(error)

    second = threading.Thread(target=again)
    enrol(home, clock, code, "Hà", answer, keyring=False).close()
    second.join()
    assert len(asked) == len(ended) == 1
    assert not (home.path / "enrolment.lock").exists()
