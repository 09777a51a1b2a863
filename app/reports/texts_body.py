"""The words of a report's body: Vietnamese whatever language the window speaks, so in no catalogue."""

OPENING = (
    "Thực hiện {basis}, {issuer} báo cáo kết quả thực hiện nhiệm vụ {period}{instead} như sau "
    "({begun}số liệu tính đến {cutoff}):"
)
OPENING_INSTEAD = ", thay thế Báo cáo số {number} {date},"
BEGUN = "kỳ số liệu từ ngày {start} đến ngày {end}; "
BASIS = {"week": "chế độ báo cáo tuần", "month": "chế độ báo cáo tháng"}
OTHER_BASIS = "chế độ báo cáo định kỳ"
CLOSING = "Trên đây là báo cáo {period} của {issuer} về kết quả thực hiện nhiệm vụ {work}"

DIRECTION = {"ubnd_tinh": "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", "tinh_uy": "CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO"}
RESULTS = "KẾT QUẢ THỰC HIỆN NHIỆM VỤ"
ASSESSMENT = "ĐÁNH GIÁ CHUNG"
ASSESSMENT_AND_LESSONS = "ĐÁNH GIÁ CHUNG, BÀI HỌC KINH NGHIỆM"
DIFFICULTIES = "TỒN TẠI, HẠN CHẾ, KHÓ KHĂN, VƯỚNG MẮC VÀ NGUYÊN NHÂN"
NEXT = "NHIỆM VỤ TRỌNG TÂM KỲ TỚI"
PROPOSALS = "ĐỀ XUẤT, KIẾN NGHỊ"

SUMMARY = "Tổng hợp chung"
CHANGES = "Thay đổi trong tuần"
SHARED = "Nhiệm vụ chung"
OWN = "Nhiệm vụ cụ thể của đơn vị"
RECURRING = "Nhiệm vụ thường xuyên"
EXTRA = "Nhiệm vụ phát sinh"
GENERAL = "Đánh giá chung"
LESSONS = "Bài học kinh nghiệm"
REST_OF_MONTH = "Nhiệm vụ đến hạn trong phần còn lại của {period}"
UNTIL = "Nhiệm vụ đến hạn từ ngày {start} đến hết ngày {day}"
FOCUS = "Nhiệm vụ trọng tâm {period}"
OTHER_GROUP = "Nhiệm vụ khác"

TOTAL = "Tính đến ngày {day}, tổng số nhiệm vụ được giao là {total}"
SCOPE = "Theo phạm vi giao, nhiệm vụ chung là {shared}, nhiệm vụ cụ thể của đơn vị là {own}"
OF_WHICH_RECURRING = "; trong đó nhiệm vụ thường xuyên là {count}"
PLAN = "Số nhiệm vụ có thời hạn hoàn thành trong {period} là {total}; đã hoàn thành {done}"
YEAR_PLAN = "So với kế hoạch {period}: số nhiệm vụ phải hoàn thành trong năm là {total}; đã hoàn thành {done}"
PLAN_LEFT = "; chưa hoàn thành {left}, trong đó quá hạn {late}"
COMPARED = "So với {period}"
COMPARED_YEAR = "So với cùng kỳ năm trước ({period})"
GROUP = "{name}: tổng số {total} nhiệm vụ"
GROUP_TOTAL = "Tổng số {total} nhiệm vụ"
ASSIGNED = "Đã phân công {offices} cơ quan, đơn vị chủ trì thực hiện {total} nhiệm vụ được giao: {named}."
OTHER_LEADS = "{offices} cơ quan, đơn vị khác {count}"
NO_LEAD = "chưa ghi cơ quan chủ trì {count}"
LATE_TASKS = "nhiệm vụ quá hạn"
OBSTRUCTED_TASKS = "nhiệm vụ có khó khăn, vướng mắc"
RATE = "Đã hoàn thành {done}/{total} nhiệm vụ được giao, đạt {rate}"
EXTREMES = "; tỷ lệ cao nhất ở {best} ({best_rate}), thấp nhất ở {worst} ({worst_rate})"
ONE_GROUP = "nhóm “{name}”"
GROUPS = "{count} nhóm"
STILL = ". Số nhiệm vụ quá hạn là {late}, số nhiệm vụ có khó khăn, vướng mắc là {obstructed}."

NOTHING = "Không phát sinh."
NOTHING_CHANGED = "Không phát sinh; {total}/{total} nhiệm vụ không thay đổi so với {before}."
NO_TASKS = "Không có nhiệm vụ."
NO_TROUBLE = "Không phát sinh."
NO_PROPOSAL = "Không có đề xuất, kiến nghị."
NOTHING_DUE = "Không có nhiệm vụ đến hạn trong {days} ngày tới."
NOTHING_DUE_THEN = "Không có nhiệm vụ đến hạn."
DUE = "thời hạn {deadline}"
DUE_DAYS = "Có {count} nhiệm vụ đến hạn trong {days} ngày tới (đến hết ngày {day}):"
DUE_IN = "Có {count} nhiệm vụ đến hạn trong {period}:"
LATE_FIRST = "Tập trung hoàn thành {count} nhiệm vụ đã quá hạn{pointer}."
CARRY_ON = "Tiếp tục thực hiện {count} nhiệm vụ khác chưa đến hạn{recurring}."
AND_RECURRING = " và {count} nhiệm vụ thường xuyên"
ONLY_RECURRING = "Tiếp tục thực hiện {count} nhiệm vụ thường xuyên."
WITHDRAWN = "Ngoài tổng số trên, có {count} nhiệm vụ không tiếp tục thực hiện theo văn bản của cấp trên:"
WITHDRAWN_ON = "rút từ ngày {day}"
WITHDRAWN_BY = " theo {document}"

SEE = " (chi tiết tại {label})"
SEE_SUMMARY = "Số liệu tổng hợp theo từng nhóm nhiệm vụ được nêu tại {label}."
SEE_SUMMARY_OF_BOTH = (
    "Số liệu tổng hợp theo từng nhóm, gồm nhiệm vụ chung và nhiệm vụ cụ thể của đơn vị, được nêu tại {label}."
)
SEE_DETAILS = "Kết quả chi tiết của từng nhiệm vụ được nêu tại {label}."
SEE_WEEK = "Danh sách nhiệm vụ có thay đổi, đến hạn hoặc quá hạn trong tuần được nêu tại {label} kèm theo."
WHOLE_IN = " (toàn văn tại {label})."
SEE_WHOLE = "Những nội dung dài được nêu toàn văn tại {label}."
SEE_REST = "Còn {count} nhiệm vụ khác được nêu tại {label}."

CHART = "Tiến độ thực hiện nhiệm vụ {period}"
BARS = {
    "done": "Hoàn thành",
    "in_time": "Đang thực hiện, trong hạn",
    "overdue": "Quá hạn",
    "not_started": "Chưa thực hiện, trong hạn",
    "paused": "Tạm dừng",
}

BEFORE = {
    "week": "tuần trước",
    "month": "tháng trước",
    "quarter": "quý trước",
    "half": "đầu kỳ",
    "nine_months": "đầu năm",
    "year": "đầu năm",
}
OCCURRENCES = "đã thực hiện {done}/{of} kỳ"
