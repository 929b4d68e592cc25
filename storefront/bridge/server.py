"""The bridge's two addresses for a till's page in the same machine's browser: how the printer is, and a job to print.

Only pages of the shop may ask (Origin), only with the key that was typed into the till, and only by this machine's own name
(Host), so that no other page can reach the printer through a name that points here.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from storefront.bridge.drawing import Job, has_cutter, profile_named
from storefront.bridge.jobs import BadJob, Jobs, Wanted, read_job
from storefront.bridge.printers import Printer, PrinterTrouble

ADDRESS, PORT = "127.0.0.1", 8631
LARGEST_BODY = 512 * 1024
_log = logging.getLogger("etalase.bridge")


@dataclass
class Bridge:
    """A WSGI application around one printer."""

    printer: Printer
    columns: int
    profile: str
    key: str
    shops: Collection[str]
    port: int = PORT
    jobs: Jobs = field(default_factory=Jobs)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        request.max_content_length = LARGEST_BODY
        response = self._answer(request)
        origin = request.headers.get("Origin", "")
        if origin in self.shops:
            response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"
        response.headers["Cache-Control"] = "no-store"
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.host not in {f"127.0.0.1:{self.port}", f"localhost:{self.port}"} or request.headers.get("Origin") not in self.shops:
            return _json({"ok": False, "reason": "no_bridge"}, 403)
        if request.method == "OPTIONS":
            return _preflight()
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bridge {self.key}".encode()):
            return _json({"ok": False, "reason": "unpaired"}, 401)
        try:
            return self._serve(request)
        except PrinterTrouble as trouble:
            _log.warning("%s: %s", trouble.reason, trouble)
            return _json({"ok": False, "reason": trouble.reason}, 503)
        except RequestEntityTooLarge:
            return _json({"ok": False, "reason": "bad_job"}, 413)
        except HTTPException as refused:
            return _json({"ok": False, "reason": "bad_job"}, refused.code or 400)

    def _serve(self, request: Request) -> Response:
        if (request.method, request.path) == ("GET", "/status"):
            self.printer.look()
            return _json({"ok": True, "reason": "", **self._facts()})
        if (request.method, request.path) != ("POST", "/print"):
            return _json({"ok": False, "reason": "bad_job"}, 404)
        try:
            wanted = read_job(request.get_data())
        except BadJob as broken:
            _log.warning("not printed: %s", broken)
            return _json({"ok": False, "reason": "bad_job"}, 422)
        if wanted.columns > self.columns:
            return _json({"ok": False, "reason": "wrong_width", **self._facts()}, 422)
        return _json(self.jobs.once(wanted.job, lambda: self._print(wanted)))

    def _print(self, wanted: Wanted) -> dict[str, Any]:
        data = Job(self.profile).bytes_of(wanted.rows, cut=wanted.cut, drawer=wanted.drawer, copies=wanted.copies)
        self.printer.write(data)
        return {"ok": True, "reason": ""}

    def _facts(self) -> dict[str, Any]:
        profile = profile_named(self.profile)
        return {"columns": self.columns, "has_cutter": has_cutter(profile), "has_drawer": bool(profile.supports("pulseStandard"))}


def _preflight() -> Response:
    """What a browser asks before a page of the internet may speak to this machine (Fetch, Private Network Access)."""
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response.headers["Access-Control-Allow-Private-Network"] = "true"
    response.headers["Access-Control-Max-Age"] = "600"
    return response


def _json(facts: dict[str, Any], status: int = 200) -> Response:
    import json

    return Response(json.dumps(facts), status=status, mimetype="application/json")
