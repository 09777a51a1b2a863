"""The reporting calendar as the province sets it: holidays and rules, from its tables into every feed.

A whole file is checked before anything is written; what is held already is not written again.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

from app.domain.calendar import BadRule, DayKind, Rule
from app.domain.change import Value
from app.domain.periods import BadDate, parse_date
from app.domain.reporting import Kind
from app.domain.table import TableRow, read_table
from app.domain.units import BadTable
from app.words import ngettext
from sync.server.issuing import Issued, Wanted, issue
from sync.server.store import Store

_DAYS: Mapping[str, Sequence[str]] = {
    "date": ("ngày", "day"),
    "name": ("tên", "tên ngày"),
    "kind": ("loại",),
}
_RULES: Mapping[str, Sequence[str]] = {
    "line": ("kênh báo cáo", "report_line"),
    "frequency": ("kỳ báo cáo", "kỳ"),
    "valid_from": ("áp dụng từ", "hiệu lực từ"),
    "cut_off": ("chốt số liệu",),
    "due": ("hạn gửi",),
    "time": ("giờ",),
}


def read_days(data: bytes, file: str) -> tuple[Wanted, ...]:
    """Read a table `date,name,kind` of days off and days worked.

    kind: `holiday`, `moved`, `swapped_off`, `swapped_on`, or `ordinary`, which takes back what was said of a
    day. Raises BadTable with file, line and column.
    """
    found: dict[str, Wanted] = {}
    for row in read_table(data, file, _DAYS, required=tuple(_DAYS)):
        day = _day(row, "date", file)
        if day in found:
            raise _bad(row, "date", "day-twice", file)
        if row.values["kind"] not in get_args(DayKind):
            raise _bad(row, "kind", "day-kind", file)
        fields: dict[str, Value] = {"date": day, "name": row.values["name"], "kind": row.values["kind"]}
        found[day] = Wanted("holiday", fields)
    return tuple(found.values())


def read_rules(data: bytes, file: str) -> tuple[Wanted, ...]:
    """Read a table `line,frequency,valid_from,cut_off,due,time` of rules; they mean what `Rule` says.

    The column time may be left out, and a cell of it empty: 17:00. Raises BadTable.
    """
    found: dict[tuple[str, str, str], Wanted] = {}
    for row in read_table(data, file, _RULES, required=[name for name in _RULES if name != "time"]):
        day = _day(row, "valid_from", file)
        line, kind = row.values["line"], row.values["frequency"]
        if (line, kind, day) in found:
            raise _bad(row, "valid_from", "day-twice", file)
        try:
            rule = Rule(
                line,
                cast(Kind, kind),
                date.fromisoformat(day),
                _number(row, "cut_off", file),
                _number(row, "due", file),
                row.values.get("time") or "17:00",
            )
        except BadRule as wrong:
            column = str(wrong.facts["field"])
            raise _bad(row, column, f"rule-{column.replace('_', '-')}", file) from wrong
        fields: dict[str, Value] = {
            "line": line,
            "frequency": kind,
            "valid_from": day,
            "cut_off": rule.cut_off,
            "due": rule.due,
            "time": rule.time,
        }
        found[line, kind, day] = Wanted("reporting_rule", fields)
    return tuple(found.values())


def import_days(store: Store, path: Path, data: bytes) -> tuple[Any, str]:
    """Take a table of days; the answer of the command as facts and in words. Raises BadTable."""
    wanted = read_days(data, path.name)
    with store.write() as connection:
        done = issue(connection, store.now(), wanted)
    words = ngettext(
        "{count} day of the calendar was changed, for {units} communes and wards.",
        "{count} days of the calendar were changed, for {units} communes and wards.",
        done.changes,
    )
    return _told("days", wanted, done), words.format(count=done.changes, units=len(done.units))


def import_rules(store: Store, path: Path, data: bytes) -> tuple[Any, str]:
    """Take a table of rules; the answer of the command as facts and in words. Raises BadTable."""
    wanted = read_rules(data, path.name)
    with store.write() as connection:
        done = issue(connection, store.now(), wanted)
    words = ngettext(
        "{count} rule of reporting was changed, for {units} communes and wards.",
        "{count} rules of reporting were changed, for {units} communes and wards.",
        done.changes,
    )
    return _told("rules", wanted, done), words.format(count=done.changes, units=len(done.units))


def _told(name: str, wanted: Sequence[Wanted], done: Issued) -> dict[str, int]:
    return {name: len(wanted), "changes": done.changes, "units": len(done.units)}


def _day(row: TableRow, column: str, file: str) -> str:
    try:
        return parse_date(row.values[column]).isoformat()
    except BadDate as wrong:
        raise _bad(row, column, "bad-date", file) from wrong


def _number(row: TableRow, column: str, file: str) -> int:
    text = row.values[column]
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise _bad(row, column, f"rule-{column.replace('_', '-')}", file)
    return int(text)


def _bad(row: TableRow, column: str, problem: str, file: str) -> BadTable:
    value = row.values.get(column, "")
    return BadTable(file=file, line=row.line, column=column, problem=problem, value=value[:40])
