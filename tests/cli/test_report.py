import pikepdf


def reports(call):
    return [item for item in call("log", "--json").json if item["entity"] == "report"]


def test_a_report_is_written_and_recorded_once_while_it_says_the_same(call, tmp_path):
    out = tmp_path / "báo cáo.pdf"
    found = call("report", "--period", "2025-W27", "--out", str(out))
    assert (found.code, found.err) == (0, "")
    with pikepdf.open(out) as sheet:
        assert len(sheet.pages) >= 1
    call("report", "--period", "2025-W27", "--out", str(out))
    (made,) = reports(call)
    assert (made["fields"]["period"], made["fields"]["line"]) == ("2025-W27", "ubnd_tinh")
    call("record", "A-1", "--percent", "60")
    call("report", "--period", "2025-W27", "--out", str(out))
    assert len(reports(call)) == 2
    call("report", "--period", "2025-W27", "--line", "tinh_uy", "--out", str(out))
    assert [item["fields"]["line"] for item in reports(call)].count("tinh_uy") == 1


def test_a_missing_folder_is_refused_and_not_made(call, tmp_path):
    found = call("report", "--period", "2025-W27", "--out", str(tmp_path / "none" / "r.pdf"))
    assert found.code == 1 and "none" in found.err
    assert not (tmp_path / "none").exists()
    assert reports(call) == []


def test_a_folder_in_place_of_the_file_is_refused(call, tmp_path):
    assert call("report", "--period", "2025-W27", "--out", str(tmp_path)).code == 1
    assert reports(call) == []


def test_a_wrong_or_coming_week_is_refused(call, tmp_path):
    for period in ("W27", "2025-W28", "2025-W60"):
        assert call("report", "--period", period, "--out", str(tmp_path / "r.pdf")).code == 1
    assert not (tmp_path / "r.pdf").exists()
    assert call("report", "--period", "2025-W27", "--line", "x", "--out", str(tmp_path / "r.pdf")).code == 2
