import time
from datetime import date

import pytest
from sqlalchemy import event

from app.domain.change import Held
from app.domain.ids import PROVINCE, assignment_id, progress_id, task_id
from app.record.apply import apply
from app.record.digest import seal
from app.record.engine import open_plain
from app.record.tables import rows
from sync.server import overview
from sync.server.store import Store
from tests.world import Clock

UNIT = "16681"
OFFICIAL = {"total": 81, "done": 3, "in_progress": 75, "not_started": 3, "paused": 0, "recurring": 3}


class Figures:
    def __init__(self, path):
        self.engine = open_plain(path, create=False)
        self.store = Store(self.engine, Clock())
        self._n = 0

    def on(self, day, **asked):
        with self.store.read() as connection:
            wanted = overview.asked(self.store.now(), at=date.fromisoformat(day), **asked)
            return overview.summary(connection, wanted)

    def say(self, code, week, *state, unit=UNIT):
        self._n += 1
        assignment = assignment_id(task_id("BCD25", code), unit)
        fields = {"assignment": assignment, "week": week, "state": (*state, None, None, None)[:4]}
        id = progress_id(assignment, week)
        made = seal(stream=7, n=self._n, by=PROVINCE, at=1, entity="progress", id=id, fields=fields, over=())
        with self.store.write() as connection:
            apply(connection, [Held(made, 1)])

    def task(self, day, code, unit=UNIT):
        [row] = [row for row in self.on(day, unit=unit)["tasks"] if row["code"] == code]
        return row["status"], row["percent"]

    def every(self):
        with self.store.read() as connection:
            return sorted(connection.scalars(rows["unit"].select().with_only_columns(rows["unit"].c.code)))


@pytest.fixture
def figures(issued):
    made = Figures(issued.database)
    yield made
    made.engine.dispose()


def test_the_figures_that_the_province_gave_on_24_june(figures):
    found = figures.on("2025-06-24")
    assert list(found) == ["at", "counts", "due", "later", "units"]
    assert found["at"] == "2025-06-24"
    assert found["counts"] == OFFICIAL
    assert found["due"] == {
        "total": 8,
        "done": 3,
        "in_progress": 5,
        "not_started": 0,
        "paused": 0,
        "recurring": 0,
    }
    assert found["later"] == {
        "total": 73, "done": 0, "in_progress": 70, "not_started": 3, "paused": 0, "recurring": 3
    }  # fmt: skip
    assert len(found["units"]) == 130
    assert all(74 <= line["counts"]["total"] <= 78 and line["last_heard"] is None for line in found["units"])


def test_one_commune_moving_one_task_moves_the_figure_of_the_province(figures):
    figures.say("BCD25-048", "2025-W27", "in_progress", 20)
    assert figures.on("2025-06-24")["counts"] == OFFICIAL
    after = figures.on("2025-07-04")["counts"]
    assert (after["in_progress"], after["not_started"]) == (76, 2)


def test_a_task_is_done_only_when_all_communes_are(figures):
    units = figures.every()
    for unit in units[1:]:
        figures.say("BCD25-048", "2025-W27", "done", 100, "2025-07-01", unit=unit)
    assert figures.on("2025-07-04")["counts"]["done"] == 3
    figures.say("BCD25-048", "2025-W27", "done", 100, "2025-07-01", unit=units[0])
    assert figures.on("2025-07-04")["counts"]["done"] == 4
    assert figures.on("2025-07-01")["counts"]["done"] == 4
    assert figures.on("2025-06-30")["counts"]["done"] == 3, "done counts from the day of completion"


def test_a_task_is_paused_when_all_communes_have_paused_it(figures):
    units = figures.every()
    for unit in units:
        figures.say("BCD25-071", "2025-W27", "paused", None, None, "Công văn số 5", unit=unit)
    assert figures.on("2025-07-04")["counts"]["paused"] == 1


def test_a_week_rules_from_the_cut_off_of_the_one_before(figures):
    figures.say("BCD25-048", "2025-W27", "in_progress", 20)
    figures.say("BCD25-048", "2025-W28", "in_progress", 60)
    assert figures.task("2025-07-02", "BCD25-048") == ("in_progress", 20)
    # Thursday 3 July is the cut-off of W27: at the end of that day W28 is the default week
    assert figures.task("2025-07-03", "BCD25-048") == ("in_progress", 60)
    figures.say("BCD25-048", "2035-W01", "in_progress", 99)
    assert figures.task("2025-07-03", "BCD25-048") == ("in_progress", 60)


def test_a_recurring_task_is_always_under_way(figures):
    figures.say("BCD25-016", "2025-W27", "done", 100, "2025-07-01")
    assert figures.task("2025-07-04", "BCD25-016") == ("in_progress", None)
    assert figures.on("2025-07-04")["counts"]["recurring"] == 3


def test_a_state_of_a_newer_program_is_not_applied(figures):
    figures.say("BCD25-048", "2025-W27", "half_done", 20)
    assert figures.task("2025-07-04", "BCD25-048") == ("not_started", 0)


def test_due_to_moves_the_line_and_no_deadline_is_later(figures):
    found = figures.on("2025-06-24", due_to=date(2025, 12, 31))
    assert (found["due"]["total"], found["later"]["total"], found["later"]["recurring"]) == (78, 3, 3)


def test_the_figures_take_few_queries_and_little_time(figures):
    asked = []
    event.listen(figures.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    began = time.monotonic()
    figures.on("2025-06-24")
    assert time.monotonic() - began < 3
    assert len([text for text in asked if text.startswith("SELECT")]) <= 7


def test_the_command_line_says_the_same(issued):
    found = issued.json("summary", "--period", "2025-W25", "--unit", UNIT)
    assert found["at"] == "2025-06-22"
    assert [line["unit"] for line in found["units"]] == [UNIT]
    assert found["tasks"][0] == {"code": "BCD25-001", "status": "done", "percent": 100}
    assert len(found["tasks"]) == found["units"][0]["counts"]["total"]
    assert issued.json("summary")["at"] == "2025-06-30"
    assert "81: 3 done, 75 under way (3 recurring), 3 not started" in issued.done(
        "summary", "--at", "24/06/2025"
    )
    assert "99999" in issued.refused("summary", "--unit", "99999")
    assert "2025-W99" in issued.refused("summary", "--period", "2025-W99")
    assert "hôm qua" in issued.refused("summary", "--at", "hôm qua")
