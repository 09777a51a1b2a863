"""Deciding between two versions: one of them, or a third, and never over what nobody was shown."""

import pytest

from app.domain.change import Held
from app.domain.errors import LedgerError
from app.domain.ids import random_stream
from app.record.apply import apply
from app.record.engine import writing as transaction
from app.record.writing import make
from app.services import conflicts, progress
from app.services.conflicts import ConflictChanged, ConflictUnknown, NoSuchVersion, NotWritable
from app.services.lines import line
from app.services.weeks import present
from app.storage.ledger import NotYours
from tests.services.office import UNIT

WEEK = "2025-W27"


@pytest.fixture
def two(office):
    """Two machines wrote state and result of A-1 in one week."""
    office.task("A-1")
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, opened.ledger.now())
        here = progress.found(line(edit.connection, "A-1", now.week, now), "A-1")
        progress.record(edit, here, now, percent=40, result="Mở hai lớp")
    office.other_machine("A-1", WEEK, "state", ("in_progress", 60, None, None))
    office.other_machine("A-1", WEEK, "result", "Mở ba lớp")
    return office


def found(office, field):
    with office.opened() as opened, opened.ledger.read() as connection:
        return next(
            item for item in conflicts.conflicts(connection, opened.ledger.identity) if item.field == field
        )


def decide(office, conflict, **how):
    with office.opened() as opened, opened.ledger.edit() as edit:
        return conflicts.decide(edit, conflict, **how)


@pytest.mark.parametrize("number", [1, 2])
def test_the_version_with_this_number_is_taken(two, number):
    conflict = found(two, "state")
    wanted = conflict.versions[number - 1].value
    assert decide(two, conflict, take=number).fields["state"] == wanted
    with two.opened() as opened, opened.ledger.read() as connection:
        left = conflicts.conflicts(connection, opened.ledger.identity)
        assert [item.field for item in left] == ["result"]
    assert two.line("A-1").state.percent == wanted[1]


def test_a_third_version_is_written_over_both(two):
    conflict = found(two, "result")
    made = decide(two, conflict, text="  Mở ba lớp, một lớp hoãn\u000b")
    assert made.fields["result"].startswith("  Mở ba lớp, một lớp hoãn")
    assert {version.name.ref for version in conflict.versions} <= set(made.over)
    with two.opened() as opened, opened.ledger.read() as connection:
        assert conflicts.count(connection) == 1
        kept = conflicts.versions(connection, opened.ledger.identity, conflict.record, "result")
    assert {"Mở hai lớp", "Mở ba lớp"} <= {version.value for version in kept}


def test_no_free_text_for_a_state_and_no_number_without_a_version(two):
    with pytest.raises(NotWritable):
        decide(two, found(two, "state"), text="xong")
    for number in (0, 3, -1):
        with pytest.raises(NoSuchVersion) as refused:
            decide(two, found(two, "result"), take=number)
        assert refused.value.facts["count"] == 2
    assert len(found(two, "state").versions) == 2


def test_a_conflict_that_changed_meanwhile_is_not_decided(two):
    shown = found(two, "result")
    two.other_machine("A-1", WEEK, "result", "Mở năm lớp", seconds=120)
    with pytest.raises(ConflictChanged):
        decide(two, shown, take=1)
    assert len(found(two, "result").versions) == 3
    now = found(two, "result")
    decide(two, now, take=2)
    with pytest.raises(ConflictChanged):  # settled: pressing the old button once more does nothing
        decide(two, now, take=1)


def test_decisions_that_cross_are_two_versions_again(two):
    shown = found(two, "state")
    with two.opened() as opened, transaction(opened.ledger.engine) as connection:
        made = make(
            stream=random_stream(), n=1, by="0" * 32, at=two.clock(), entity="progress",
            key={"assignment": two.line("A-1").assignment, "week": WEEK},
            values={"state": ("done", 100, "2025-06-30", None)}, seen={"state": shown.seen},
        )  # fmt: skip
    decide(two, shown, take=1)
    with two.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(made, two.clock())])
    assert len(found(two, "state").versions) == 2


def test_the_name_of_a_conflict_stays_the_same(two):
    before = found(two, "result")
    two.other_machine("A-1", WEEK, "result", "Mở năm lớp", seconds=120)
    with two.opened() as opened, opened.ledger.read() as connection:
        again = conflicts.find(connection, opened.ledger.identity, f" {before.id} ")
        assert again.record == before.record and len(again.versions) == 3
        with pytest.raises(ConflictUnknown):
            conflicts.find(connection, opened.ledger.identity, "x.result")


def test_lines_of_the_title_block_and_the_name_of_a_person(office):
    with office.opened() as opened:
        identity = opened.ledger.identity
        with transaction(opened.ledger.engine) as connection:
            for number, text in enumerate((("UBND xã A",), ("UBND xã B", "Văn phòng"))):
                made = make(
                    stream=random_stream(), n=1, by="0" * 32, at=office.clock() + number,
                    entity="unit_settings", key={"unit": UNIT}, values={"issuer": text}, seen={},
                )  # fmt: skip
                apply(connection, [Held(made)])
            made = make(
                stream=random_stream(), n=1, by="0" * 32, at=office.clock() + 9, entity="person", key={},
                values={"name": "Lương Hà"}, seen={}, record=identity.person,
            )  # fmt: skip
            apply(connection, [Held(made)])
    made = decide(office, found(office, "issuer"), text="UBND xã A\n\n Văn phòng HĐND và UBND ")
    assert made.fields["issuer"] == ("UBND xã A", "Văn phòng HĐND và UBND")
    name = found(office, "name")
    assert decide(office, name, take=2).id == identity.person
    with office.opened() as opened, opened.ledger.read() as connection:
        assert conflicts.count(connection) == 0


def test_what_the_province_wrote_twice_is_not_decided_here(office):
    office.task("A-1")
    with office.opened() as opened, transaction(opened.ledger.engine) as connection:
        made = make(
            stream=random_stream(), n=1, by="0" * 32, at=office.clock(), entity="task",
            key={"programme": "P", "code": "A-1"}, values={"title": "Tên khác"}, seen={},
        )  # fmt: skip
        apply(connection, [Held(made, office.clock())])
    conflict = found(office, "title")
    with pytest.raises(NotYours):
        decide(office, conflict, take=1)
    assert issubclass(NotYours, LedgerError)
