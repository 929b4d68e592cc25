"""The second engine: answers from PostgreSQL, for catalogues that outgrow Whoosh and for shops on more than one machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TypeVar
from zlib import crc32

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from catalog.search import analysis, postgres_answering, postgres_rebuilding, postgres_writing
from catalog.search.document import SearchDocument
from catalog.search.engine import IndexBusy, Progress, SearchUnavailable
from catalog.search.postgres_answering import Asked
from catalog.search.postgres_matching import FEW
from catalog.search.postgres_tables import FORMAT, HOME
from catalog.search.postgres_writing import State
from catalog.search.query import MAX_CHARACTERS
from catalog.search.request import SearchRequest, SearchResult, Suggestion

#: How long a writer waits for another one before it leaves its changes in the queue; a rebuild waits longer.
PATIENCE_SECONDS, REBUILD_PATIENCE = 30.0, 120.0
_PAUSE_SECONDS = 0.05
#: A generation may be swept away between its name and the question: then the next one is asked.
_TRIES = 3
#: Of a question, so that none can hold the database for long.
_LIMIT = "10s"

Answer = TypeVar("Answer")
#: A connection to ask, on the database itself or on a copy of it.
Connect = Callable[[], AbstractContextManager[Connection]]


class PostgresEngine:
    """A SearchEngine in schemas of a PostgreSQL database. Cheap to make; keeps nothing between questions; safe in threads and forks."""

    def __init__(self, database: Engine, reads: Connect | None = None, *, home: str = "search_index", few: int = FEW) -> None:
        """`database` is written to, `reads` gives connections for questions. `few`: see `postgres_matching.FEW`."""
        self._database = database
        self._reads = reads or database.connect
        self._home = home
        self._few = few
        self._lock_number = crc32(home.encode())
        self._writing: tuple[int, Connection] | None = None

    # reading

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer one question. Raises SearchUnavailable."""
        return self._from_index(lambda asked: postgres_answering.answer(asked, request))

    def rank(self, text: str) -> dict[int, float]:
        """How well products answer the words alone. Raises SearchUnavailable."""
        return self._from_index(lambda asked: postgres_answering.scores_of(asked, text))

    def suggest(self, text: str, language: str, limit: int = 8) -> list[Suggestion]:
        """What the person typing `text` may want to write. Raises SearchUnavailable."""
        words = analysis.words(text[:MAX_CHARACTERS])
        if not words or limit < 1:
            return []
        return self._from_index(lambda asked: postgres_answering.suggest(asked, words, language, limit))

    def version(self) -> str | None:
        """Generation and number of its last change, as the database itself has them."""
        with suppress(SearchUnavailable, DBAPIError), self._database.connect() as connection:
            state = self._state(connection)
            return f"{state.generation} {state.version}"
        return None

    def document_count(self) -> int:
        """How many products can be found. Raises SearchUnavailable."""
        return self._from_index(lambda asked: asked.state.documents)

    def product_ids(self) -> set[int]:
        """Which products can be found. Raises SearchUnavailable."""
        return self._from_index(lambda asked: set(asked.connection.scalars(text("SELECT product_id FROM product"))))

    def healthy(self) -> bool:
        """The number of rows, the counts of a fact and its bits agree, and the words are today's. Never raises."""
        try:
            counted = self._from_index(lambda asked: (asked.state, asked.connection.execute(text(_HEALTH)).one()), primary=True)
        except SearchUnavailable:
            return False
        state, numbers = counted
        return state.words == analysis.fingerprint() and set(numbers) == {state.documents}

    # writing

    def apply(self, documents: Sequence[SearchDocument], deleted: Sequence[int]) -> None:
        """Put documents in and take products out in one commit. Raises IndexBusy after waiting, SearchUnavailable."""
        if not documents and not deleted:
            return
        with self._as_writer(PATIENCE_SECONDS) as connection, _translated(), connection.begin():
            state = self._state(connection)
            postgres_rebuilding.use(connection, state.generation, self._home)
            postgres_writing.apply(connection, state, self._few, documents, deleted)

    def tidy(self) -> bool:
        """Nothing to do: PostgreSQL vacuums by itself."""
        return False

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Be the only writer for a while. Raises IndexBusy at once if somebody else is."""
        with self._as_writer(0):
            yield

    def rebuild(self, documents: Iterable[SearchDocument], progress: Progress | None = None) -> None:
        """Index afresh beside what answers now, then switch. Raises IndexBusy."""
        with self._as_writer(REBUILD_PATIENCE) as connection:
            with connection.begin():
                for statement in filter(str.strip, HOME.format(home=self._home).split(";")):
                    connection.execute(text(statement))
            generation = f"{self._home}_{self._last_generation(connection) + 1:06d}"
            with connection.begin():
                postgres_rebuilding.rebuild(connection, self._home, generation, self._few, documents, progress)
            self._sweep(connection, generation)

    def request_rebuild(self, reason: str) -> None:
        """Ask the worker for a rebuild; what is missing altogether needs no wish."""
        with suppress(DBAPIError), self._database.begin() as connection:
            connection.execute(text(f"INSERT INTO {self._home}.wish (reason) VALUES (:reason) ON CONFLICT DO NOTHING"), {"reason": reason})

    def rebuild_reason(self) -> str | None:
        """Why a rebuild is wanted, or None."""
        try:
            with self._database.connect() as connection, _translated():
                state = self._state(connection)
                wish: str | None = connection.scalar(text(f"SELECT reason FROM {self._home}.wish"))
        except SearchUnavailable as error:
            return str(error) if error.damaged else None
        return wish or ("the word list changed" if state.words != analysis.fingerprint() else None)

    # inside

    def _from_index(self, ask: Callable[[Asked], Answer], *, primary: bool = False) -> Answer:
        for attempt in range(_TRIES):
            connect = self._database.connect if primary or attempt else self._reads
            try:
                with connect() as connection:
                    state = self._state(connection)
                    connection.execute(text(_BEGIN), {"path": f'"{state.generation}"', "limit": _LIMIT})
                    return ask(Asked(connection, state, self._few))
            except ProgrammingError as error:
                if attempt + 1 == _TRIES:
                    raise SearchUnavailable(_reason(error)) from error
            except DBAPIError as error:
                if attempt or self._reads == self._database.connect:
                    raise SearchUnavailable(_reason(error), damaged=False) from error
        raise SearchUnavailable("the index changes too fast", damaged=False)

    def _state(self, connection: Connection) -> State:
        there = connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"{self._home}.state"})
        row = connection.execute(text(_STATE.format(home=self._home))).one_or_none() if there else None
        if row is None:
            raise SearchUnavailable("no index yet")
        state = State(*row)
        if state.format != FORMAT:
            raise SearchUnavailable("the index has another format")
        return state

    @contextmanager
    def _as_writer(self, patience: float) -> Iterator[Connection]:
        """The connection that holds the writer's lock; the lock dies with it, so a killed writer blocks nobody."""
        if self._writing and self._writing[0] == threading.get_ident():
            yield self._writing[1]
            return
        with self._database.connect() as connection:
            self._wait(connection, patience)
            self._writing = (threading.get_ident(), connection)
            try:
                yield connection
            finally:
                self._writing = None
                with suppress(DBAPIError), connection.begin():
                    connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": self._lock_number})

    def _wait(self, connection: Connection, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            with connection.begin():
                if connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": self._lock_number}):
                    return
            if time.monotonic() >= deadline:
                raise IndexBusy("another process writes the search index")
            time.sleep(_PAUSE_SECONDS)

    def _generations(self, connection: Connection) -> list[str]:
        pattern = f"^{self._home}_[0-9]{{6}}$"
        with connection.begin():
            return list(
                connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname ~ :pattern ORDER BY 1"), {"pattern": pattern})
            )

    def _last_generation(self, connection: Connection) -> int:
        return max((int(name[-6:]) for name in self._generations(connection)), default=0)

    def _sweep(self, connection: Connection, keep: str) -> None:
        """Drop older generations; one that is still read stays until the next rebuild."""
        for name in self._generations(connection):
            if name != keep:
                with suppress(DBAPIError), connection.begin():
                    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
                    connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))


_STATE = "SELECT format, words, generation, documents, next_number, version FROM {home}.state"
#: Plans are made for the very values asked, and no question waits for a compiler.
_BEGIN = (
    "SELECT set_config('search_path', :path, true), set_config('statement_timeout', :limit, true), set_config('jit', 'off', true),"
    " set_config('plan_cache_mode', 'force_custom_plan', true), set_config('work_mem', '32MB', true)"
)
_HEALTH = (
    "SELECT (SELECT count(*) FROM product), (SELECT coalesce(sum(n), 0) FROM term WHERE lexeme IN ('#in_stock=0', '#in_stock=1')),"
    " (SELECT coalesce(sum(bit_count(bits)), 0) FROM bits WHERE lexeme = '*')"
)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise SearchUnavailable(_reason(error), damaged=isinstance(error, ProgrammingError)) from error


def _reason(error: DBAPIError) -> str:
    return f"the database refused: {type(error.orig).__name__}"
