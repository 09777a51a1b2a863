"""The province's table of tasks, read whole or not at all: each row as the values that it states.

A column that the file leaves out states nothing about its field; an empty cell states that there is nothing.
Values come as the project's reporting regime has them (section 8), or with their Vietnamese labels.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.change import Value
from app.domain.errors import LedgerError
from app.domain.periods import parse_date
from app.domain.progress import opening_state
from app.domain.table import TableRow, read_table
from app.domain.tasks import read_percent
from app.domain.text import fold
from app.domain.units import BadTable

ANY = ("*",)
"""Every unit of the province."""

COLUMNS: Mapping[str, Sequence[str]] = {
    "stt": ("no", "số thứ tự"),
    "code": ("mã nhiệm vụ", "mã", "task", "task_code"),
    "group": ("nhóm", "mã nhóm"),
    "group_name": ("nhóm nhiệm vụ", "tên nhóm"),
    "title": ("tên nhiệm vụ", "nhiệm vụ", "nội dung nhiệm vụ"),
    "product": ("sản phẩm",),
    "source_code": ("mã văn bản", "source"),
    "source_doc": ("văn bản giao", "văn bản"),
    "kind": ("loại", "loại nhiệm vụ"),
    "recurrence": ("chu kỳ",),
    "scope": ("phạm vi", "chung, cụ thể"),
    "unit_codes": ("units", "unit", "đơn vị", "mã đơn vị", "các xã"),
    "lead": ("chủ trì", "cơ quan chủ trì"),
    "cooperating": ("phối hợp", "cơ quan phối hợp"),
    "report_line": ("line", "kênh báo cáo"),
    "due_window": ("kỳ hạn",),
    "deadline": ("thời hạn", "hạn hoàn thành", "hạn"),
    "status": ("trạng thái",),
    "percent": ("tỷ lệ", "tỷ lệ (%)", "tỷ lệ %", "%", "phần trăm"),
    "completed_on": ("ngày hoàn thành",),
    "result": ("kết quả",),
    "difficulty": ("khó khăn", "khó khăn, vướng mắc", "vướng mắc"),
    "proposal": ("đề xuất", "kiến nghị", "đề xuất, kiến nghị"),
    "next_step": ("next", "nhiệm vụ kỳ tới", "kỳ tới"),
    "as_of": ("tính đến ngày", "tính đến", "ngày số liệu"),
    "note": ("ghi chú",),
}
REQUIRED = ("code", "title", "unit_codes", "report_line")

_CODE = re.compile(r"([^\W_]{1,32})-[^\W_][\w.-]{0,31}")
_UNIT = re.compile(r"[0-9]{5}")
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "kind": {"once": "once", "co thoi han": "once", "recurring": "recurring", "thuong xuyen": "recurring"},
    "recurrence": {
        "weekly": "weekly", "hang tuan": "weekly", "tuan": "weekly",
        "monthly": "monthly", "hang thang": "monthly", "thang": "monthly",
    },
    "scope": {
        "shared": "shared", "chung": "shared",
        "specific": "specific", "cu the": "specific", "rieng": "specific",
    },
    "report_line": {
        "ubnd_tinh": "ubnd_tinh", "ubnd tinh": "ubnd_tinh", "tinh_uy": "tinh_uy", "tinh uy": "tinh_uy",
    },
    "status": {
        "not_started": "not_started", "chua thuc hien": "not_started",
        "in_progress": "in_progress", "dang thuc hien": "in_progress",
        "done": "done", "hoan thanh": "done", "da hoan thanh": "done",
        "paused": "paused", "tam dung": "paused",
    },
}  # fmt: skip
_TASK_TEXTS = {
    "title": "title", "product": "product", "group": "group", "group_name": "group_name", "lead": "lead",
    "cooperating": "cooperating", "source_code": "source",
}  # fmt: skip
_OPENING_TEXTS = ("result", "difficulty", "proposal", "next_step")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A row of the table.

    units: codes, or ANY. task and assignment: what it states of the two, by field. derived: what holds for a
    new task whose columns were left out.
    """

    line: int
    programme: str
    code: str
    source: str | None
    source_title: str | None
    units: tuple[str, ...]
    task: Mapping[str, Value]
    derived: Mapping[str, Value]
    assignment: Mapping[str, Value]


def read_tasks(data: bytes, file: str) -> list[TaskRow]:
    """Read and check the whole table. Raises BadTable with line and column."""
    found: list[TaskRow] = []
    codes: dict[str, int] = {}
    sources: dict[str, str | None] = {}
    for row in read_table(data, file, COLUMNS, REQUIRED):
        task = _Cells(row, file).task()
        if task.code in codes:
            raise BadTable(file=file, line=row.line, column="code", problem="twice", value=task.code)
        codes[task.code] = row.line
        if task.source and sources.setdefault(task.source, task.source_title) != task.source_title:
            raise BadTable(
                file=file, line=row.line, column="source_doc", problem="source-differs", value=task.source
            )
        found.append(task)
    return found


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row while it is read; every refusal names its line and column."""

    row: TableRow
    file: str

    def task(self) -> TaskRow:
        code = self._needed("code").upper()
        shape = _CODE.fullmatch(code)
        if shape is None:
            raise self._bad("code", "task-code", code)
        self._needed("title")
        kind, recurrence = self._choice("kind"), self._choice("recurrence")
        kind = kind or ("once" if recurrence is None else "recurring")
        if (kind == "recurring") != (recurrence is not None):
            raise self._bad("recurrence", "recurrence", self._text("recurrence") or "")
        units = self._units()
        scope = self._choice("scope") or ("shared" if units == ANY else "specific")
        task: dict[str, Value] = {
            field: self._text(column) for column, field in _TASK_TEXTS.items() if column in self.row.values
        }
        derived: dict[str, Value] = {"kind": kind, "recurrence": recurrence, "scope": scope}
        if self.row.values.keys() & {"kind", "recurrence"}:
            task |= {"kind": kind, "recurrence": recurrence}
        if "scope" in self.row.values:
            task["scope"] = scope
        if self._choice("report_line") is None:
            raise self._bad("report_line", "missing", "")
        assignment: dict[str, Value] = {"line": self._choice("report_line")}
        if "deadline" in self.row.values:
            assignment["deadline"] = _iso(self._date("deadline"))
        if {"status", "as_of"} <= self.row.values.keys():
            assignment |= self._opening(recurring=kind == "recurring")
        return TaskRow(
            line=self.row.line,
            programme=shape[1],
            code=code,
            source=self._text("source_code"),
            source_title=self._text("source_doc"),
            units=units,
            task=task,
            derived=derived,
            assignment=assignment,
        )

    def _opening(self, *, recurring: bool) -> dict[str, Value]:
        """The state that the province states, whole or not at all."""
        status, as_of = self._choice("status"), self._date("as_of")
        percent, completed_on = self._percent(), self._date("completed_on")
        texts = [name for name in _OPENING_TEXTS if name in self.row.values]
        if status is None or as_of is None:
            nothing: dict[str, Value] = {"opening": None, "opening_at": None}
            return nothing | {f"opening_{name}": None for name in texts}
        if completed_on is not None and completed_on > as_of:
            raise self._bad("completed_on", "completed-after-as-of", self.row.values["completed_on"])
        try:
            state = opening_state(status, percent, completed_on, recurring=recurring)
        except LedgerError as wrong:
            column, value = _blame(wrong.code, self.row.values)
            raise self._bad(column, wrong.code, value) from wrong
        words: dict[str, Value] = {f"opening_{name}": self._text(name) for name in texts}
        stated: dict[str, Value] = {"opening": state.to_wire(), "opening_at": as_of.isoformat()}
        return stated | words

    def _units(self) -> tuple[str, ...]:
        text = self._needed("unit_codes")
        if text in {"*", "tất cả"}:
            return ANY
        codes = [part.strip() for part in re.split(r"[;,\s]+", text) if part.strip()]
        for code in codes:
            if not _UNIT.fullmatch(code):
                raise self._bad("unit_codes", "unit-code", code)
        return tuple(dict.fromkeys(codes))

    def _text(self, column: str) -> str | None:
        return self.row.values.get(column) or None

    def _needed(self, column: str) -> str:
        text = self._text(column)
        if text is None:
            raise self._bad(column, "missing", "")
        return text

    def _choice(self, column: str) -> str | None:
        text = self._text(column)
        if text is None:
            return None
        found = _CHOICES[column].get(fold(text))
        if found is None:
            raise self._bad(column, "choice", text)
        return found

    def _date(self, column: str) -> date | None:
        text = self._text(column)
        try:
            return None if text is None else parse_date(text)
        except LedgerError as wrong:
            raise self._bad(column, wrong.code, text or "") from wrong

    def _percent(self) -> int | None:
        text = self._text("percent")
        try:
            return None if text is None else read_percent(text, from_table=True)
        except LedgerError as wrong:
            raise self._bad("percent", wrong.code, text or "") from wrong

    def _bad(self, column: str, problem: str, value: str) -> BadTable:
        shown = value if len(value) <= 40 else value[:39] + "…"
        return BadTable(file=self.file, line=self.row.line, column=column, problem=problem, value=shown)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _blame(code: str, values: Mapping[str, str]) -> tuple[str, str]:
    """The column that a contradiction is named after, and what it holds."""
    if code in {"done-needs-date", "completed-without-done"}:
        return "completed_on", values.get("completed_on", "")
    if code == "recurring-under-way":
        return "status", values.get("status", "")
    return "percent", values.get("percent", "")
