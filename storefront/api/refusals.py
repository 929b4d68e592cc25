"""How a call ends before its view has an answer."""

from __future__ import annotations

from flask import Response


class Refused(Exception):
    """A call that is refused, with the response that says why."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(str(response.status_code))
