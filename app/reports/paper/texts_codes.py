"""The words of sheets that carry codes: Vietnamese whatever language is spoken, so in no catalogue."""

CODE_PAGE = "Trang mã {page}/{pages}"
FOR_MACHINES = "Trang này để máy đọc. Không viết, đóng dấu hay gấp lên các ô mã."
ADVICE = "Quét hoặc chụp cả trang, thẳng và đủ sáng. Mờ vài ô vẫn đọc được."
RULER = "Thước 127 mm từ vạch đầu đến vạch cuối; đo khác tức là máy in đã thu phóng, xin in lại đúng 100 %."

RECEIPT = "PHIẾU TIẾP NHẬN"
RECEIPT_FOR = "Nơi gửi: {unit}"
RECEIPT_SAYS = (
    "Đã nhận và ghi vào sổ nhiệm vụ các báo cáo dưới đây. Số liệu của trang mã đã được kiểm tra chữ ký máy; "
    "mỗi mục chỉ tính một lần dù gửi bằng nhiều đường."
)
RECEIPT_NOTHING = "Chưa có báo cáo nào vào sổ trong lần nhận này."
RECEIPT_HEADINGS = ("TT", "Báo cáo", "Biên nhận số", "Mục mới", "Đã có", "Nhận lúc", "Mã kiểm tra")
RECEIPT_TIME = "{time:%H:%M}, {day}"
RECEIPT_MADE = "Lập lúc {time}."
RECEIPT_PHONE = (
    "Đối chiếu qua điện thoại: đọc mã kiểm tra in ở chân báo cáo; trùng với mã trong bảng là đúng bản "
    "đã nhận. Mã kiểm tra của phiếu này: {code}."
)
RECEIPT_SCAN = (
    "Trang sau là mã để máy của nơi gửi đọc. Quét trang đó vào chương trình thì các mục đã nhận "
    "không còn chờ gửi nữa."
)
RECEIPT_NO_CODES = (
    "Phiếu này không kèm trang mã: máy của nơi gửi đã lâu chưa nhận tin của tỉnh, phần phải kèm không vừa "
    "bốn trang mã. Các mục đã nhận được xác nhận khi máy đó có mạng hoặc nhận gói của tỉnh qua USB."
)
RECEIPT_OFFICE = "CƠ QUAN TỔNG HỢP CỦA TỈNH"
RECEIPT_DESK = "NGƯỜI NHẬN"
RECEIPT_CODES = "MÃ KÈM PHIẾU TIẾP NHẬN"
CHECK = "Mã kiểm tra {code}"

REPORT_CODES = "PHỤ LỤC MÃ KÈM BÁO CÁO"
REPORT = "Báo cáo {period}"
REPORT_HASH = "Mã nội dung {hash}"

TEST_PAGE = "KIỂM TRA MÁY IN"
TEST_PRINTER = "Máy in: {name}"
TEST_MADE = "In lúc {time:%H:%M} ngày {time:%d/%m/%Y}"
TEST_NEXT = "In xong, quét hoặc chụp trang này rồi chọn «Đọc lại trang in thử» trong chương trình."
