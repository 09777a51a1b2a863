"""Changes and messages made by hypothesis, for the tests of the protocol."""

from hypothesis import strategies as st

from app.domain.change import START, Cursor, Ref
from app.domain.fields import ENTITIES
from app.domain.ids import PROVINCE, record_id
from app.record.digest import seal
from sync.protocol import handles
from sync.protocol.messages import Answer, Refusal, Request, Row

INT63 = st.integers(0, 2**63 - 1)
IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), TEXTS, IDS, st.binary(max_size=40)
)
VALUES = st.one_of(SCALARS, st.lists(st.one_of(SCALARS, st.tuples(SCALARS)), max_size=4).map(tuple))
REFS = st.builds(Ref, INT63, st.integers(1, 2**63 - 1), st.binary(min_size=2, max_size=2))


@st.composite
def changes(draw):
    """Changes of known and unknown entities, with known and unknown fields."""
    entity = draw(st.sampled_from([*ENTITIES, "#99", "#65535"]))
    known = list(ENTITIES[entity].fields) if entity in ENTITIES else []
    names = st.sampled_from([*known, "#77", "#65535"])
    return seal(
        stream=draw(INT63),
        n=draw(st.integers(1, 2**63 - 1)),
        by=draw(IDS),
        at=draw(INT63),
        entity=entity,
        id=draw(IDS),
        fields=draw(st.dictionaries(names, VALUES, max_size=5)),
        over=draw(st.lists(REFS, max_size=3)),
    )


# Few of each, so that they meet one another in one table.
STREAMS = st.sampled_from([0, 7, 2**63 - 1])
TASKS = {record_id("task", "KH", f"N-{n}"): (4, ("KH", f"N-{n}")) for n in range(4)}
ASSIGNMENTS = {record_id("assignment", task, "16813"): (5, (task, "16813")) for task in TASKS}
KEYS = {**TASKS, **ASSIGNMENTS}
WORDS = st.sampled_from(["", "Đã xong.", "a\0b", "0" * 32, "0" * 31]) | TEXTS
STATES = st.sampled_from(
    [("in_progress", 40, None, None), ("done", 100, None, None), ("later", True), (), None]
)
SMALL = st.one_of(WORDS, STATES, st.sampled_from([0, 1, True, False, None, b"\0" * 16, (1,), (True,)]))


@st.composite
def related(draw):
    """Changes in a row that speak of the same things, and of one another, as an office's do."""
    made = []
    for _ in range(draw(st.integers(0, 6))):
        entity = draw(st.sampled_from(["task", "assignment", "progress", "person", "reminder", "#99"]))
        fields = {
            "task": {"programme": "KH", "code": draw(st.sampled_from(["N-0", "N-1"]))},
            "assignment": {"task": draw(st.sampled_from([*TASKS])), "unit": "16813"},
            "progress": {"assignment": draw(st.sampled_from([*ASSIGNMENTS])), "week": "2025-W27"},
        }.get(entity, {})
        named = handles.follows(
            ENTITIES[entity].number if entity in ENTITIES else 99,
            {ENTITIES[entity].fields[name].number: value for name, value in fields.items()},
        )
        others = [
            name for name in (ENTITIES[entity].fields if entity in ENTITIES else ()) if name not in fields
        ]
        fields |= draw(st.dictionaries(st.sampled_from([*others, "#77"]), SMALL, max_size=3))
        over = [change.ref for change in made if draw(st.booleans())]
        over += draw(st.lists(st.builds(Ref, STREAMS, st.integers(1, 9), st.just(b"ab")), max_size=1))
        made.append(
            seal(
                stream=draw(STREAMS),
                n=draw(st.integers(1, 9)),
                by=draw(st.sampled_from([PROVINCE, "0" * 32, "1" * 32])),
                at=draw(st.integers(1_751_300_000, 1_751_300_009)),
                entity=entity,
                id=named if named and draw(st.integers(0, 5)) else draw(st.sampled_from(["2" * 32, *KEYS])),
                fields=fields,
                over=over,
            )
        )
    return tuple(made)


EIGHT = st.binary(min_size=8, max_size=8)
CURSORS = st.builds(Cursor, INT63, EIGHT)
REQUESTS = st.builds(
    Request,
    nonce=EIGHT,
    cursor=CURSORS,
    changes=st.lists(changes(), max_size=3).map(tuple) | related(),
    earlier=st.lists(CURSORS, max_size=3).map(tuple),
    back=st.lists(st.binary(max_size=20), max_size=2).map(tuple),
)
REFUSALS = st.builds(Refusal, st.integers(0, 50), st.sampled_from(["not-yours", "too-large"]))


@st.composite
def answers(draw):
    """Answers whose numbers agree."""
    common = {
        "nonce": draw(EIGHT),
        "refused": tuple(draw(st.lists(REFUSALS, max_size=2))),
        "time": draw(INT63),
    }
    if draw(st.booleans()):
        return Answer(known=False, start=START, rows=(), cursor=START, **common)
    some = [*draw(related()), *draw(st.lists(changes() | st.integers(0, 99_999), max_size=3))]
    rows = tuple(Row(draw(INT63), one) for one in some)
    start = Cursor(draw(st.integers(0, 10**9)), draw(EIGHT))
    cursor = Cursor(start.seq + len(rows), draw(EIGHT)) if rows else start
    return Answer(known=True, start=start, rows=rows, cursor=cursor, **common)


def progress(**other):
    """One plain change: a week's result of one task."""
    parts = {
        "stream": 0x1234_5678_9ABC_DEF0,
        "n": 3,
        "by": "0123456789abcdef0123456789abcdef",
        "at": 1_751_300_000,
        "entity": "progress",
        "id": "fedcba98765432100123456789abcdef",
        "fields": {
            "assignment": "00112233445566778899aabbccddeeff",
            "week": "2025-W27",
            "state": ("in_progress", 40, None, None),
            "result": "Đã họp tổ công nghệ số cộng đồng.",
        },
        "over": (Ref(7, 1, b"ab"), Ref(7, 2, b"cd")),
    }
    return seal(**{**parts, **other})
