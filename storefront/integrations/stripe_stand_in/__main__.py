"""python -m storefront.integrations.stripe_stand_in: a Stripe for this machine only, where no money moves."""

from __future__ import annotations

import argparse
import contextlib
import os
from pathlib import Path

from storefront.integrations.stripe_stand_in.bank import Bank
from storefront.integrations.stripe_stand_in.serving import HOST, serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="stripe_stand_in", description=__doc__)
    parser.add_argument("--port", type=int, default=12111, help="on 127.0.0.1 (default 12111)")
    parser.add_argument("--webhook-url", default=os.environ.get("STAND_IN_WEBHOOK_URL"), help="where events go")
    parser.add_argument("--webhook-secret", default=os.environ.get("STAND_IN_WEBHOOK_SECRET"), help="signs them")
    parser.add_argument("--folder", type=Path, help="remember sessions here across restarts (default: forget)")
    parser.add_argument("--public-url", help="how browsers reach this, when not at 127.0.0.1")
    asked = parser.parse_args()
    if bool(asked.webhook_url) != bool(asked.webhook_secret):
        parser.error("--webhook-url and --webhook-secret go together")
    bank = Bank(folder=asked.folder)
    if asked.webhook_url:
        bank.webhooks.register(asked.webhook_url, asked.webhook_secret, resume=True)
    print(f"Payment stand-in (no money moves): http://{HOST}:{asked.port}/_stand_in/", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        serve(bank, asked.port, asked.public_url)


if __name__ == "__main__":
    main()
