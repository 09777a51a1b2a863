"""The demo: a real provincial server, three communes and a whole week, in a folder of its own.

It never touches the user's own ledger or keyring, and imports nothing of the server: that runs as a process.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import IO, Any

import resources
from app.domain.errors import LedgerError
from app.record.clock import demo_clock
from app.record.faults import why
from app.storage.home import Home
from app.words import _

START = 1_751_245_200
"""Where the demo's clock begins: 30/06/2025 08:00 in Hanoi, seconds UTC."""

WEEK = "2025-W27"
UNITS = ("16813", "16738", "16681")
OFFICER = "Văn phòng HĐND và UBND"
FIGURES = ("2025-06-24", "2025-07-04")
END_SECONDS = 10

Command = Callable[[Sequence[str]], int]
"""The command line of this program, in this process: arguments in, exit code out."""


class DemoFailed(LedgerError):
    """A step of the demo did not do what it must. Facts: step."""

    code = "demo-failed"


@dataclass(frozen=True, slots=True)
class Step:
    """What the officer records on one task."""

    code: str
    options: tuple[str, ...]


RECORDED = (
    Step("BCD25-004", ("--percent", "85", "--result", "Đã kiểm tra xong đường dự phòng tại trụ sở.")),
    Step("BCD25-005", ("--percent", "75", "--result", "Đã nhận thêm 05 thiết bị lưu khóa bí mật.",
                       "--difficulty", "Thông tin con dấu mới chưa hoàn tất.",
                       "--proposal", "Đề nghị ưu tiên cấp chứng thư của cơ quan.")),
    Step("BCD25-006", ("--percent", "90", "--result", "Đã chạy thử lần 2, chốt danh sách lỗi.")),
    Step("BCD25-007", ("--percent", "80", "--result", "Đã kiểm thử toàn tuyến với điểm cầu tỉnh.",
                       "--difficulty", "Thiếu 01 màn hình dự phòng.", "--next", "Lắp màn hình dự phòng.")),
    Step("BCD25-008", ("--status", "done", "--result", "Đã tập huấn xong 02/02 lớp, 58 lượt người.")),
    Step("BCD25-009", ("--percent", "60", "--result", "Đã trình dự thảo quyết định kiện toàn.",
                       "--next", "Ký ban hành trước ngày 15/7.")),
    Step("BCD25-010", ("--percent", "45", "--result", "Đã lấy xong ý kiến các thành viên.")),
    Step("BCD25-011", ("--percent", "40", "--result", "Đã dự kiến phân công 01 công chức.")),
    Step("BCD25-012", ("--percent", "55", "--result", "Đã cụ thể hóa nhiệm vụ thành danh mục của xã.")),
    Step("BCD25-016", ("--status", "done", "--result", "Đã giao ban tuần, kiểm điểm tiến độ.")),
    Step("BCD25-035", ("--percent", "55", "--result", "Đã tiếp nhận hồ sơ điện tử của 02 xã cũ.")),
    Step("BCD25-048", ("--percent", "10", "--result", "Đã lập tổ tự đánh giá, thu thập số liệu ban đầu.",
                       "--next", "Chấm điểm thử theo bộ chỉ số của tỉnh.")),
)  # fmt: skip

ON_PAPER = (
    Step("BCD25-004", ("--percent", "80", "--result", "Đã kéo xong đường dự phòng đến trụ sở mới.")),
    Step("BCD25-006", ("--percent", "85", "--result", "Đã chạy thử, ghi nhận 03 lỗi cần sửa.",
                       "--difficulty", "Đường truyền ở hai điểm lẻ hay gián đoạn.")),
    Step("BCD25-010", ("--percent", "40", "--result", "Đã lấy ý kiến bằng văn bản của 05 thành viên.")),
    Step("BCD25-012", ("--percent", "50", "--proposal", "Đề nghị hướng dẫn mẫu danh mục.")),
)  # fmt: skip


def run(
    command: Command, *, out: Path | None, headless: bool, window: Callable[[Path, Path | None], None]
) -> int:
    """Play the week. Returns 0 only if commune and province end with the same figures, else 1.

    command: this program's command line. out: where PDF, pictures and summaries go (default `demo-out` here).
    headless: without a screen. window: opens the window on a home; with a folder it writes a picture of each
    page there instead, and returns. Raises DemoFailed and what the steps raise.
    """
    folder = (out or Path("demo-out")).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        from app.cli.outfile import FileUnwritable

        raise FileUnwritable(file=str(folder), why=why(error)) from error
    if not headless and not _has_screen():
        _say(_("There is no screen here, so the pages go into pictures."))
        headless = True
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    scene = Path(tempfile.mkdtemp(prefix="so-nhiem-vu-demo-"))
    try:
        return _play(scene, folder, command, headless=headless, window=window)
    finally:
        shutil.rmtree(scene, ignore_errors=True)


def _play(scene: Path, folder: Path, command: Command, *, headless: bool, window: Any) -> int:
    began = time.time()
    for place in (scene / "province", *[scene / unit for unit in UNITS]):
        place.mkdir()
        Home(place).mark_demo({"start": START, "began": began})
    database = f"sqlite:///{scene / 'province' / 'province.db'}"
    home = scene / UNITS[0]

    _say(_("1. The province loads its 130 units and 81 tasks."))
    _server(database, "init")
    _server(database, "import-tasks", str(resources.path("data", "sample_tasks.csv")))

    with _serving(database) as address:
        _say(_("2. Three communes enrol and receive their tasks."))
        for unit in UNITS:
            code = _server(database, "enrol-code", unit).split()[-1]
            _do(command, scene / unit, "enrol", "--server", address, "--code", code, "--name", OFFICER)
            _do(command, scene / unit, "sync")

    _say(_("3. The link is gone. One commune records its week: {count} tasks.").format(count=len(RECORDED)))
    for step in RECORDED:
        _do(command, home, "record", step.code, "--period", WEEK, *step.options)

    _say(_("4. The weekly report is printed."))
    report = folder / f"bao-cao-{WEEK}.pdf"
    _do(command, home, "report", "--period", WEEK, "--line", "ubnd_tinh", "--out", str(report))
    pending = _json(command, home, "status")["pending"]

    _say(_("5. Another commune has no link at all: its report goes on paper, and the receipt comes back."))
    for step in ON_PAPER:
        _do(command, scene / UNITS[1], "record", step.code, "--period", WEEK, *step.options)
    by_paper = _paper(command, scene / UNITS[1], database, folder)

    with _serving(database, address) as address:
        _say(_("6. The link is back: {count} entries go to the province.").format(count=pending))
        _do(command, home, "sync")
        for day in FIGURES:
            summary = _server(database, "summary", "--at", day, "--json")
            (folder / f"summary-{day}.json").write_text(summary, encoding="utf-8")
            _say_figures(day, json.loads(summary)["counts"])
        equal = by_paper and _equal(command, home, database)
        _say(
            _("7. Commune and province agree on every task.")
            if equal
            else _("7. Commune and province do NOT agree; see the files in {folder}.").format(folder=folder)
        )
        window(home, folder if headless else None)
    _say(_("The report, the pictures and the figures are in {folder}.").format(folder=folder))
    return 0 if equal else 1


def _paper(command: Command, home: Path, database: str, folder: Path) -> bool:
    """A commune's report there and its receipt back, both as pictures of paper; whether all is settled."""
    report, receipt = folder / f"bao-cao-giay-{WEEK}.pdf", folder / "phieu-tiep-nhan.pdf"
    _do(command, home, "report", "--period", WEEK, "--codes", "--out", str(report))
    sheets = _scanned(report, folder / "ban-quet")
    taken = json.loads(_server(database, "scan", *sheets, "--receipt", str(receipt), "--json"))
    for each in taken:
        _say(
            _("   The province read {symbols} codes ({needed} needed): {new} entries.").format(
                symbols=each["symbols"], needed=each["needed"], new=each["new"]
            )
        )
    _do(command, home, "scan", *_scanned(receipt, folder / "ban-quet"))
    waiting = _json(command, home, "status")["pending"]
    return not waiting and _equal(command, home, database, UNITS[1])


def _scanned(pdf: Path, folder: Path) -> list[str]:
    """The pages as an office scanner would give them: grey, 200 dpi, JPEG."""
    from contextlib import closing

    import pypdfium2

    from app.reports.pdfium import ONE_AT_A_TIME

    folder.mkdir(exist_ok=True)
    files: list[str] = []
    with ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(pdf)) as document:
        for number in range(len(document)):
            file = folder / f"{pdf.stem}-{number + 1}.jpg"
            document[number].render(scale=200 / 72, grayscale=True).to_pil().save(
                file, quality=75, dpi=(200, 200)
            )
            files.append(str(file))
    return files


def _equal(command: Command, home: Path, database: str, unit: str = UNITS[0]) -> bool:
    """Status and percent of every code are the same at both ends."""
    ours = {task["code"]: (task["status"], task["percent"]) for task in _json(command, home, "tasks")}
    said = json.loads(_server(database, "summary", "--unit", unit, "--period", WEEK, "--json"))
    theirs = {task["code"]: (task["status"], task["percent"]) for task in said["tasks"]}
    for code in sorted(code for code in ours.keys() | theirs.keys() if ours.get(code) != theirs.get(code)):
        _say(f"   {code}: {ours.get(code)} ≠ {theirs.get(code)}")
    return bool(ours) and ours == theirs


def _has_screen() -> bool:
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _say_figures(day: str, counts: dict[str, int]) -> None:
    shown = "/".join(reversed(day.split("-")))
    _say(
        _(
            "   At {day}: {total} tasks, {done} done, {in_progress} under way, {not_started} not begun."
        ).format(day=shown, **counts)
    )


def _do(command: Command, home: Path, *arguments: str) -> str:
    """One command of the commune's program; its output."""
    heard = StringIO()
    with redirect_stdout(heard):
        code = command([*arguments, "--home", str(home)])
    if code != 0:
        raise DemoFailed(step=" ".join(arguments[:2]))
    return heard.getvalue()


def _json(command: Command, home: Path, *arguments: str) -> Any:
    return json.loads(_do(command, home, *arguments, "--json"))


def _server(database: str, *arguments: str) -> str:
    """One command of the province's program, in a process of its own; its output."""
    done = subprocess.run(
        [sys.executable, "-m", "sync.server.main", "--db", database, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr, end="")
        raise DemoFailed(step=arguments[0])
    return done.stdout


@contextmanager
def _serving(database: str, address: str | None = None) -> Any:
    """The provincial server as a process, on the same port as before where an address is given."""
    port = address.rpartition(":")[2] if address else "0"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "sync.server.main",
            "--db",
            database,
            "serve",
            "--port",
            port,
            "--until-stdin-closes",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield _address(process)
    finally:
        _end(process)


def _address(process: "subprocess.Popen[str]") -> str:
    """The address that the server prints when it listens. Raises DemoFailed when it ends instead."""
    output: IO[str] | None = process.stdout
    for line in output or ():
        if line.startswith("http://"):
            return line.strip()
    raise DemoFailed(step="serve")


def _end(process: "subprocess.Popen[str]") -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def in_demo(home: Home) -> bool:
    """Whether the demo made this home, so that its window wears the band «DÙNG THỬ»."""
    return demo_clock(home.path) is not None
