"""The commands of `so-nhiem-vu-server`: what an administrator of the province does."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

import resources
from app.domain.errors import LedgerError
from app.domain.periods import Week, local, parse_date, show_date
from app.domain.table import decode_table
from app.domain.units import read_units
from app.record import outside
from app.record.engine import quick_check
from app.record.listing import listing
from app.record.tables import rows
from app.record.verify import disagreements
from app.words import N_, _, ngettext
from sync.server import desk, enrolment, importing, overview, paper_desk, regime
from sync.server.place import Place, locate
from sync.server.secure import certificate
from sync.server.serving import serve
from sync.server.store import Store
from sync.server.table import read_tasks
from sync.server.tables import device

Command = Callable[[Namespace, Store], int]

_DONE, _REFUSED = 0, 1


def run(options: Namespace, place: Place, clock: Callable[[], int]) -> int:
    """Do what was asked; returns the exit code. Raises LedgerError for what is refused."""
    store = place.make(clock) if options.command == "init" else place.open(clock)
    try:
        return _COMMANDS[options.command](options, store)
    finally:
        store.engine.dispose()


def _init(options: Namespace, store: Store) -> int:
    with store.write() as connection:
        if connection.execute(select(rows["unit"].c.id).limit(1)).first() is not None:
            return _say(
                options, {"units": 0}, _("The province's database is there already. Nothing was changed.")
            )
        file = "nghe_an_units.csv"
        loaded = importing.import_units(
            connection, store.now(), read_units(resources.read_text("data", file), file)
        )
    return _say(
        options,
        {"units": loaded},
        _("The database is made, with {count} communes and wards.").format(count=loaded),
    )


def _serve(options: Namespace, store: Store) -> int:
    serve(
        store,
        options.host,
        options.port,
        files=locate(options).files,
        scans=locate(options).scans,
        certificate=certificate(options.cert, options.key),
        until_stdin_closes=options.until_stdin_closes,
    )
    return _DONE


def _import_units(options: Namespace, store: Store) -> int:
    path = Path(options.file)
    units = read_units(decode_table(_content(path), path.name), path.name)
    with store.write() as connection:
        count = importing.import_units(connection, store.now(), units)
    words = ngettext(
        "{count} commune or ward was changed.", "{count} communes and wards were changed.", count
    )
    return _say(options, {"units": count}, words.format(count=count))


def _import_tasks(options: Namespace, store: Store) -> int:
    path = Path(options.file)
    table = read_tasks(_content(path), path.name)
    with store.write() as connection:
        done = importing.import_tasks(connection, store.now(), table, path.name)
    facts = {"tasks": len(table), **done._asdict()}
    if not done.notice:
        words = [_("Everything in this table was issued before. Nothing was issued.")]
    else:
        words = [
            _("Notice {notice}: {tasks} tasks in the table, {changes} changes for {units} communes.").format(
                notice=done.notice, tasks=len(table), changes=done.changes, units=len(done.units)
            )
        ]
    if done.withdrawn:
        words.append(_("Withdrawn from communes no longer named: {count}.").format(count=done.withdrawn))
    if done.returned:
        words.append(_("Given back to communes that had them before: {count}.").format(count=done.returned))
    if done.kept_withdrawn:
        words.append(
            _("A document withdrew these tasks, and they stay withdrawn: {codes}.").format(
                codes=", ".join(done.kept_withdrawn)
            )
        )
    return _say(options, facts, "\n".join(words))


def _import_calendar(options: Namespace, store: Store) -> int:
    path = Path(options.file)
    return _say(options, *regime.import_days(store, path, _content(path)))


def _import_rules(options: Namespace, store: Store) -> int:
    path = Path(options.file)
    return _say(options, *regime.import_rules(store, path, _content(path)))


def _withdraw(options: Namespace, store: Store) -> int:
    with store.write() as connection:
        count = importing.withdraw(connection, store.now(), options.code, options.document)
    if not count:
        words = _("The task {code} was withdrawn everywhere before. Nothing was changed.").format(
            code=options.code
        )
    else:
        words = _("The task {code} is withdrawn from {count} communes and wards.").format(
            code=options.code, count=count
        )
    return _say(options, {"code": options.code, "units": count}, words)


def _enrol_code(options: Namespace, store: Store) -> int:
    with store.write() as connection:
        made = enrolment.new_code(store, connection, options.unit)
        name = connection.execute(
            select(rows["unit"].c.name).where(rows["unit"].c.code == options.unit)
        ).scalar()
    last = local(store.now() + enrolment.VALID_SECONDS).date()
    if _wants_json(options):
        return _say(options, {"code": made, "unit": options.unit, "valid_to": last.isoformat()}, "")
    print(
        _(
            "A code for one machine of {unit}, valid up to {day}. Hand it over on paper or by telephone:"
        ).format(unit=name, day=show_date(last))
    )
    print(made)
    return _DONE


def _enrol_file(options: Namespace, store: Store) -> int:
    return _say(options, *desk.hand_out(options, store))


def _bundle(options: Namespace, store: Store) -> int:
    return _say(options, *desk.take_bundle(options, store, locate(options).files))


def _scan(options: Namespace, store: Store) -> int:
    facts, words, good = paper_desk.take(options, store, locate(options).scans)
    _say(options, facts, words)
    if _wants_json(options) and not good:
        print(words, file=sys.stderr)
    return _DONE if good else _REFUSED


def _devices(options: Namespace, store: Store) -> int:
    query = select(device, rows["unit"].c.name.label("unit_name")).join(
        rows["unit"], rows["unit"].c.code == device.c.unit, isouter=True
    )
    with store.read() as connection:
        found = connection.execute(query.order_by(device.c.unit, device.c.enrolled_at, device.c.id)).all()
    facts = [
        {
            "device": f"{row.id:x}",
            "unit": row.unit,
            "unit_name": row.unit_name,
            "name": row.name,
            "program": row.program,
            "enrolled": _moment(row.enrolled_at),
            "last_heard": _moment(row.last_heard),
        }
        for row in found
    ]
    lines = [
        f"{row.unit}  {row.unit_name}  {row.name}  {row.program}  "
        f"{_shown(row.enrolled_at)}  {_shown(row.last_heard)}"
        for row in found
    ]
    return _say(options, facts, "\n".join(lines) or _("No machine is enrolled yet."))


def _check(options: Namespace, store: Store) -> int:
    with store.read() as connection:
        sqlite = store.engine.dialect.name == "sqlite"
        wrong = [*(quick_check(connection) if sqlite else ()), *disagreements(connection)]
    if not wrong:
        return _say(options, {"ok": True, "wrong": []}, _("File, log and rows agree."))
    _say(options, {"ok": False, "wrong": wrong}, "\n".join(wrong))
    raise Disagreement(count=len(wrong))


class Disagreement(LedgerError):
    """File, log and rows do not agree. Facts: count."""

    code = "check-failed"


def _log(options: Namespace, store: Store) -> int:
    with store.read() as connection:
        known = connection.execute(
            select(rows["unit"].c.id).where(rows["unit"].c.code == options.unit)
        ).first()
        if known is None:
            raise enrolment.UnknownUnit(unit=options.unit)
        found = listing(connection, options.unit, whole=False)
    lines = [
        f"{line['seq']:>6}  {_shown(line['arrived'])}  {line['entity']}  {line['stream']}/{line['n']}  "
        + ", ".join(f"{name}={value}" for name, value in line["fields"].items())
        for line in found
    ]
    return _say(options, found, "\n".join(lines))


def _summary(options: Namespace, store: Store) -> int:
    wanted = overview.asked(
        store.now(),
        at=None if options.at is None else parse_date(options.at),
        due_to=None if options.due_to is None else parse_date(options.due_to),
        unit=options.unit,
        period=None if options.period is None else Week.parse(options.period),
    )
    with store.read() as connection:
        found = overview.summary(connection, wanted)
    words = [
        _("On {day}").format(day=show_date(wanted.at)),
        _("All tasks: {counts}").format(counts=_counted(found["counts"])),
        _("Due up to {day}: {counts}").format(day=show_date(wanted.due_to), counts=_counted(found["due"])),
        _("Later: {counts}").format(counts=_counted(found["later"])),
    ]
    words += [
        f"{line['unit']}  {_counted(line['counts'])}" + _missing(line["evidence"]["missing"])
        for line in found["units"]
    ]
    words += [
        f"{line['code']}  {_(_STATUS[line['status']])}"
        + ("" if line["percent"] is None else f"  {line['percent']}%")
        for line in found.get("tasks", ())
    ]
    report = _("signed report")
    words += [
        _("missing: {code}, {week}, {name}").format(
            code=line["code"] or report, week=line["period"], name=line["name"] or line["file"]
        )
        for line in found.get("missing", ())
    ]
    return _say(options, found, "\n".join(words))


_STATUS: Mapping[str, str] = {
    "not_started": N_("not started"),
    "in_progress": N_("under way"),
    "done": N_("done"),
    "paused": N_("paused"),
    "cancelled": N_("withdrawn"),
}


def _counted(counts: Mapping[str, int]) -> str:
    return _(
        "{total}: {done} done, {in_progress} under way ({recurring} recurring), {not_started} not started, "
        "{paused} paused"
    ).format(**counts)


def _missing(count: int) -> str:
    if not count:
        return ""
    return "  " + ngettext("{count} file is missing", "{count} files are missing", count).format(count=count)


def _content(path: Path) -> bytes:
    with outside.opened(path) as file:
        return file.read()


def _moment(seconds: int | None) -> str | None:
    return None if seconds is None else local(seconds).isoformat()


def _shown(seconds: int | None) -> str:
    return "—" if seconds is None else f"{local(seconds):%d/%m/%Y %H:%M}"


def _wants_json(options: Namespace) -> bool:
    return bool(getattr(options, "json", False))


def _say(options: Namespace, facts: Any, words: str) -> int:
    """The answer: as JSON alone, or in words."""
    if _wants_json(options):
        print(json.dumps(facts, ensure_ascii=False, indent=1))
    elif words:
        print(words)
    return _DONE


_COMMANDS: Mapping[str, Command] = {
    "init": _init,
    "serve": _serve,
    "import-units": _import_units,
    "import-tasks": _import_tasks,
    "import-calendar": _import_calendar,
    "import-rules": _import_rules,
    "withdraw": _withdraw,
    "enrol-code": _enrol_code,
    "enrol-file": _enrol_file,
    "bundle": _bundle,
    "scan": _scan,
    "devices": _devices,
    "check": _check,
    "log": _log,
    "summary": _summary,
}
