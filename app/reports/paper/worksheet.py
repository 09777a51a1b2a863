"""«Phiếu ghi tay»: the tasks of a week with empty lines, for who writes by hand and types later."""

from dataclasses import dataclass

from app.reports.blocks import Column, Table
from app.reports.layout.marks import MM

_LABEL = "PHIẾU GHI TAY"
_TITLE = "TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ {period}"
_OF = "({unit}; từ ngày {start} đến ngày {end})"
_NOTE = "Ghi bằng bút tại nơi làm việc, sau đó nhập vào sổ theo đúng thứ tự các dòng dưới đây."
_LINES = "\n\n\n"  # the room for a hand: four lines

_COLUMNS = (
    Column("STT", 11, "centre"),
    Column("Mã", 23, "centre"),
    Column("Nhiệm vụ", 47),
    Column("Thời hạn", 21, "centre"),
    Column("Lần ghi trước", 42),
    Column("Tình trạng, tỷ lệ (%)", 22),
    Column("Kết quả đã làm", 50),
    Column("Khó khăn, vướng mắc, kiến nghị", 41),
)
_LEFT, _RIGHT, _TOP, _BOTTOM = (edge * MM for edge in (25, 15, 20, 15))


@dataclass(frozen=True, slots=True)
class Task:
    """One task to write about. deadline, last: as they are printed."""

    code: str
    title: str
    deadline: str
    last: str


def render(unit: str, period: str, start: str, end: str, tasks: tuple[Task, ...]) -> bytes:
    """The sheet as PDF, A4 landscape, tasks in the given order. The same input gives the same bytes.

    unit: name with "xã" or "phường"; period: as documents name it; start, end: days as printed.
    Raises OSError when the program's font files are missing.
    """
    from reportlab.lib.pagesizes import A4, landscape

    from app.reports.blocks import mapped
    from app.reports.layout import fonts
    from app.reports.layout.archive import About, ArchiveCanvas
    from app.reports.layout.ruler import Ruler
    from app.reports.layout.table import TableSheet
    from app.reports.layout.typesetter import Typesetter
    from app.reports.letters import printable

    fonts.letters()
    rows = tuple(
        (str(place), task.code, task.title, task.deadline, task.last, "", _LINES, "")
        for place, task in enumerate(tasks, 1)
    )
    table = Table(
        number="",
        label=_LABEL,
        title=_TITLE.format(period=period.upper()),
        belongs_to=_OF.format(unit=unit, start=start, end=end),
        note=_NOTE,
        columns=_COLUMNS,
        rows=rows,
    )
    drawn: Table = mapped(table, lambda text: fonts.drawable(printable(text)))
    page = landscape(A4)
    canvas = ArchiveCanvas(About(f"{_LABEL} {period}", unit, drawn.title), fonts.REGULAR)
    number = 0

    def begin() -> None:
        nonlocal number
        number += 1
        canvas.setPageSize(page)
        if number > 1:
            canvas.setFont(fonts.REGULAR, 13)
            canvas.drawCentredString(page[0] / 2, page[1] - 10 * MM, str(number))

    TableSheet(
        canvas,
        Typesetter(canvas),
        begin,
        Ruler(),
        left=_LEFT,
        top=page[1] - _TOP,
        bottom=_BOTTOM,
        width=page[0] - _LEFT - _RIGHT,
    ).draw(drawn, [column.width_mm * MM for column in _COLUMNS])
    return canvas.finished()
