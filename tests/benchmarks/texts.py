"""Vietnamese office prose out of a seed: never real, always the same."""

import csv
import io
import random

PHRASES = (
    "Ủy ban nhân dân xã", "Đảng ủy xã", "Phòng Văn hóa - Xã hội", "Phòng Kinh tế", "Công an xã",
    "Trung tâm phục vụ hành chính công", "Văn phòng HĐND và UBND", "tổ công nghệ số cộng đồng",
    "các thôn, bản", "đơn vị viễn thông", "Sở Khoa học và Công nghệ", "Mặt trận Tổ quốc",
    "Đoàn Thanh niên", "Hội Phụ nữ", "đã ban hành", "đang rà soát", "đã hoàn thành",
    "phối hợp triển khai", "tổ chức tập huấn", "đã báo cáo", "tiếp tục thực hiện", "đôn đốc",
    "tham mưu", "kiểm tra thực tế", "lấy ý kiến", "đề nghị hỗ trợ", "đã tiếp nhận", "cập nhật dữ liệu",
    "số hóa hồ sơ", "lắp đặt thiết bị", "bố trí kinh phí", "phân công cán bộ phụ trách",
    "dịch vụ công trực tuyến toàn trình", "định danh điện tử mức độ 2", "chữ ký số chuyên dùng",
    "mạng truyền số liệu", "hội nghị trực tuyến", "cơ sở dữ liệu dân cư", "hồ sơ đất đai", "sổ hộ tịch",
    "văn bản điện tử", "đường truyền", "trạm phát sóng", "vùng lõm sóng", "máy tính, máy quét",
    "chỉ số chuyển đổi số", "kế hoạch năm 2025", "quy chế nội bộ", "phần mềm quản lý",
    "hệ thống một cửa", "thanh toán không dùng tiền mặt", "học bạ số", "bệnh án điện tử",
    "do thiếu nhân lực", "do mưa lũ kéo dài", "do chưa có hướng dẫn", "do thiết bị xuống cấp",
    "do sáp nhập địa giới", "trong tuần", "trong tháng 7", "trước ngày 15", "sau khi kiện toàn",
    "theo kế hoạch", "theo chỉ đạo của tỉnh", "trên địa bàn", "tại hai điểm trường",
    "tại nhà văn hóa bản", "đến từng hộ dân", "cho cán bộ, công chức", "và người cao tuổi",
    "với kết quả bước đầu", "chưa đạt yêu cầu", "cơ bản đúng tiến độ", "chậm so với kế hoạch",
)  # fmt: skip


WORDS = sorted({word for phrase in PHRASES for word in phrase.replace(",", "").split()})
LOOSE = 0.6
"""How much of a sentence is loose words: set phrases alone are too easily pressed to say anything. With this
much, Zstandard at its hardest makes a fifth of a week's words, and no less."""


def prose(chance: random.Random, size: int) -> str:
    """Sentences of about so many bytes of UTF-8."""
    said: list[str] = []
    length = 0
    while length < size:
        words = [
            " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))
            if chance.random() < LOOSE
            else chance.choice(PHRASES)
            for _ in range(chance.randint(4, 8))
        ]
        if chance.random() < 0.6:
            words.insert(chance.randrange(len(words)), str(chance.randint(2, 4999)))
        sentence = " ".join(words)
        said.append(sentence[0].upper() + sentence[1:] + ".")
        length += len(said[-1].encode()) + 1
    return " ".join(said).encode()[:size].decode(errors="ignore").strip()


def tasks(count: int, units: str, *, size: int = 1000, seed: int = 1) -> list[dict[str, str]]:
    """Rows of a province's table of tasks, each with about `size` bytes of text."""
    chance = random.Random(seed)
    return [
        {
            "code": f"DO25-{number:03}",
            "title": prose(chance, size * 2 // 10),
            "product": prose(chance, size // 10),
            "source_code": "KH1",
            "source_doc": "Kế hoạch dùng để đo",
            "unit_codes": units,
            "lead": chance.choice(PHRASES[:8]),
            "report_line": chance.choice(("ubnd_tinh", "tinh_uy")),
            "deadline": f"2099-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "status": "in_progress",
            "percent": str(chance.randint(2, 99)),
            "result": prose(chance, size * 4 // 10),
            "difficulty": prose(chance, size * 3 // 10),
            "as_of": "2025-06-24",
        }
        for number in range(1, count + 1)
    ]


def corrected(rows: list[dict[str, str]], count: int, *, seed: int = 2) -> list[dict[str, str]]:
    """The first `count` rows with another title and deadline: what a correcting notice changes."""
    chance = random.Random(seed)
    return [
        {**row, "title": prose(chance, len(row["title"].encode())), "deadline": "2099-12-31"}
        for row in rows[:count]
    ]


def week(count: int, *, size: int = 650, seed: int = 3) -> list[dict[str, str]]:
    """What an officer writes of so many tasks: percent, result, difficulty, next step, about `size` bytes."""
    chance = random.Random(seed)
    return [
        {
            "percent": str(chance.randint(2, 99)),
            "result": prose(chance, size // 2),
            "difficulty": prose(chance, size // 4),
            "next_step": prose(chance, size // 4),
        }
        for _ in range(count)
    ]


def as_csv(rows: list[dict[str, str]]) -> str:
    """The rows as the table that `import-tasks` reads."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
