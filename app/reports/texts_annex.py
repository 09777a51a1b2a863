"""The words of the annexes: Vietnamese whatever language the window speaks, so in no catalogue."""

from app.reports.merging import Field

ANNEX = "Phụ lục"
NUMBERED = "Phụ lục {numeral}"
TITLES = {
    "01": "BIỂU 01. TỔNG HỢP KẾT QUẢ THỰC HIỆN NHIỆM VỤ {period}",
    "02": "BIỂU 02. CHI TIẾT KẾT QUẢ THỰC HIỆN NHIỆM VỤ {period}",
    "03": "BIỂU 03. NHIỆM VỤ QUÁ HẠN, NHIỆM VỤ CÓ KHÓ KHĂN, VƯỚNG MẮC {period}",
    "04": "TOÀN VĂN NỘI DUNG BÁO CÁO CỦA MỘT SỐ NHIỆM VỤ {period}",
}
TITLES_OF_WEEK = {"02": "BIỂU 02. CHI TIẾT NHIỆM VỤ CÓ THAY ĐỔI, ĐẾN HẠN HOẶC QUÁ HẠN {period}"}
ANNEX_OF = "(Kèm theo Báo cáo số {number} {date} của {issuer})"
ANNEX_DATA = "Số liệu tính đến {cutoff}"
COUNTED_IN = "; đơn vị tính: nhiệm vụ"

TOTAL_ROW = "Cộng"
DONE = "Hoàn thành"
UNDER_WAY = "Đang thực hiện"
NOT_STARTED = "Chưa thực hiện"
ORDINAL = "STT"
CODE = "Mã"
TASK = "Nhiệm vụ"
DEADLINE = "Thời hạn"
GROUP = "Nhóm nhiệm vụ"
TOTAL = "Tổng số"
ON_TIME = "Đúng hạn"
LATE = "Quá hạn"
UNDATED = "Không quy định thời hạn"
IN_TIME = "Trong hạn"
OF_WHICH_RECURRING = "Trong đó thường xuyên"
PAUSED = "Tạm dừng"
RATE = "Tỷ lệ hoàn thành"
DAYS_LATE = "Số ngày quá hạn"
REASON = "Nguyên nhân"
PROMISE = "Cam kết hoàn thành"
HELPER = "Cơ quan cần tháo gỡ"

SOURCE = "Văn bản giao"
OFFICES = "Chủ trì; phối hợp"
PRODUCT = "Sản phẩm"
RESULT = "Kết quả"
STATE = "Trạng thái"
DIFFICULTY = "Khó khăn, vướng mắc"
PROPOSAL = "Đề xuất, kiến nghị"
NEXT_STEP = "Nhiệm vụ kỳ tới"
WHOLE_TEXT = "Nội dung"
FIELDS: tuple[tuple[Field, str], ...] = (
    ("result", RESULT),
    ("difficulty", DIFFICULTY),
    ("proposal", PROPOSAL),
    ("next_step", NEXT_STEP),
)
