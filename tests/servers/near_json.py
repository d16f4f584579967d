"""JSON objects, requests to the address book, and what is like them; what it may answer."""

import json

from hypothesis import strategies as st

COMMANDS = ["help", "list", "add", "find", "remove"]

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)
OBJECTS = st.builds(
    lambda value, ascii_, indent: json.dumps(value, ensure_ascii=ascii_, indent=indent),
    st.dictionaries(st.text(), VALUES, max_size=4),
    st.booleans(),
    st.sampled_from([None, 0, "\t"]),
)
REQUESTS = st.builds(
    lambda cmd, args: json.dumps({"cmd": cmd, "args": args}).encode(),
    st.sampled_from(COMMANDS) | st.text(),
    st.dictionaries(st.sampled_from(["name", "mail"]) | st.text(), VALUES, max_size=3) | VALUES,
)
CUT = st.builds(
    lambda sent, a, b: sent[: a % 99] + sent[b % 99 :], REQUESTS, st.integers(), st.integers()
)
ANYTHING = st.binary() | OBJECTS.map(str.encode) | REQUESTS | CUT


def understand(answer: bytes) -> tuple[bool, str, dict]:
    """Return the status, the message and the data of a well-formed answer, or fail."""
    content = json.loads(answer.decode())
    assert list(content) == ["status", "msg", "data"]
    status, msg, data = content.values()
    assert type(status) is bool
    assert type(msg) is str
    assert msg
    assert type(data) is dict
    assert all(type(value) is str for value in data.values())
    assert status or not data
    return status, msg, data
