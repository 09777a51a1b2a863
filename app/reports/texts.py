"""The words of the documents: Vietnamese whatever language the window speaks, so in no catalogue."""

BLANK = "\u00a0" * 6
"""A place left free for the clerk's pen or for the document system."""

TYPE = "BÁO CÁO"
SUBJECT = (
    "Kết quả thực hiện nhiệm vụ phát triển khoa học, công nghệ, đổi mới sáng tạo, chuyển đổi số, "
    "cải cách hành chính và Đề án 06\n{period} (từ ngày {start} đến ngày {end})"
)
PLACE_DATE = "{place}, {date}"
BLANK_DATE = f"ngày{BLANK}tháng{BLANK}năm {{year}}"

ADDRESSED = "Kính gửi:"
RECIPIENTS = "Nơi nhận:"
AS_ABOVE = "Như trên"

ISSUER = {"ubnd_tinh": "Ủy ban nhân dân {kind} {name}", "tinh_uy": "Đảng ủy {kind} {name}"}
KIND = {"xa": "xã", "phuong": "phường"}

OPENING = (
    "Thực hiện {basis}, {issuer} báo cáo kết quả thực hiện nhiệm vụ {period} như sau "
    "(số liệu tính đến {cutoff}):"
)
BASIS = "chế độ báo cáo tuần"
CLOSING = (
    "Trên đây là báo cáo kết quả thực hiện nhiệm vụ phát triển khoa học, công nghệ, đổi mới sáng tạo, "
    "chuyển đổi số, cải cách hành chính và Đề án 06 {period} của {issuer}"
)

RESULTS = "KẾT QUẢ THỰC HIỆN NHIỆM VỤ"
SUMMARY = "1. Tổng hợp chung"
CHANGES = "2. Thay đổi trong tuần"
DIFFICULTIES = "TỒN TẠI, HẠN CHẾ, KHÓ KHĂN, VƯỚNG MẮC VÀ NGUYÊN NHÂN"
NEXT = "NHIỆM VỤ TRỌNG TÂM KỲ TỚI"
PROPOSALS = "ĐỀ XUẤT, KIẾN NGHỊ"
NOTHING = "Không phát sinh."
NOTHING_DUE = "Không có nhiệm vụ đến hạn trong {days} ngày tới."
SEE_ANNEX = "Danh sách nhiệm vụ có thay đổi, đến hạn hoặc quá hạn trong tuần được nêu tại Phụ lục kèm theo."
DUE = "thời hạn {deadline}"

ANNEX = "Phụ lục"
ANNEX_TITLE = "BIỂU 02. CHI TIẾT NHIỆM VỤ CÓ THAY ĐỔI, ĐẾN HẠN HOẶC QUÁ HẠN {period}"
ANNEX_OF = "(Kèm theo Báo cáo số {number} {date} của {issuer})"
ANNEX_DATA = "Số liệu tính đến {cutoff}"

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
PERCENT_FROM = "Đạt {percent}% (tuần trước {before}%)."
COOPERATING = "{lead};\nphối hợp: {cooperating}"
ONLY_COOPERATING = "Phối hợp: {cooperating}"

HEADINGS = (
    "STT", "Mã", "Nhiệm vụ", "Văn bản giao", "Chủ trì; phối hợp", "Sản phẩm", "Thời hạn", "Kết quả",
    "Trạng thái", "Khó khăn, vướng mắc", "Đề xuất, kiến nghị", "Nhiệm vụ kỳ tới",
)  # fmt: skip
