"""What the province knows of files that a unit has told of; and whose evidence it takes."""

import hashlib

from app.domain.change import Held
from app.domain.ids import assignment_id, progress_id, record_id, task_id
from app.record.apply import apply
from app.record.digest import seal
from sync.server import door, feed, missing, overview
from sync.server.uploads import take_file
from tests.world import UNIT, Clock, Province, task, units

OTHER = "16816"
FILE, SECOND = "a" * 64, "b" * 64
CONTENT = b"a photo"


class Told(Province):
    """A province with two communes, whose devices say things."""

    def __init__(self, folder):
        super().__init__(folder / "province.db", Clock())
        self.folder = folder / "files"
        self.issue(*units(UNIT, OTHER), *task("T1", UNIT, OTHER), *task("T2", UNIT))
        self._n = 0

    def change(self, entity, fields, stream=5):
        self._n += 1
        key = {"progress": ("assignment", "week"), "evidence": ("progress", "file")}[entity]
        id = record_id(entity, *[fields[name] for name in key])
        return seal(stream=stream, n=self._n, by="9" * 32, at=1, entity=entity, id=id, fields=fields, over=())

    def week(self, code="T1", unit=UNIT, week="2025-W27"):
        return self.change("progress", {"assignment": assignment_id(task_id("P", code), unit), "week": week})

    def evidence(self, file, code="T1", unit=UNIT, week="2025-W27", **fields):
        named = progress_id(assignment_id(task_id("P", code), unit), week)
        return self.change(
            "evidence", {"progress": named, "file": file, "name": "ảnh.jpg", "size": 7} | fields
        )

    def take(self, *changes):
        with self.store.write() as connection:
            apply(connection, [Held(made, 1) for made in changes])

    def refused(self, unit, *changes):
        with self.store.read() as connection:
            return door.refusals(connection, unit, changes)

    def counts(self):
        with self.store.read() as connection:
            return {unit: tuple(files) for unit, files in missing.counts(connection).items()}

    def listed(self, unit=UNIT):
        with self.store.read() as connection:
            return missing.of_unit(connection, unit)


def test_a_file_is_missing_until_it_is_there_whole(tmp_path):
    province = Told(tmp_path)
    province.take(province.week(), province.evidence(sha(CONTENT)), province.evidence(SECOND, size=9))
    assert province.counts() == {UNIT: (2, 2)}
    take_file(province.store, province.folder, UNIT, sha(CONTENT), CONTENT)
    assert province.counts() == {UNIT: (2, 1)}
    assert province.listed() == [
        {"code": "T1", "period": "2025-W27", "name": "ảnh.jpg", "size": 9, "file": SECOND, "received": 0}
    ]
    with province.store.read() as connection:
        found = overview.summary(connection, overview.asked(province.clock(), unit=UNIT))
    assert found["units"][0]["evidence"] == {"files": 2, "missing": 1}
    assert [line["file"] for line in found["missing"]] == [SECOND]
    province.close()


def test_one_file_at_two_tasks_is_one_and_what_was_taken_away_is_not_awaited(tmp_path):
    province = Told(tmp_path)
    province.take(
        province.week(), province.week("T2"), province.evidence(FILE), province.evidence(FILE, "T2")
    )
    assert province.counts() == {UNIT: (1, 1)}
    assert [line["code"] for line in province.listed()] == ["T1", "T2"]
    province.take(province.evidence(SECOND, removed=True))
    assert province.counts() == {UNIT: (1, 1)}
    province.close()


def test_the_signed_report_is_awaited_as_evidence_is(tmp_path):
    province = Told(tmp_path)
    sheet = {"period": "2025-W27", "sheet": sha(CONTENT), "sheet_name": "bản ký.pdf", "sheet_size": 7}
    closed = seal(
        stream=5,
        n=50,
        by="9" * 32,
        at=1,
        entity="report",
        id="d" * 32,
        fields={"period": "2025-W27"},
        over=(),
    )
    signed = seal(
        stream=5, n=51, by="9" * 32, at=1, entity="report", id="d" * 32, fields=sheet, over=[closed.ref]
    )
    province.take(closed)
    with province.store.write() as connection:
        feed.append(connection, UNIT, [Held(closed, 1)])
    assert province.counts() == {}
    province.take(signed, province.week(), province.evidence(FILE))
    with province.store.write() as connection:
        feed.append(connection, UNIT, [Held(signed, 1)])
    assert province.counts() == {UNIT: (2, 2)}
    assert province.listed()[0] == {
        "code": "", "period": "2025-W27", "name": "bản ký.pdf", "size": 7, "file": sha(CONTENT), "received": 0
    }  # fmt: skip
    assert province.listed(OTHER) == []
    take_file(province.store, province.folder, UNIT, sha(CONTENT), CONTENT)
    assert province.counts() == {UNIT: (2, 1)}
    province.close()


def test_another_units_file_of_the_same_content_is_no_substitute(tmp_path):
    province = Told(tmp_path)
    province.take(province.week(), province.evidence(sha(CONTENT)))
    province.take(province.week(unit=OTHER), province.evidence(sha(CONTENT), unit=OTHER))
    take_file(province.store, province.folder, OTHER, sha(CONTENT), CONTENT)
    assert province.counts() == {UNIT: (1, 1), OTHER: (1, 0)}
    province.close()


def test_evidence_of_another_units_work_is_refused(tmp_path):
    province = Told(tmp_path)
    province.take(province.week())
    assert province.refused(OTHER, province.evidence(FILE)) == {0: "not-yours"}
    assert province.refused(UNIT, province.evidence(FILE)) == {}
    # also when the week comes along in the same request, which is then another's too
    changes = (province.week("T2"), province.evidence(FILE, "T2"))
    assert province.refused(OTHER, *changes) == {0: "not-yours", 1: "not-yours"}
    assert province.refused(UNIT, *changes) == {}
    province.close()


def test_a_week_that_lies_about_its_name_proves_nothing(tmp_path):
    province = Told(tmp_path)
    province.take(province.week())
    mine = assignment_id(task_id("P", "T1"), OTHER)
    theirs = progress_id(assignment_id(task_id("P", "T1"), UNIT), "2025-W27")
    for fields in ({"assignment": mine, "week": "2025-W27"}, {"week": "2025-W27"}):
        lie = seal(
            stream=5, n=99, by="9" * 32, at=1, entity="progress", id=theirs, fields=fields, over=()
        )  # fmt: skip
        assert province.refused(OTHER, lie, province.evidence(FILE)) == {0: "malformed", 1: "not-yours"}
    province.close()


def test_evidence_of_a_week_that_is_not_known_is_taken(tmp_path):
    province = Told(tmp_path)
    assert province.refused(UNIT, province.evidence(FILE)) == {}
    assert province.counts() == {}
    province.close()


def sha(content):
    return hashlib.sha256(content).hexdigest()
