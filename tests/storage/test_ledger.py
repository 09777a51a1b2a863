"""The one door: what an edit writes, what it leaves alone, and that it is all or nothing."""

from dataclasses import replace

import pytest

from app.domain.change import Held
from app.domain.fields import BadValue
from app.domain.merge import NOTHING, Seen
from app.domain.text import TextTooLong
from app.record import log
from app.record.apply import apply
from app.record.engine import open_ledger, writing
from app.record.reading import seen
from app.record.verify import disagreements
from app.storage import meta
from app.storage.ledger import Ledger, NotEnrolled, NotYours
from app.storage.meta import Identity
from tests.record.making import ASSIGNMENT, RECORD, WEEK, progress

KEY = bytes(range(32))
SPOT = {"assignment": ASSIGNMENT, "week": WEEK}
IDENTITY = Identity(
    "16813", "Xã Mường Xén", 11, "Văn phòng 1", 22, "http://127.0.0.1", b"k" * 32, b"c", "5" * 32
)  # fmt: skip


@pytest.fixture
def fresh(tmp_path):
    engine = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    Ledger.prepare(engine)
    yield Ledger(engine, lambda: 1_000)
    engine.dispose()


@pytest.fixture
def ledger(fresh):
    fresh.enrol(IDENTITY, "Lương Thị Hà")
    return fresh


def shown(ledger: Ledger, field: str = "result") -> Seen:
    with ledger.read() as connection:
        return seen(connection, "progress", [RECORD]).get((RECORD, field), NOTHING)


def put(ledger: Ledger, value, over: Seen = NOTHING, field: str = "result", **key: str):
    with ledger.edit() as edit:
        return edit.set("progress", SPOT | key, field, value, over)


def held(ledger: Ledger) -> list:
    with ledger.read() as connection:
        assert disagreements(connection) == []
        return [item.change for item in log.read(connection) if item.change.entity == "progress"]


def brought(ledger: Ledger, *changes) -> None:
    with writing(ledger.engine) as connection:
        apply(connection, [Held(made, 900) for made in changes])


def test_before_enrolment_nothing_is_written(fresh) -> None:
    assert not fresh.enrolled
    with pytest.raises(NotEnrolled):
        put(fresh, "một")
    with pytest.raises(NotEnrolled):
        assert fresh.identity


def test_enrolment_is_kept_and_its_officer_is_the_first_person(ledger) -> None:
    again = Ledger(ledger.engine, lambda: 0)
    assert again.enrolled
    assert again.identity == IDENTITY
    with ledger.read() as connection:
        person = next(log.read(connection)).change
    assert (person.id, person.fields) == (IDENTITY.person, {"name": "Lương Thị Hà", "role": "officer"})


def machines(ledger: Ledger) -> list:
    with ledger.read() as connection:
        return [item.change.fields for item in log.read(connection) if item.change.entity == "machine"]


def test_a_machine_says_its_name_once_in_each_stream(ledger) -> None:
    named = {"stream": "22", "name": "Văn phòng 1"}
    assert machines(ledger) == [named]
    put(ledger, "một")
    put(ledger, "hai", shown(ledger))
    assert machines(ledger) == [named]
    with writing(ledger.engine) as connection:
        meta.write_identity(connection, meta.with_stream(IDENTITY, 33))
    assert machines(ledger) == [named]  # with the first words in it, so that nothing goes for its sake alone
    with ledger.edit() as edit:
        edit.set("progress", SPOT, "difficulty", "mưa")
        edit.set("progress", SPOT, "proposal", "thêm người")
    assert machines(ledger) == [named, {"stream": "33", "name": "Văn phòng 1"}]


def test_a_machine_that_the_province_has_not_named_says_no_name_until_then(fresh) -> None:
    waiting = replace(IDENTITY, device_name="Máy mới", certificate=b"", enrolment=b"e")
    fresh.enrol(waiting, "Lương Thị Hà")
    put(fresh, "một")
    assert machines(fresh) == []
    fresh.present_again(IDENTITY)
    assert machines(fresh) == [{"stream": "22", "name": "Văn phòng 1"}]


def test_an_edit_writes_one_change_that_names_its_record(ledger) -> None:
    made = put(ledger, "một")
    assert (made.stream, made.n, made.by, made.at, made.id) == (22, 3, IDENTITY.person, 1_000, RECORD)
    assert made.fields == {**SPOT, "result": "một"}
    assert made.over == ()
    assert held(ledger) == [made]
    assert shown(ledger).value == "một"


def test_by_is_who_is_named(ledger) -> None:
    with ledger.edit("7" * 32) as edit:
        assert edit.set("progress", SPOT, "result", "một").by == "7" * 32


def test_an_error_undoes_the_whole_edit(ledger) -> None:
    with pytest.raises(RuntimeError), ledger.edit() as edit:
        edit.set("progress", SPOT, "result", "một")
        raise RuntimeError
    assert held(ledger) == []


@pytest.mark.parametrize(
    ("entity", "key", "field", "value", "error"),
    [
        ("task", {"programme": "P", "code": "T"}, "title", "x", NotYours),
        ("progress", SPOT, "state", ("done", 60, None, None), BadValue),
        ("progress", SPOT, "result", "x" * 20_001, TextTooLong),
        ("progress", {"assignment": ASSIGNMENT}, "result", "x", BadValue),
    ],
)
def test_what_may_not_be_written_is_refused_and_leaves_nothing(
    ledger, entity, key, field, value, error
) -> None:
    with pytest.raises(error), ledger.edit() as edit:
        edit.set(entity, key, field, value)
    assert held(ledger) == []


def test_what_the_editor_showed_is_not_written_again(ledger) -> None:
    put(ledger, "một")
    assert put(ledger, "một", shown(ledger)) is None
    assert len(held(ledger)) == 1


def test_what_the_record_holds_by_now_is_not_written_again(ledger) -> None:
    """The editor was opened before a sync brought the same words."""
    opened = shown(ledger)
    brought(ledger, progress(1, stream=9, result="một"))
    assert put(ledger, "một", opened) is None


def test_what_the_editor_showed_is_left_alone_even_if_a_sync_brought_other_words(ledger) -> None:
    first = put(ledger, "một")
    opened = shown(ledger)
    brought(ledger, progress(1, stream=9, result="hai", over=[first]))
    assert put(ledger, "một", opened) is None
    assert shown(ledger).value == "hai"


def test_an_editor_writes_over_what_it_showed_and_not_over_what_came_since(ledger) -> None:
    first = put(ledger, "một")
    opened = shown(ledger)
    theirs = progress(1, stream=9, result="hai", over=[first])
    brought(ledger, theirs)
    mine = put(ledger, "ba", opened)
    assert mine.over == (first.ref,)
    assert shown(ledger).conflict
    assert {item.change.name for item in shown(ledger).heads} == {theirs.name, mine.name}


def test_a_conflict_on_the_screen_is_settled_by_writing_even_the_same_value(ledger) -> None:
    brought(ledger, progress(1, stream=8, result="một"), progress(1, stream=9, result="hai"))
    opened = shown(ledger)
    assert opened.conflict
    made = put(ledger, opened.value, opened)
    assert set(made.over) == {item.change.ref for item in opened.heads}
    assert not shown(ledger).conflict


def test_a_conflict_that_was_not_on_the_screen_is_not_settled_by_the_same_words(ledger) -> None:
    brought(ledger, progress(1, stream=8, result="một"), progress(1, stream=9, result="hai"))
    assert put(ledger, "hai") is not None
    assert shown(ledger).conflict


def test_confirming_last_weeks_words_in_a_new_week_is_written(ledger) -> None:
    put(ledger, "một")
    made = put(ledger, "một", week="2025-W28")
    assert made is not None
    assert made.id != RECORD
    assert len(held(ledger)) == 2


def test_an_empty_field_that_was_never_written_is_not_written(ledger) -> None:
    assert put(ledger, "") is None
    assert put(ledger, None) is None
    put(ledger, "một")
    assert put(ledger, "", shown(ledger)) is not None
    assert shown(ledger).value == ""


def test_fields_read_together_are_one_change_and_only_those_that_differ(ledger) -> None:
    put(ledger, "một")
    with ledger.edit() as edit:
        made = edit.write(
            "progress", SPOT, {"result": "một", "difficulty": "mưa", "proposal": "thêm người"},
            {"result": shown(ledger)},
        )  # fmt: skip
    assert made.fields == {**SPOT, "difficulty": "mưa", "proposal": "thêm người"}


def test_numbers_go_on_after_a_gap(ledger) -> None:
    brought(ledger, progress(40, stream=22, result="một"))
    assert put(ledger, "hai", shown(ledger)).n == 41


def test_a_new_stream_drawn_by_another_program_is_used_at_once(ledger) -> None:
    assert ledger.identity.stream == 22
    with writing(ledger.engine) as connection:
        meta.write_identity(connection, meta.with_stream(IDENTITY, 33))
    assert put(ledger, "một").stream == 33


def test_a_record_of_random_id_is_made_once(ledger) -> None:
    with ledger.edit() as edit:
        one, two = (edit.create("report", {"period": "2025-W27", "line": "ubnd_tinh"}) for _ in range(2))
    assert one != two
    with ledger.edit() as edit:
        assert edit.write("report", {}, {"number": "12"}, record=one).id == one
