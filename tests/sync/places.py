"""Where the programs that are to be killed write: one field of one task's progress."""

from app.domain.ids import assignment_id, progress_id, task_id
from tests.world import KEY, UNIT

ASSIGNMENT = assignment_id(task_id("P", "T1"), UNIT)
SPOT = {"assignment": ASSIGNMENT, "week": "2025-W27"}
RECORD = progress_id(ASSIGNMENT, "2025-W27")

__all__ = ["ASSIGNMENT", "KEY", "RECORD", "SPOT"]
