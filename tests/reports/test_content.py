import unicodedata
from dataclasses import replace
from datetime import date

from app.domain.reports import UNSET, ReportLine, UnitBlock
from app.reports.content import (
    Bullet,
    Heading,
    build,
    content_hash,
    every_text,
    issued,
    mapped,
    plain_text,
)
from app.reports.suggestions import suggested
from tests.reports.samples import changed, report, sample_lines, unit

LATE = ReportLine(
    code="BCD25-007", title="Kiểm thử điểm cầu.", line="ubnd_tinh", status="in_progress",
    timeliness="overdue", days=17, percent=80, deadline=date(2025, 6, 9),
)  # fmt: skip


def headings(content):
    return [block.text for block in content.blocks if isinstance(block, Heading) and block.level == 1]


def bullets(content):
    return [block.text for block in content.blocks if isinstance(block, Bullet)]


def test_the_parts_of_a_week():
    content = build(report(changed(sample_lines())))
    assert headings(content) == [
        "I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ",
        "II. TỒN TẠI, HẠN CHẾ, KHÓ KHĂN, VƯỚNG MẮC VÀ NGUYÊN NHÂN",
        "III. NHIỆM VỤ TRỌNG TÂM KỲ TỚI",
        "IV. ĐỀ XUẤT, KIẾN NGHỊ",
    ]
    assert "số liệu tính đến 17 giờ 00 phút ngày 26/6/2025" in content.blocks[0].text
    assert content.blocks[-1].text.endswith("và Đề án 06./.")


def test_parts_with_nothing_to_say_are_left_out_and_the_rest_counts_on():
    content = build(report((replace(LATE, changed=True, proposal="Đề nghị cấp máy"),)))
    assert headings(content) == [
        "I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ", "II. NHIỆM VỤ TRỌNG TÂM KỲ TỚI", "III. ĐỀ XUẤT, KIẾN NGHỊ",
    ]  # fmt: skip


def test_an_empty_week_still_gives_a_report():
    content = build(report(()))
    assert "Không phát sinh." in [block.text for block in content.blocks]
    assert content.tables == ()
    assert not any("Phụ lục" in text for text in every_text(content))


def test_the_annex_holds_what_changed_is_due_or_late_and_the_body_points_to_it():
    lines = sample_lines()
    due = {line.code for line in lines if line.timeliness == "due_soon"}
    assert due
    content = build(report((*lines, LATE_OWN)))
    assert {row[1] for row in content.tables[0].rows} == {*due, LATE_OWN.code}
    assert any("Phụ lục" in block.text for block in content.blocks)
    assert [row[0] for row in content.tables[0].rows] == [str(n) for n in range(1, len(due) + 2)]
    assert all(len(row) == len(content.tables[0].columns) == 12 for row in content.tables[0].rows)


LATE_OWN = replace(LATE, code="ZZ-1")


def test_how_a_change_is_told():
    def told(**facts):
        return bullets(build(report((replace(LATE, changed=True, **facts),))))[0]

    assert told(previous_percent=75, result="Đã mượn màn hình") == (
        "Kiểm thử điểm cầu (BCD25-007): đạt 80% (tuần trước 75%), quá hạn 17 ngày. Đã mượn màn hình."
    )
    assert "bắt đầu thực hiện, đạt 80%" in told(previous_status="not_started", previous_percent=0)
    assert "tiếp tục thực hiện, đạt 80%" in told(previous_status="done", previous_percent=100)
    again = told(previous_status="done", previous_percent=100, words="Thiếu biên bản.")
    assert "tiếp tục thực hiện (Thiếu biên bản), đạt 80%" in again
    done = told(status="done", timeliness="done_late", days=3, percent=100, completed_on=date(2025, 6, 12))
    assert "hoàn thành quá hạn 03 ngày (ngày 12/6/2025)" in done
    assert "tạm dừng (Công văn số 5)" in told(status="paused", timeliness="paused", words="Công văn số 5")
    weekly_task = {"timeliness": "recurring", "recurring": True, "percent": None, "deadline": None}
    assert "đã thực hiện kỳ này" in told(**weekly_task, occurrence_done=True)
    assert "chưa thực hiện kỳ này" in told(**weekly_task)


def test_the_body_shortens_only_what_the_annex_carries_whole():
    long = "Đã làm việc với các thôn bản về đường truyền. " * 14
    content = build(report((replace(LATE, changed=True, result=long, difficulty=long),)))
    assert all(len(text) < 600 for text in bullets(content))
    assert long.strip() in content.tables[0].rows[0][7]
    assert content.tables[0].rows[0][9] == long.strip()
    quiet = replace(LATE, timeliness="on_track", days=40, difficulty=long)
    content = build(report((quiet,)))
    assert len(bullets(content)[0]) < 600
    assert content.tables[0].rows[0][9] == long.strip()
    content = build(report((replace(quiet, difficulty="Thiếu người"),)))
    assert content.tables == ()
    assert bullets(content) == ["Kiểm thử điểm cầu (BCD25-007): Thiếu người."]


def test_what_is_unset_says_so_and_nothing_is_invented():
    content = build(report((), block=UnitBlock("Mường Xén", "xa"), notice=None))
    assert content.head.issuer == (UNSET,)
    assert content.head.superior is None
    assert content.head.place_date.startswith(f"{UNSET}, ngày")
    assert content.head.number.endswith(f"/{UNSET}")
    assert content.addressees == content.authority == (UNSET,)
    assert content.signer == UNSET
    assert content.recipients == ("Như trên", UNSET, "Lưu: VT")
    assert content.blocks[0].text.startswith("Thực hiện chế độ báo cáo tuần, Ủy ban nhân dân xã Mường Xén")
    party = build(report((), line="tinh_uy", block=UnitBlock("Mường Xén", "xa")))
    assert party.head.superior == UNSET


def test_a_unit_is_named_once_whatever_its_name_leads_with():
    for name in ("Mường Xén", "Xã Mường Xén"):
        block = suggested("ubnd_tinh", name, "xa")
        assert block.issuer == ("ỦY BAN NHÂN DÂN", "XÃ MƯỜNG XÉN")
        assert block.place == "Mường Xén"
        opening = build(report((), block=replace(block, name=name))).blocks[0].text
        assert "Ủy ban nhân dân xã Mường Xén báo cáo" in opening
    assert suggested("tinh_uy", "Phường Trường Vinh", "phuong").issuer == ("ĐẢNG ỦY PHƯỜNG TRƯỜNG VINH",)


def test_the_party_has_its_own_form():
    content = build(report(changed(sample_lines("tinh_uy")), line="tinh_uy"))
    assert content.addressees == ()
    assert "Như trên" not in content.recipients
    assert content.recipients[-1] == "Lưu Văn phòng Đảng ủy"
    assert headings(content)[0] == "I- KẾT QUẢ THỰC HIỆN NHIỆM VỤ"
    closing = content.blocks[-1].text
    assert "Đảng ủy xã Mường Xén" in closing
    assert closing.endswith("và Đề án 06.")
    assert content.head.number.replace("\u00a0", "") == "Số -BC/ĐU"


def test_number_and_date_once_the_clerk_has_typed_them():
    content = issued(build(report(changed(sample_lines()))), "5", date(2025, 2, 5))
    assert content.head.number == "Số: 05/BC-UBND"
    assert content.head.place_date == "Mường Xén, ngày 05 tháng 02 năm 2025"
    assert "Báo cáo số 05/BC-UBND ngày 05 tháng 02 năm 2025 của" in content.tables[0].belongs_to


def test_recipients_end_with_the_copy_that_is_filed_however_they_were_typed():
    typed = replace(unit(), recipients=("- Lưu: VT.", "-  Đảng ủy xã;", "như trên"))
    assert build(report((), block=typed)).recipients == ("Như trên", "Đảng ủy xã", "Lưu: VT")


def test_the_hash_knows_what_is_said_and_nothing_else():
    lines = changed(sample_lines(), 5)
    one = content_hash(build(report(lines)))
    assert len(one) == 32
    assert content_hash(build(report(tuple(reversed(lines))))) == one
    apart = build(report(lines))
    assert content_hash(mapped(apart, lambda text: unicodedata.normalize("NFD", text))) == one
    assert content_hash(build(report((replace(lines[0], result="Khác"), *lines[1:])))) != one
    blocks = tuple(
        Bullet(b.text, b.slot, b.task, b.basis) if b is apart.blocks[-1] else b for b in apart.blocks
    )
    assert content_hash(replace(apart, blocks=blocks)) != one  # the same words in another kind of block


def test_the_whole_text_for_word():
    content = build(report(changed(sample_lines(), 5)))
    text = plain_text(content)
    places = [
        text.index(part)
        for part in (
            "ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI", "BÁO CÁO", "Kính gửi: Ủy ban nhân dân tỉnh Nghệ An.",
            "I. KẾT QUẢ", "và Đề án 06./.", "CHỦ TỊCH", "Nguyễn Văn Minh", "- Lưu: VT, VHXH.", "Phụ lục\n",
            "STT\tMã",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert sum(line.count("\t") == 11 for line in text.splitlines()) == len(content.tables[0].rows) + 1
    assert text == unicodedata.normalize("NFC", text)
