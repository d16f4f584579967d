"""A lesson's kernel: how it ends."""

import nbformat
import pytest

from tests.helpers import run_apart
from tools import execute

#: Threads that print for ever, as a server's log does.
CHATTER = """
import threading, time

def chatter():
    while True:
        print("encore", flush=True)

for _ in range(4):
    threading.Thread(target=chatter, daemon=True).start()
time.sleep(0.3)
"""


@pytest.mark.slow
def test_a_kernel_ends_in_silence_though_its_threads_still_print(tmp_path, capfd):
    for _ in range(4):  # ended politely, it lets something out once in two
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CHATTER)])
        run_apart(execute.execute(tmp_path / "lesson.md", notebook))
    assert capfd.readouterr() == ("", "")
