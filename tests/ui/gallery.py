"""Every component in every state, and a shell with made-up rows: for looking at, and for tests of the whole.

python -m tests.ui.gallery FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app import words
from ui import application, marks, pictures, tokens
from ui.jobs import Jobs
from ui.models.lines import Column, LinesModel
from ui.models.rows import Group, Row
from ui.pages.base import Page, Plan
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.band import BandState, ExchangeBand
from ui.widgets.boxes import LineBox, PercentBox, SearchBox, TextBox
from ui.widgets.buttons import Button, Kind, icon_button, link, primary
from ui.widgets.chip import Chip
from ui.widgets.choices import Choice, FilterChip
from ui.widgets.combo import Combo
from ui.widgets.field import Field
from ui.widgets.labels import Elide, hairline, label
from ui.widgets.layouts import Card, Flow, Scroll, margins, surface
from ui.widgets.notices import EmptyState, Notice
from ui.widgets.rows import RowList
from ui.widgets.strips import PracticeBand, TickStrip
from ui.widgets.table import Table
from ui.window import Window

TITLES = (
    "Kiểm thử điểm cầu hội nghị truyền hình trực tuyến cấp xã",
    "Cụ thể hóa các nhiệm vụ được giao thành danh mục hoàn thành từng tháng",
    "Kiện toàn Ban Chỉ đạo cấp xã sau ngày 01/7/2025, phân công nhiệm vụ",
    "Niêm yết, công khai thủ tục hành chính và cấu hình quy trình điện tử",
    "Cấp mới, thay đổi thông tin chứng thư chữ ký số chuyên dùng công vụ",
)


def rows(count: int, code: str, days: int, start: int = 0) -> tuple[Row, ...]:
    made = []
    for n in range(start, start + count):
        flags = (marks.difficulty(short=True),) if n % 3 == 0 else ()
        if n % 7 == 6:
            flags = (*flags, marks.two_versions())
        made.append(
            Row(
                key=f"k{n}",
                title=TITLES[n % len(TITLES)],
                code=f"BCD25-{n + 1:03}",
                status=marks.status("in_progress"),
                right=f"{40 + n}%",
                due=marks.due(code, days) if code else None,
                due_short=marks.due(code, days, short=True) if code else None,
                date="hạn 30/6",
                flags=flags,
            )
        )
    return tuple(made)


def groups() -> tuple[Group, ...]:
    return (
        Group("late", "Quá hạn", marks.timeliness("overdue"), rows(2, "overdue", -15)),
        Group("soon", "Đến hạn trong 7 ngày", marks.timeliness("due_soon"), rows(4, "due_soon", 3, 2)),
        Group("open", "Chưa ghi tuần này", marks.status("not_started"), rows(9, "", 0, 6)),
    )


class WeekPage(Page):
    key, icon, word, short = "week", "task_list_square_ltr", "This week", "This week"
    shows = frozenset({"progress"})

    def __init__(self) -> None:
        super().__init__()
        self.reloads = 0
        self.set_heading("Tuần này", "Tuần 29, 14/7 – 20/7")
        row = QHBoxLayout()
        row.setSpacing(0)
        self.side = surface(self)
        column = QVBoxLayout(self.side)
        margins(column, 0, 0, 0, 0, 0)
        head = QWidget(self.side)
        inside = QVBoxLayout(head)
        margins(inside, 20, 8, 14, 8, 4)
        line = QHBoxLayout()
        left = QVBoxLayout()
        left.addWidget(Elide("Báo cáo tuần 29 chưa lập", size=tokens.SMALL, strong=True))
        left.addWidget(Elide("Hạn 17:00 thứ Sáu 18/7, còn 3 ngày", size=tokens.SMALL, ink="text2"))
        line.addLayout(left, 1)
        self.make = Button("Lập báo cáo", hint="Ctrl+B")
        line.addWidget(self.make)
        inside.addLayout(line)
        self.ticks = TickStrip()
        self.ticks.show_ticks(
            [(n < 8, Tone.RED if n > 20 else Tone.AMBER if n > 16 else Tone.GREY) for n in range(23)]
        )
        strip = QHBoxLayout()
        strip.addWidget(self.ticks, 1)
        strip.addWidget(label("Đã ghi 8/23", "small"))
        inside.addLayout(strip)
        head.setFixedHeight(tokens.LIST_HEAD)
        column.addWidget(head)
        column.addWidget(hairline())
        self.list = RowList("Việc cần làm")
        self.list.show_groups(groups())
        column.addWidget(self.list, 1)
        row.addWidget(self.side)
        row.addWidget(hairline(vertical=True))
        row.addWidget(self.editor(), 1)
        self.body.addLayout(row)
        self.fit(Plan.WIDE)

    def editor(self) -> QWidget:
        whole = surface(self)
        column = QVBoxLayout(whole)
        margins(column, 0, 0, 0, 0, 0)
        head = QVBoxLayout()
        margins(head, 24, 12, 20, 10, 4)
        first = QHBoxLayout()
        first.addWidget(label("BCD25-007", "small"))
        first.addWidget(Chip(marks.due("overdue", -15)))
        first.addWidget(Chip(marks.difficulty()))
        first.addStretch(1)
        first.addWidget(icon_button("Các bản trước", "history"))
        head.addLayout(first)
        head.addWidget(Elide(TITLES[0], size=tokens.HEADING, strong=True, lines=2))
        head.addWidget(
            Elide("Hạn 30/6/2025 · Gửi UBND tỉnh · Chủ trì: Văn phòng", size=tokens.SMALL, ink="text2")
        )
        column.addLayout(head)
        column.addWidget(hairline())
        form_ = QWidget()
        form = QVBoxLayout(form_)
        margins(form, 24, 12, 20, 12, 12)
        state = QHBoxLayout()
        choices = [
            (s, marks.status(s).word, marks.status(s))
            for s in ("not_started", "in_progress", "done", "paused")
        ]
        self.status = Choice(choices, name="Tình trạng")
        self.status.set_value("in_progress")
        self.status_field = Field("Tình trạng", self.status, short=True)
        self.status_field.show_last("tuần 28: Đang thực hiện")
        state.addWidget(self.status_field, 1)
        self.percent = PercentBox()
        self.percent.set_value(80)
        field = Field("Tỷ lệ (%)", self.percent, short=True)
        field.show_last("tuần 28: 75%")
        field.setFixedWidth(150)
        state.addWidget(field)
        form.addLayout(state)
        self.result = TextBox()
        self.result.set_text("Đã kiểm thử hình ảnh, âm thanh với điểm cầu tỉnh.")
        field = Field("Kết quả đã làm", self.result)
        field.show_last("Tuần 28: Đã kiểm thử hình ảnh.", "Đã kiểm thử hình ảnh.")
        form.addWidget(field)
        self.difficulty = TextBox()
        field = Field("Khó khăn, vướng mắc", self.difficulty)
        field.show_last("Tuần 28: không ghi")
        form.addWidget(field)
        self.proposal = TextBox()
        form.addWidget(Field("Kiến nghị, đề xuất", self.proposal))
        form.addStretch(1)
        column.addWidget(Scroll(form_), 1)
        column.addWidget(hairline())
        foot = QHBoxLayout()
        margins(foot, 24, 8, 20, 8, 8)
        foot.addWidget(Chip(marks.Mark(Shape.ON_TIME, Tone.GREEN, "Đã lưu lúc 10:41"), bare=True))
        foot.addStretch(1)
        foot.addWidget(Button("Tiếp theo", hint="Alt+↓"))
        column.addLayout(foot)
        return whole

    def fit(self, plan: Plan) -> None:
        super().fit(plan)
        self.side.setFixedWidth(tokens.LIST if plan is Plan.WIDE else tokens.LIST_COMPACT)
        self.side.setVisible(plan is not Plan.NARROW)
        self.list.set_tall(plan is not Plan.WIDE)
        self.make.set_hint("Ctrl+B" if plan is Plan.WIDE else "")

    def reload(self) -> None:
        self.reloads += 1

    def focus_start(self) -> None:
        self.list.setFocus()


COLUMNS = (
    Column[Row]("Code", text=lambda r: r.code, width=tokens.COLUMN_CODE, quiet=True),
    Column[Row]("Task", text=lambda r: r.title, extra=lambda r: tuple(f for f in r.flags)),
    Column[Row]("Status", text=lambda r: r.status.word, mark=lambda r: r.status, width=tokens.COLUMN_STATUS),
    Column[Row](
        "Percent",
        text=lambda r: r.right,
        bar=lambda r: int(r.right[:-1]),
        sort=lambda r: int(r.right[:-1]),
        width=tokens.COLUMN_PERCENT,
    ),
    Column[Row]("Deadline", text=lambda r: "30/06/2025", after=lambda r: r.due, width=tokens.COLUMN_DEADLINE),
)


class TasksPage(Page):
    key, icon, word, short = "tasks", "book", "Tasks", "Tasks"
    shows = frozenset({"progress", "task"})

    def __init__(self) -> None:
        super().__init__()
        self.reloads = 0
        self.set_heading("Nhiệm vụ", "Năm 2025: 76 nhiệm vụ của xã")
        bar = QHBoxLayout()
        margins(bar, 20, 12, 20, 8, 12)
        self.search = SearchBox("Tìm mã, nhiệm vụ, văn bản giao")
        bar.addWidget(self.search)
        combo = Combo(name="Nhóm")
        combo.fill((("", "Mọi nhóm nhiệm vụ"), ("a", "Hạ tầng số")))
        bar.addWidget(combo)
        bar.addStretch(1)
        self.body.addLayout(bar)
        chips = Flow()
        margins(chips, 20, 0, 20, 12, 8)
        for word, mark, count, on in (
            ("Tất cả", None, 76, True),
            ("Quá hạn", marks.timeliness("overdue"), 2, False),
            ("Có vướng mắc", marks.difficulty(), 28, True),
        ):
            chip = FilterChip(word, mark)
            chip.set_count(count)
            chip.setChecked(on)
            chips.addWidget(chip)
        self.body.addLayout(chips)
        self.model = LinesModel[Row](COLUMNS)
        self.model.show([r for g in groups() for r in g.rows])
        self.table = Table(self.model)
        self.body.addWidget(self.table, 1)
        self.table.sort_by(0)

    def reload(self) -> None:
        self.reloads += 1

    def focus_start(self) -> None:
        self.search.setFocus()


class EmptyPage(Page):
    key, icon, word, short, group = "exchange", "arrow_swap", "Exchange with the province", "Exchange", 1

    def __init__(self) -> None:
        super().__init__()
        self.empty = EmptyState(
            "Chưa có nhiệm vụ",
            "Nhiệm vụ sẽ đến cùng thông báo của tỉnh, qua mạng.",
            (("Thử nhận ngay", lambda: None),),
        )
        self.body.addWidget(self.empty)

    def focus_start(self) -> None:
        self.empty.focus_start()


class ComponentsPage(Page):
    key, icon, word, short, group = "settings", "settings", "Unit settings", "Settings", 1

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        grid = QGridLayout(inside)
        margins(grid, 20, 12, 20, 12, 10)
        kinds = (
            (marks.status, ("not_started", "in_progress", "done", "paused", "cancelled")),
            (marks.timeliness, ("overdue", "due_soon", "on_track", "recurring", "done_on_time", "done_late")),
            (marks.exchange, ("writing", "waiting", "sending", "received", "returned")),
        )
        for n, (kind, codes) in enumerate(kinds):
            flow = Flow()
            for code in codes:
                flow.addWidget(Chip(kind(code)))
            grid.addLayout(flow, n, 0, 1, 7)
        off, off2 = Button("Mờ"), primary("Chính, mờ")
        off.setEnabled(False)
        off2.setEnabled(False)
        buttons = (
            Button("Thường", hint="Ctrl+B"), off, primary("Chính"), off2, link("Nút chữ"),
            icon_button("Bản trước", "history"), Button("In", icon="print"),
            Button("Đóng", kind=Kind.ICON, icon="dismiss"),
        )  # fmt: skip
        bar = Flow()
        for button in buttons:
            bar.addWidget(button)
        grid.addLayout(bar, 3, 0, 1, 7)
        line, fault, dead = LineBox("Thường"), PercentBox(), LineBox("Không sửa được")
        fault.setText("120")
        dead.setEnabled(False)
        broken = Field("Tỷ lệ (%)", fault, short=True)
        broken.say("Tỷ lệ là số nguyên từ 0 đến 100.")
        grid.addWidget(line, 4, 0, 1, 2)
        grid.addWidget(broken, 4, 2, 1, 2)
        grid.addWidget(dead, 4, 4, 1, 2)
        states = (
            BandState(Shape.RECEIVED, Tone.GREEN, "Tỉnh đã nhận tất cả. Lần cuối: 14:05 hôm nay."),
            BandState(Shape.SENDING, Tone.ACCENT, "Đang gửi 5/12 mục, 48/120 KB.", part=0.4),
            BandState(Shape.RETURNED, Tone.RED, "Tỉnh đã nhận 11 mục. 1 mục bị trả lại:", "xem lý do"),
            BandState(Shape.TWO, Tone.ACCENT, "1 chỗ có hai bản khác nhau.", "Chọn bản"),
        )
        for n, state in enumerate(states):
            band = ExchangeBand()
            band.show_state(state)
            grid.addWidget(band, 5 + n, 0, 1, 6)
        for n, (tone, text, actions) in enumerate(
            (
                (
                    Tone.ACCENT,
                    "Máy tắt đột ngột lúc 10:42. Không mất gì. Đang viết dở ở nhiệm vụ BCD25-007.",
                    ("Mở tiếp",),
                ),
                (
                    Tone.AMBER,
                    "Tỷ lệ 100% nhưng tình trạng là Đang thực hiện. Chuyển thành Hoàn thành?",
                    ("Chuyển", "Giữ"),
                ),
                (
                    Tone.RED,
                    "Ổ C còn 40 MB. Vẫn lưu được chữ. Xóa bớt tệp rồi bấm Kiểm tra lại.",
                    ("Kiểm tra lại",),
                ),
            )
        ):
            notice = Notice()
            notice.say(
                text, tone=tone, actions=[(a, lambda: None) for a in actions], code="disk" if n == 2 else ""
            )
            grid.addWidget(notice, 9 + n, 0, 1, 7)
        card = Card("Khi gọi điện cho tỉnh, đọc ba dòng này")
        card.head.addWidget(link("Chép"))
        card.body.addWidget(label("Văn phòng 1, xã Mường Xén (16813)"))
        card.body.addWidget(PracticeBand())
        grid.addWidget(card, 12, 0, 1, 7)
        grid.setColumnStretch(6, 1)
        self.body.addWidget(Scroll(inside))
        self.say_undo("BCD25-006: đã chuyển thành Hoàn thành, 100%.", lambda: None)


def window(jobs: Jobs | None = None, *, practice: bool = False) -> Window:
    """A window of made-up pages."""
    pages = (WeekPage(), TasksPage(), EmptyPage(), ComponentsPage())
    made = Window(pages, jobs or Jobs(), practice=practice)
    made.set_unit("Xã Mường Xén", "Lương Thị Hà", "Văn phòng 1")
    made.rail.set_note("week", "15", "còn 15 nhiệm vụ chưa ghi")
    made.show_band(
        BandState(
            Shape.WAITING, Tone.GREY, "12 mục chờ gửi. Chưa có mạng. Tỉnh nhận lần cuối: 12/7 (3 ngày trước)."
        )
    )
    made.set_exchange_page("exchange")
    return made


def main(folder: Path) -> None:
    words.use("vi")
    app = application.create(sys.argv, colours=tokens.LIGHT)
    contrast = tokens.high_contrast(
        window="#000000", text="#FFFFFF", highlight="#1AEBFF", highlighted_text="#000000", link="#FFFF00",
        disabled="#3FF23F",
    )  # fmt: skip
    for theme, colours in (("light", tokens.LIGHT), ("dark", tokens.DARK), ("contrast", contrast)):
        from ui import style

        style.apply(app, colours, style.look().family)
        for width, height in ((1366, 768), (1366, 697), (800, 600), (911, 512)):
            if theme != "light" and (width, height) != (1366, 768):
                continue
            shown = window(practice=height == 768)
            shown.resize(width, height)
            place = folder / f"{theme}-{width}x{height}"
            place.mkdir(parents=True, exist_ok=True)
            shown.show()
            shown.activateWindow()
            pictures.save_pages(shown, place)
            shown.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
