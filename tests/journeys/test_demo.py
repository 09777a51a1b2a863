"""The demo is a whole week for real: a server process, three ledgers, a report, the window's pages."""

import json
import os
import subprocess
import sys

import pikepdf
import pytest


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    (out / "other.txt").write_text("kept", encoding="utf-8")
    home = tmp_path_factory.mktemp("user")
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "demo", "--headless", "--out", str(out)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=240,
        env={**os.environ, "HOME": str(home), "SNV_HOME": str(home / "own")},
    )
    return out, home, done


def test_it_ends_well_and_says_so_in_words(week):
    _, _, done = week
    assert done.returncode == 0, done.stderr
    assert "Số liệu của xã và của tỉnh khớp nhau" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_provinces_figures_of_both_days(week):
    out, _, _ = week
    first = json.loads((out / "summary-2025-06-24.json").read_text(encoding="utf-8"))
    later = json.loads((out / "summary-2025-07-04.json").read_text(encoding="utf-8"))
    assert [first["counts"][k] for k in ("total", "done", "in_progress", "not_started")] == [81, 3, 75, 3]
    assert [first["due"][k] for k in ("total", "done", "in_progress", "not_started")] == [8, 3, 5, 0]
    assert (first["later"]["total"], first["later"]["recurring"]) == (73, 3)
    assert [later["counts"][k] for k in ("total", "in_progress", "not_started")] == [81, 76, 2]


def test_one_report_and_a_picture_of_each_page(week):
    out, _, _ = week
    with pikepdf.open(out / "bao-cao-2025-W27.pdf") as report:
        assert len(report.pages) > 1
    assert len(list(out.glob("*.png"))) == 5
    assert (out / "other.txt").read_text(encoding="utf-8") == "kept"


def test_the_users_own_places_stay_untouched(week):
    _, home, _ = week
    assert not (home / "own").exists()
    assert not list(home.rglob("ledger.*"))


def test_a_report_goes_there_and_a_receipt_comes_back_on_paper_alone(week):
    out, _, done = week
    assert "5 mục mới" in done.stdout
    assert len(list((out / "ban-quet").glob("bao-cao-giay-*.jpg"))) > 2
    with pikepdf.open(out / "phieu-tiep-nhan.pdf") as receipt:
        assert len(receipt.pages) == 2
