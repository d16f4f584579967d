"""How fast Lighthouse finds the welcome page and three lessons.

    python -m benchmarks.lighthouse [TIMES]

On the built book, served on this machine; Lighthouse's own model of a slow phone (its default: a
processor four times slower, a slow 4G network).
"""

from __future__ import annotations

import statistics
import sys
import threading

from rich.console import Console
from rich.table import Table

from tests.audit import AUDITED, audit
from tools import HTML, serve


def main() -> None:
    """Print each page's score, and what keeps it from 100."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    httpd = serve.server(HTML)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    audits = [audit(f"http://127.0.0.1:{httpd.server_port}/", "performance") for _ in range(times)]
    httpd.shutdown()
    table = Table("page", "performance", "what is wrong, the last time", title=f"median of {times}")
    for path in AUDITED:
        scores = [each[path]["performance"][0] for each in audits]
        wrong = audits[-1][path]["performance"][1]
        table.add_row(path, f"{100 * statistics.median(scores):.0f}", "\n".join(wrong))
    Console().print(table)


if __name__ == "__main__":
    main()
