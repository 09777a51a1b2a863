"""Identity: the id of a record follows from what it is (UUIDv5, RFC 9562 section 5.5).

Two machines that open the same week make one record, and a notice issued twice makes no doubles.
"""

import json
import secrets
import uuid

NAMESPACE = uuid.UUID("7b0d4f4e-6f5c-5d83-9a6e-3a1f0c2b9d57")


def record_id(entity: str, *key: str) -> str:
    """The id (32 hex digits) of the record that these key values name, in the order of the entity's key."""
    return uuid.uuid5(NAMESPACE, json.dumps([entity, *key], ensure_ascii=False)).hex


def random_id() -> str:
    """A fresh id for a thing that nothing names, such as a report or a person."""
    return uuid.uuid4().hex


def random_stream() -> int:
    """A fresh 63-bit number of a stream or a device, never 0."""
    return secrets.randbits(62) + 1


PROVINCE = record_id("person", "province")
"""Who wrote what the province wrote: it trusts its own offices, not single persons."""


def task_id(programme: str, code: str) -> str:
    """The id of a task: its programme and its code."""
    return record_id("task", programme, code)


def assignment_id(task: str, unit: str) -> str:
    """The id of a task given to a unit. task: the task's id; unit: five-digit code."""
    return record_id("assignment", task, unit)


def progress_id(assignment: str, week: str) -> str:
    """The id of the progress of an assignment in a week such as `2025-W27`."""
    return record_id("progress", assignment, week)
