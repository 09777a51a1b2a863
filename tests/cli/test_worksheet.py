"""`worksheet`: what an officer takes along to write on."""

import subprocess

from tests.reports.reading import texts
from tests.services.office import Clock


def test_the_tasks_of_the_week_stand_on_it_with_their_last_words(call, tmp_path):
    call("record", "A-1", "--percent", "55", "--result", "Đã mở 02 lớp tại hai xóm.")
    out = tmp_path / "phieu.pdf"
    said = call("worksheet", "--period", "2025-W28", "--out", str(out), at=Clock("2025-07-07 08:00"))
    assert said.code == 0, said.err
    (page,) = texts(out.read_bytes())
    assert "PHIẾU GHI TAY" in page and "TUẦN 28 NĂM 2025" in page
    assert "Đang thực hiện, 55%." in page and "Đã mở 02 lớp" in page.replace("\r\n", " ")
    assert "A-3" not in page  # done before: nothing is to be recorded


def test_the_week_is_the_present_one_and_nothing_is_recorded(call, tmp_path):
    before = call("log", "--json").json
    out = tmp_path / "phieu.pdf"
    assert call("worksheet", "--out", str(out), "--json").json["period"] == "2025-W27"
    assert call("log", "--json").json == before
    fonts = subprocess.run(["pdffonts", str(out)], capture_output=True, encoding="utf-8", check=True).stdout
    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:])  # embedded


def test_a_week_that_has_not_come_and_a_folder_that_is_not_there_are_refused(call, tmp_path):
    assert call("worksheet", "--period", "2025-W40", "--out", str(tmp_path / "x.pdf")).code == 1
    assert "nowhere" in call("worksheet", "--out", str(tmp_path / "nowhere" / "x.pdf")).err
