"""Statements composed once: putting one of ours together takes SQLAlchemy longer than the database needs to answer it.

A prepared function returns a whole statement whose changing values are `bindparam`s, given at execution. What decides the
shape of the statement (the day, the depth of an area) is an argument; a new day simply prepares a new one.
"""

from __future__ import annotations

from functools import lru_cache

prepared = lru_cache(maxsize=8)
