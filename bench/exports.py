"""Files of very many sale lines: time and memory of the CSV and the XLSX, beside fetching the same rows and doing nothing.

    ./run bench exports [--database sqlite postgresql] [--lines 100000]

One real order of eight consigned products is repeated inside the database until there are so many sale lines; then the
file is written as the page does it, by a process of its own for each. The reference fetches the same rows. Memory is what
that process grew by, beside one of a tenth of the lines (F42 of the faults' list: 60 s and 100 MB at most for 100,000).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bench.bulk_sales import LINES
from bench.consignment import shop
from bench.serving import ROOT
from kernel import clock
from kernel.engines import make_engine
from kernel.people import SYSTEM
from orders.reports import sales
from orders.reports.period import Period
from orders.reports.scope import Scope, list_report_outlets

SECONDS, MEGABYTES = 60.0, 100.0
KINDS = ("rows", "csv", "xlsx")


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench exports", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite"])
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--write", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        print(*write(*options.write))
        return
    for name in options.database:
        print(f"\n{name}")
        found = {lines: measure(name, lines) for lines in (options.lines // 10, options.lines)}
        few, many = found.values()
        for kind in KINDS[1:]:
            seconds, grown, size = many[kind]
            verdict = "ok" if seconds <= SECONDS and grown <= MEGABYTES else "BEYOND THE LIMIT"
            ratio = seconds / many["rows"][0]
            print(f"  {kind}, {options.lines:,} lines: {seconds:.1f} s, {size / 1e6:.1f} MB, {ratio:.1f} × fetching the rows")
            print(f"    memory +{grown:.1f} MB, +{few[kind][1]:.1f} MB for a tenth; limit {SECONDS:g} s and {MEGABYTES:g} MB: {verdict}")


def measure(name: str, lines: int) -> dict[str, tuple[float, float, int]]:
    """Kind -> (seconds, megabytes grown, bytes written)."""
    found = {}
    with shop(name, lines // LINES) as (engine, _agreement_id):
        url = engine.url.render_as_string(hide_password=False)
        for kind in KINDS:
            command = [sys.executable, "-m", "bench.exports", "--write", kind, url]
            seconds, grown, size = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
            found[kind] = (float(seconds), float(grown), int(size))
    return found


def write(kind: str, url: str) -> tuple[float, float, int]:
    """Write the file once; called in a process of its own, so that its memory is its own."""
    from flask import Flask

    from storefront.office.report_tables import line_cells, line_columns
    from storefront.spreadsheets import csv_rows
    from storefront.workbooks import workbook_parts

    today, size = clock.today(), 0
    with Flask("bench").app_context(), Session(make_engine(url)) as session:
        period = Period(today - timedelta(days=20), today)
        scope = Scope(list_report_outlets(session, SYSTEM), period, period)
        list(workbook_parts([("-", [["-"]])]))  # what a process loads once
        before, began = _memory("VmRSS"), time.perf_counter()
        cells = line_cells(sales.stream_lines(session, scope))
        heads = [column.heading for column in line_columns()]
        if kind == "rows":
            size = sum(1 for _row in sales.stream_lines(session, scope))
        elif kind == "csv":
            size = sum(len(part.encode()) for part in csv_rows(row for rows in ([heads], cells) for row in rows))
        else:
            size = sum(map(len, workbook_parts([("-", (row for rows in ([heads], cells) for row in rows))])))
        return round(time.perf_counter() - began, 2), round(_memory("VmHWM") - before, 1), size


def _memory(name: str) -> float:
    """What this program holds (`VmRSS`), or the most it ever held (`VmHWM`), in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


if __name__ == "__main__":
    main()
