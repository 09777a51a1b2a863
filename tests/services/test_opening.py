import os
import threading
from dataclasses import replace

import pytest

from app.domain.errors import LedgerError
from app.record import log
from app.services.opening import AlreadyEnrolled, NameMissing, enrol, open_home
from app.storage.home import Home, NotEnrolled
from sync.protocol import messages
from sync.protocol.enrolment import CodeMistyped, enrol_request, new_code
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


def unconfirmed(newcomer, given):
    """Who a machine is after an enrolment by file that no province has confirmed."""
    request = enrol_request(
        given,
        device=newcomer.device,
        public_key=newcomer.public_key,
        box_key=newcomer.box_key,
        program="test",
    )
    waits = messages.pack_enrol_request(request)
    return replace(identity_of(newcomer.device), certificate=b"", enrolment=waits)


def test_a_machine_that_was_never_confirmed_may_come_with_another_paper(home, clock, code):
    opened = enrol(home, clock, code, "Hà", lambda newcomer: unconfirmed(newcomer, code), keyring=False)
    first = opened.ledger.identity
    with opened.ledger.edit() as edit:
        edit.set("progress", {"assignment": "1" * 32, "week": "2025-W27"}, "result", "Đã ghi trước")
    opened.close()
    another, asked = new_code(os.urandom), []

    def present(newcomer):
        asked.append(newcomer)
        return replace(identity_of(newcomer.device), certificate=b"paper", device_name="Văn phòng 2")

    again = enrol(home, clock, another, "Hà", present, keyring=False)
    try:
        found = again.ledger.identity
        assert (found.certificate, found.device_name, found.enrolment) == (b"paper", "Văn phòng 2", b"")
        assert (found.device, found.stream, found.person) == (first.device, first.stream, first.person)
        request = messages.unpack_enrol_request(first.enrolment)
        assert (asked[0].public_key, asked[0].box_key) == (request.public_key, request.box_key)
        with again.ledger.read() as connection:
            assert any(held.change.fields.get("result") == "Đã ghi trước" for held in log.read(connection))
    finally:
        again.close()
    with pytest.raises(AlreadyEnrolled):  # it is confirmed now
        enrol(home, clock, new_code(os.urandom), "Hà", present, keyring=False)
    assert len(asked) == 1


@pytest.mark.parametrize("wrong", ["same paper", "other unit", "other province"])
def test_another_paper_has_to_be_of_the_same_unit_and_province(home, clock, code, wrong):
    opened = enrol(home, clock, code, "Hà", lambda newcomer: unconfirmed(newcomer, code), keyring=False)
    before = opened.ledger.identity
    opened.close()

    def present(newcomer):
        found = replace(identity_of(newcomer.device), certificate=b"paper")
        if wrong == "other unit":
            return replace(found, unit="16738")
        return replace(found, province_key=bytes([1] * 32))

    with pytest.raises(AlreadyEnrolled):
        enrol(
            home, clock, code if wrong == "same paper" else new_code(os.urandom), "Hà", present, keyring=False
        )
    opened = open_home(home, clock)
    assert opened.ledger.identity == before
    opened.close()


def test_what_came_with_the_file_is_there_from_the_start_or_nothing_is(home, clock, code):
    def fail(ledger):
        raise Cut(why="not taken")

    with pytest.raises(Cut):
        enrol(home, clock, code, "Hà", lambda n: unconfirmed(n, code), keyring=False, fill=fail)
    assert not home.is_enrolled
    seen = []
    enrol(home, clock, code, "Hà", lambda n: unconfirmed(n, code), keyring=False, fill=seen.append).close()
    assert len(seen) == 1 and home.is_enrolled
