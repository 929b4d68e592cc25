"""Switches that make the stand-in misbehave as networks and providers do, for tests of what the shop promises then."""

from __future__ import annotations

import random
import threading
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Switch(BaseModel):
    """Fires for the next `times` chances, and beyond them with probability `rate`."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    times: int = Field(default=0, ge=0)
    rate: float = Field(default=0.0, ge=0, le=1)


def _times(value: object) -> object:
    return {"times": value} if isinstance(value, int) else value


CountedSwitch = Annotated[Switch, BeforeValidator(_times)]


class Fault(BaseModel):
    """One way an API call goes wrong.

    `when="after"` does and remembers the work first and then spoils the answer: the case that makes double charges.
    `status` 0 cuts the connection without an answer, None answers rightly (after `stall` seconds).
    """

    model_config = ConfigDict(extra="forbid")

    path: str = "/v1/"
    method: Literal["GET", "POST"] | None = None
    when: Literal["before", "after"] = "before"
    status: int | None = 500
    stall: float = Field(default=0.0, ge=0, le=120)
    times: int = Field(default=1, ge=0)
    rate: float = Field(default=0.0, ge=0, le=1)

    def concerns(self, method: str, path: str) -> bool:
        return path.startswith(self.path) and self.method in (None, method)


class Settings(BaseModel):
    """Everything that can be switched: webhook deliveries first, API calls in `faults`."""

    model_config = ConfigDict(extra="forbid")

    drop: CountedSwitch = Switch()  # never delivered
    duplicate: CountedSwitch = Switch()  # delivered twice at the same instant
    forge: CountedSwitch = Switch()  # preceded by a message that somebody else signed
    delay: float = Field(default=0.0, ge=0)  # seconds before a delivery leaves
    shuffle: float = Field(default=0.0, ge=0)  # seconds of random delay more, so that the order is lost
    faults: list[Fault] = []


class Chaos:
    """The switches as they stand; `calm` turns everything off."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)
        self._calmed = threading.Event()
        self.settings = Settings()

    def set(self, **changes: Any) -> Settings:
        """Change the named switches and leave the others: `set(drop=3, faults=[{"status": 429}])`."""
        with self._lock:
            fresh = Settings.model_validate(changes)
            for name in changes:
                setattr(self.settings, name, getattr(fresh, name))
            return self.settings

    def calm(self) -> None:
        """Turn everything off and let whoever is stalled go on."""
        with self._lock:
            self.settings = Settings()
            self._calmed.set()
            self._calmed = threading.Event()

    def stall(self, seconds: float) -> None:
        self._calmed.wait(seconds)

    def drops(self) -> bool:
        return self._fires(self.settings.drop)

    def duplicates(self) -> bool:
        return self._fires(self.settings.duplicate)

    def forges(self) -> bool:
        return self._fires(self.settings.forge)

    def delay(self) -> float:
        return self.settings.delay + self._random.uniform(0, self.settings.shuffle)

    def fault(self, method: str, path: str) -> Fault | None:
        """The first fault that strikes this call, if any."""
        for fault in self.settings.faults:
            if fault.concerns(method, path) and self._fires(fault):
                return fault
        return None

    def _fires(self, switch: Switch | Fault) -> bool:
        with self._lock:
            if switch.times > 0:
                switch.times -= 1
                return True
            return switch.rate > 0 and self._random.random() < switch.rate
