"""The words of sheets that carry codes: Vietnamese whatever language is spoken, so in no catalogue."""

CODE_PAGE = "Trang mã {page}/{pages}"
FOR_MACHINES = "Trang này để máy đọc. Không viết, đóng dấu hay gấp lên các ô mã."
ADVICE = "Quét hoặc chụp cả trang, thẳng và đủ sáng. Mờ vài ô vẫn đọc được."
RULER = "Thước 127 mm từ vạch đầu đến vạch cuối; đo khác tức là máy in đã thu phóng, xin in lại đúng 100 %."
