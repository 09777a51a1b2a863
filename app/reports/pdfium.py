"""What all users of PDFium share: it bears one thread at a time, in the whole process."""

import threading

ONE_AT_A_TIME = threading.Lock()
"""Held around every call of PDFium; nothing of it is left to be closed by chance."""
