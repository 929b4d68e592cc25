"""`./run demo`: the shop with the demo regency on this machine, with its worker and a payment stand-in."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import BrokenExecutor

from rich.console import Console
from rich.table import Table

from kernel import checkpoints
from storefront.app import create_app
from storefront.demo.cast import CAST, PASSWORD
from storefront.demo.ground import HOST, STAND_IN_WEBHOOK_SECRET, Ground, NotOurs, is_free, lay_ground, start_over
from storefront.demo.preparing import prepare
from storefront.demo.processes import Job, run_together


def main() -> int:
    """Set up what is missing, then serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="start over: forget what was done in this demo")
    parser.add_argument("--prepare", action="store_true", help="set up and end without serving")
    asked = parser.parse_args()
    try:
        ground = lay_ground(os.environ)
        if not is_free(ground.port) and (asked.reset or not asked.prepare):
            raise NotOurs(f"Port {ground.port} is in use. Stop what uses it, or choose another: PORT={ground.port + 1} ./run demo")
    except NotOurs as problem:
        print(problem, file=sys.stderr)
        return 1
    if asked.reset:
        start_over(ground.folder)
    settings = ground.settings
    try:
        prepare(create_app(settings), settings)
    except (KeyboardInterrupt, BrokenExecutor):
        print("Stopped while setting up. The next ./run demo goes on from here.", file=sys.stderr)
        return 130
    if asked.prepare:
        return 0
    died = run_together(_jobs(ground), ground.environment, health=f"{ground.address}/healthz", ready=lambda: _greet(ground))
    if died:
        print(died, file=sys.stderr)
        return 1
    print("Stopped. What was done stays for the next ./run demo.", file=sys.stderr)
    return 0


def _jobs(ground: Ground) -> list[Job]:
    web = ["gunicorn", "storefront.app:create_app()", "--workers", "2", "--threads", "4", "--bind", f"{HOST}:{ground.port}"]
    jobs = [
        Job("web server", _python(*web, "--no-control-socket", "--log-level", "warning")),
        Job("worker", _python("flask", "--app", "storefront.app", "worker")),
    ]
    if ground.stand_in_port is not None:
        webhook = ["--webhook-url", f"{ground.address}/webhooks/stripe", "--webhook-secret", STAND_IN_WEBHOOK_SECRET]
        memory = ["--folder", str(ground.folder / "stripe")]
        stand_in = ["storefront.integrations.stripe_stand_in", "--port", str(ground.stand_in_port), *webhook, *memory]
        jobs.append(Job("payment stand-in", _python(*stand_in)))
    return jobs


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _greet(ground: Ground) -> None:
    console = Console(soft_wrap=True)
    table = Table(title=f"People of the demo, all with the password {PASSWORD}", title_justify="left")
    for column in ("e-mail", "role", "may", "PIN"):
        table.add_column(column)
    for member in CAST:
        table.add_row(member.email, member.role.value.replace("_", " "), member.may, member.pin)
    console.print()
    console.print(table)
    console.print(f"Shop      {ground.address}/   (English: {ground.address}/en/)")
    console.print(f"Office    {ground.address}/office/")
    console.print(f"Till      {ground.address}/counter/   (pair it first: Office, Tills, a till, Show a pairing code)")
    console.print(f"Mailbox   {ground.address}/mailbox")
    if ground.stand_in_port is None:
        console.print("Cards     go to Stripe with the keys of your environment")
    else:
        console.print("Card      4242 4242 4242 4242, any date in the future, any three digits; no money moves")
        console.print(f"Payments  http://{HOST}:{ground.stand_in_port}/_stand_in/")
    console.print(f"Database  {checkpoints.describe()}")
    console.print("Ctrl-C stops everything; what you did is kept. ./run demo --reset starts over.")


if __name__ == "__main__":
    sys.exit(main())
