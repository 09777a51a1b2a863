"""The words of the documents: Vietnamese whatever language the window speaks, so in no catalogue."""

BLANK = "\u00a0" * 6
"""A place left free for the clerk's pen or for the document system."""

TYPE = "BÁO CÁO"
WORK = "phát triển khoa học, công nghệ, đổi mới sáng tạo, chuyển đổi số, cải cách hành chính và Đề án 06"
SUBJECT = "Kết quả thực hiện nhiệm vụ {work}"
FROM_TO = " (từ ngày {start} đến ngày {end})"
INSTEAD = "(thay thế Báo cáo số {number} ngày {day})"
PLACE_DATE = "{place}, {date}"
BLANK_DATE = f"ngày{BLANK}tháng{BLANK}năm {{year}}"

ADDRESSED = "Kính gửi:"
RECIPIENTS = "Nơi nhận:"
AS_ABOVE = "Như trên"

ISSUER = {"ubnd_tinh": "Ủy ban nhân dân {kind} {name}", "tinh_uy": "Đảng ủy {kind} {name}"}
KIND = {"xa": "xã", "phuong": "phường"}

DRAFT = "DỰ THẢO"

STATUS = {
    "not_started": "Chưa thực hiện",
    "in_progress": "Đang thực hiện",
    "done": "Hoàn thành",
    "paused": "Tạm dừng",
}
TIMELINESS = {
    "done_on_time": "Hoàn thành đúng hạn",
    "done_late": "Hoàn thành quá hạn {days} ngày",
    "done_undated": "Hoàn thành",
    "overdue": "{status}, quá hạn {days} ngày",
    "due_soon": "{status}, sắp đến hạn",
    "on_track": "{status}, trong hạn",
    "undated": "{status}, không quy định thời hạn",
    "paused": "Tạm dừng",
    "recurring": "Thường xuyên",
}
OCCURRENCE = {True: "đã thực hiện kỳ này", False: "chưa thực hiện kỳ này"}
NO_DEADLINE = "Không quy định"
RECURRING = "Thường xuyên"
EXTENDED = "{deadline} (đã gia hạn)"
COMPLETED = "Hoàn thành ngày {day}."
PERCENT = "Đạt {percent}%."
PERCENT_FROM = "Đạt {percent}% ({when} {before}%)."
COOPERATING = "{lead};\nphối hợp: {cooperating}"
ONLY_COOPERATING = "Phối hợp: {cooperating}"
