"""`./run mutate [MODULE …]`: damages the pure rules in small ways, one at a time, and lists the damages that no test notices."""

from __future__ import annotations

import importlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from _pytest.main import pytest_runtestloop as run_tests

from tests.mutants import Mutant, mutants_of, untouched

#: The rules that are arithmetic or tables, and the tests that must notice: a rule's own, though others would notice too.
RULES = {
    "orders.pricing": ["tests/orders/test_pricing.py"],
    "orders.rounding": ["tests/orders/test_rounding.py"],
    "orders.tax": ["tests/orders/test_tax.py"],
    "orders.states": ["tests/orders/test_states.py"],
    "orders.discounts": ["tests/orders/test_discounts.py"],
    "orders.consignment.shares": ["tests/orders/consignment/test_shares.py"],
    "orders.consignment.periods": ["tests/orders/consignment/test_periods.py"],
    "catalog.curation.scorecard": ["tests/catalog/curation/test_scorecard.py"],
    "catalog.curation.states": ["tests/catalog/curation/test_states.py"],
    "catalog.gtin": ["tests/catalog/test_gtin.py"],
    "kernel.money": ["tests/kernel/test_money.py"],
}
#: Mutants of which no test can know, as they do what the rule does (docs/testing.md says why).
ALIKE = {"orders.consignment.shares": 2, "orders.consignment.periods": 4, "kernel.money": 2}
#: A damaged loop may never end.
PATIENCE = 60.0
ROOT = Path(__file__).resolve().parents[1]


class Damaging:
    """Stands in for pytest's loop: the tests are collected once, and each mutant lives in a fork of that process."""

    def __init__(self, name: str) -> None:
        self.name = name

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        source = (ROOT / f"{self.name.replace('.', '/')}.py").read_text("utf-8")
        if not _passes(session, untouched(source), self.name):
            os.write(_REPORT, f"{self.name}: its tests fail without any damage\n".encode())
            session.testsfailed = 1
            return True
        found = mutants_of(source)
        survivors = [mutant for mutant in found if _passes(session, mutant, self.name)]
        killed = len(found) - len(survivors)
        lines = [f"{self.name}: {killed} of {len(found)} noticed", *(f"  {self.name}:{mutant}" for mutant in survivors)]
        os.write(_REPORT, ("\n".join(lines) + "\n").encode())
        session.testsfailed = max(0, len(survivors) - ALIKE.get(self.name, 0))
        return True


def _passes(session: pytest.Session, mutant: Mutant, name: str) -> bool:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            mutant.damage(importlib.import_module(name))
            session.config.option.maxfail = 1
            run_tests(session)
            code = 0 if session.testsfailed == 0 else 1
        finally:
            os._exit(code)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


_REPORT = 1


def main(arguments: list[str]) -> int:
    """0 when every damage was noticed that changes anything. Without arguments every rule is asked."""
    if arguments[:1] == ["--one"]:
        global _REPORT  # noqa: PLW0603 - pytest takes the usual way to the terminal for itself
        _REPORT = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return int(pytest.main(["-qq", "--no-header", *RULES[arguments[1]]], plugins=[Damaging(arguments[1])]))
    if unknown := [name for name in arguments if name not in RULES]:
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(RULES)}", file=sys.stderr)
        return 2
    noticed, made, worst = 0, 0, 0
    for name in arguments or RULES:
        command = [sys.executable, "-m", "tests.mutate", "--one", name]
        answer = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        print(answer.stdout, end="", flush=True)
        worst = max(worst, answer.returncode)
        if found := re.search(r": (\d+) of (\d+) noticed", answer.stdout):
            noticed, made = noticed + int(found[1]), made + int(found[2])
    print(f"{noticed} of {made} mutants noticed ({noticed * 100 // max(made, 1)} %)")
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
