"""The words that the sheet itself adds to a report's content."""

FOOT = "{page}/{pages} · mã kiểm tra {code}"
BAR = "{count} ({share})"
