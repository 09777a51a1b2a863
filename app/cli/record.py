"""`record`: how far a task has come; one task, or a whole table at once."""

from collections.abc import Mapping
from pathlib import Path

from app.cli.session import Session
from app.domain.errors import LedgerError
from app.domain.periods import Week, parse_date
from app.domain.refusals import StateRefused
from app.domain.table import TableRow, read_table
from app.domain.tasks import read_percent
from app.domain.text import fold
from app.domain.units import BadTable
from app.record import outside
from app.services.lines import Line, lines
from app.services.opening import Opened
from app.services.progress import UnknownTask, found, record, week_of
from app.services.weeks import Now
from app.storage.ledger import Edit
from app.words import STATUSES, _, explain, ngettext

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("mã", "mã nhiệm vụ"),
    "period": ("kỳ", "tuần", "kỳ báo cáo"),
    "status": ("trạng thái", "tình trạng"),
    "percent": ("tỷ lệ", "tỉ lệ", "tỷ lệ (%)", "tỉ lệ (%)", "phần trăm", "%"),
    "completed-on": ("ngày hoàn thành", "hoàn thành ngày"),
    "document": ("văn bản", "căn cứ"),
    "reason": ("lý do", "lí do"),
    "result": ("kết quả", "kết quả đã làm", "kết quả thực hiện"),
    "difficulty": ("khó khăn", "khó khăn, vướng mắc", "khó khăn vướng mắc", "vướng mắc"),
    "proposal": (
        "đề xuất", "kiến nghị", "đề xuất, kiến nghị", "kiến nghị, đề xuất", "đề xuất kiến nghị",
        "kiến nghị đề xuất",
    ),
    "next": ("next_step", "việc tiếp theo", "nhiệm vụ kỳ tới", "nhiệm vụ tiếp theo"),
}  # fmt: skip
"""The headings of a table: the options' names, the task table's, and Vietnamese ones."""

_COLUMN_OF = {
    "unknown-task": "code", "task-withdrawn": "code", "bad-week": "period", "week-ahead": "period",
    "bad-status": "status", "cancelled-by-province": "status", "recurring-under-way": "status",
    "transition-refused": "status", "state-contradiction": "status", "bad-percent": "percent",
    "percent-out-of-range": "percent", "percent-means-done": "percent",
    "percent-means-not-started": "percent", "percent-on-recurring": "percent",
    "bad-date": "completed-on", "completed-after-today": "completed-on",
    "completed-without-done": "completed-on", "pause-needs-document": "document",
    "reopen-needs-reason": "reason",
}  # fmt: skip


class BadRow(LedgerError):
    """A row that cannot be recorded, so nothing of the table is. Facts: file, line, column, why."""

    code = "bad-row"


def record_one(session: Session, code: str, period: str | None, said: Mapping[str, str | None]) -> int:
    """Record what was said of one task. said: by option name; None is not said."""
    with session.opened() as opened:
        now = session.now(opened)
        week = week_of(period, now)
        with opened.ledger.edit() as edit:
            line = found(_lines(edit, week, now).get(code.strip().casefold()), code)
            try:
                made = _record(edit, line, now, said)
            except StateRefused as refused:
                refused.facts["hint"] = _whole_command(line, period, str(refused.facts.get("hint", "")))
                raise
    session.say(_told(code=line.code, week=week, changed=made))
    session.give({"recorded": int(made)})
    return 0


def record_table(session: Session, path: Path, period: str | None) -> int:
    """Record a whole table, or nothing of it. period: for rows that name none."""
    rows = read_table(_content(path), path.name, COLUMNS, ["code"])
    with session.opened() as opened:
        now = session.now(opened)
        made = _record_rows(opened, now, rows, path.name, week_of(period, now))
    session.say(
        ngettext(
            "{made} of {count} row recorded; the others say what stands there.",
            "{made} of {count} rows recorded; the others say what stands there.",
            len(rows),
        ).format(made=made, count=len(rows))
        if made < len(rows)
        else ngettext("{count} row recorded.", "{count} rows recorded.", made).format(count=made)
    )
    session.give({"recorded": made})
    return 0


def _record_rows(opened: Opened, now: Now, rows: list[TableRow], file: str, default: Week) -> int:
    made = 0
    lines_of: dict[Week, dict[str, Line]] = {}
    done: set[tuple[str, Week]] = set()
    with opened.ledger.edit() as edit:
        for row in rows:
            code = row.values["code"]
            if not code:
                raise BadTable(file=file, line=row.line, column="code", problem="no-code", value="")
            try:
                week = week_of(row.values["period"], now) if row.values.get("period") else default
                if week not in lines_of:
                    lines_of[week] = _lines(edit, week, now)
                line = lines_of[week].get(code.casefold())
                if line is None:
                    raise UnknownTask(task=code)
                if (line.code, week) in done:
                    raise BadTable(file=file, line=row.line, column="code", problem="twice", value=code)
                done.add((line.code, week))
                # an empty cell leaves its field alone
                said = {
                    name: row.values.get(name) or None for name in COLUMNS if name not in {"code", "period"}
                }
                if any(said.values()):
                    made += _record(edit, line, now, said, from_table=True)
            except BadTable:
                raise
            except LedgerError as error:
                column = _COLUMN_OF.get(error.code, "")
                raise BadRow(file=file, line=row.line, column=column, why=explain(error)) from error
    return made


def _lines(edit: Edit, week: Week, now: Now) -> dict[str, Line]:
    return {line.code.casefold(): line for line in lines(edit.connection, week, now)}


def _record(
    edit: Edit, line: Line, now: Now, said: Mapping[str, str | None], *, from_table: bool = False
) -> bool:
    """Record what was said; whether anything was left to write."""
    status, percent, day = said["status"], said["percent"], said["completed-on"]
    made = record(
        edit,
        line,
        now,
        status=None if status is None else read_status(status),
        percent=None if percent is None else read_percent(percent, from_table=from_table),
        completed_on=parse_date(day) if day and day.strip() else None,
        document=said["document"],
        reason=said["reason"],
        result=said["result"],
        difficulty=said["difficulty"],
        proposal=said["proposal"],
        next_step=said["next"],
    )
    return made is not None


def read_status(text: str) -> str:
    """The status that a text names, by its own word or by the one on the screen; others as they are."""
    wanted = fold(text).replace("-", "_")
    for status, word in STATUSES.items():
        if wanted in {status, fold(status.replace("_", " ")), fold(word), fold(_(word))}:
            return status
    return text.strip()


def _whole_command(line: Line, period: str | None, hint: str) -> str:
    """The command that would be right, to be copied; a hint that is no option stays as it is."""
    if not hint.startswith("--"):
        return hint
    week = f" --period {line.week}" if period else ""
    return f"so-nhiem-vu record {line.code}{week} {hint}"


def _content(path: Path) -> bytes:
    with outside.opened(path) as file:
        return file.read()


def _told(*, code: str, week: Week, changed: bool) -> str:
    if changed:
        return _("Recorded: {code}, week {week}.").format(code=code, week=week)
    return _("{code}, week {week}: this is what stands there already.").format(code=code, week=week)
