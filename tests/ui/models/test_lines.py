from dataclasses import dataclass

from PySide6.QtCore import Qt

from ui import marks
from ui.models.lines import Column, LinesModel, Role
from ui.models.rows import Group, Roles, Row, RowsModel
from ui.widgets.table import Sorted, Table


@dataclass(frozen=True)
class Line:
    code: str
    percent: int | None


COLUMNS = (
    Column[Line]("Code", text=lambda d: d.code, width=100),
    Column[Line](
        "Percent",
        text=lambda d: f"{d.percent}%",
        sort=lambda d: d.percent,
        mark=lambda d: marks.status("done") if d.percent == 100 else None,
    ),
)
LINES = (Line("b", 9), Line("a", 100), Line("đ", None), Line("c", 40))


def test_the_model_keeps_qts_rules(qtmodeltester):
    model = LinesModel(COLUMNS)
    model.show(LINES)
    qtmodeltester.check(model)
    model.show(())
    qtmodeltester.check(model)


def test_showing_lines_resets_once(qtbot):
    model = LinesModel(COLUMNS)
    with qtbot.waitSignals([model.modelReset], timeout=100):
        model.show(LINES)
    assert [model.index(row, 0).data() for row in range(4)] == ["b", "a", "đ", "c"]
    assert model.index(1, 1).data(Role.MARK) == marks.status("done")
    assert model.index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "100% Hoàn thành"


def test_sorting_goes_by_the_sort_key_and_leaves_the_unknown_last(qtbot):
    model = LinesModel(COLUMNS)
    model.show(LINES)
    proxy = Sorted(model)
    for order, expected in (
        (Qt.SortOrder.AscendingOrder, [9, 40, 100, None]),
        (Qt.SortOrder.DescendingOrder, [100, 40, 9, None]),
    ):
        proxy.sort(1, order)
        assert [proxy.index(row, 1).data(Role.LINE).percent for row in range(4)] == expected


def test_a_filter_leaves_lines_out(qtbot):
    model = LinesModel(COLUMNS)
    table = Table(model)
    qtbot.addWidget(table)
    model.show(LINES)
    table.sorted.keep(lambda line: line.percent is not None)
    assert table.sorted.rowCount() == 3
    assert table.select_where(lambda line: line.code == "c")
    assert table.line() == Line("c", 40)
    assert not table.select_where(lambda line: line.code == "đ")
    table.sorted.keep(None)
    assert table.sorted.rowCount() == 4


def row(key: str, title: str = "Lập danh mục dữ liệu") -> Row:
    return Row(key=key, title=title, code=key, status=marks.status("in_progress"))


def test_groups_fold_and_empty_ones_are_not_shown(qtmodeltester, qtbot):
    model = RowsModel()
    mark = marks.timeliness("overdue")
    model.show(
        (
            Group("late", "Quá hạn", mark, (row("1"), row("2"))),
            Group("none", "Không", mark, ()),
            Group("rest", "Khác", mark, (row("3"),)),
        )
    )
    qtmodeltester.check(model)
    assert model.rowCount() == 5
    assert model.index(0).data() == "Quá hạn (2)"
    model.fold("late", True)
    assert model.rowCount() == 3
    assert model.index(0).data(Roles.FOLDED)
    assert model.place("2") == -1
    assert model.keys() == ["1", "2", "3"]
    assert model.group_of("2") == "late"


def test_letters_search_without_marks_and_case(qtbot):
    model = RowsModel()
    model.show((Group("g", "Nhóm", marks.status("done"), (row("1"), row("2", "Kiểm thử ĐIỂM CẦU"))),))
    assert model.find("diem cau", 0) == 2
    assert model.find("LAP", 2) == 1
    assert model.find("không có", 0) == -1
