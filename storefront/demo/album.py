"""The demo's pictures: which are wanted, drawn and put through the photo pipeline by every core, and kept to be found again."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from catalog import media_pipeline
from catalog.media_pipeline import prepare_photo
from catalog.photo_files import FORMATS, WIDTHS, PreparedPhoto
from storefront.demo import pictures
from storefront.demo.pictures.makers import maker_picture
from storefront.demo.pictures.places import village_picture
from storefront.demo.pictures.products import VIEWS, product_picture
from storefront.demo.pictures.render import render
from storefront.demo.stories import Stories


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: of a product, a maker or a village, by motif, seed and view; the same shot is the same picture."""

    subject: str
    motif: str
    seed: int
    view: int


def product_shots(key: str, motif: str) -> list[Shot]:
    """A product's pictures: the pack, a closer look, and in use."""
    return [Shot("product", motif, crc32(key.encode()) % 10_000, view) for view in range(VIEWS)]


def maker_shot(slug: str, motif: str) -> Shot:
    """A maker's picture."""
    return Shot("maker", motif, crc32(slug.encode()) % 10_000, 0)


def village_shots(code: str, scenes: Sequence[str]) -> list[Shot]:
    """A village's pictures."""
    return [Shot("village", scene, crc32(code.encode()) % 10_000 + view, view) for view, scene in enumerate(scenes)]


def list_shots(stories: Stories) -> list[Shot]:
    """Every picture the demo shows."""
    shots = [shot for village in stories.villages for shot in village_shots(village.code, village.scenes)]
    for maker in stories.makers:
        shots.append(maker_shot(maker.slug, maker.picture))
        shots += [shot for product in maker.products for shot in product_shots(product.key, product.picture)]
    return shots


class Album:
    """Prepared pictures in a folder, under the hash of what makes them: drawing code, pipeline and shot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def missing(self, shots: Iterable[Shot]) -> list[Shot]:
        """Those of `shots` that are not there yet."""
        return [shot for shot in shots if not self._facts(shot).exists()]

    def fill_for(self, stories: Stories, add_bar: Callable[[str, int], Callable[[int], None]]) -> None:
        """Make what the stories want and is missing, on all cores, with a progress bar."""
        wanted = self.missing(list_shots(stories))
        if not wanted:
            return
        advance = add_bar("Pictures", len(wanted))
        self.folder.mkdir(parents=True, exist_ok=True)
        # A fresh interpreter per process: this one may hold threads and database connections, which do not survive a fork.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context, initializer=_end_quietly) as pool:
            for finished in as_completed([pool.submit(make, self.folder, shot) for shot in wanted]):
                finished.result()
                advance(1)

    def photo(self, shot: Shot) -> PreparedPhoto:
        """A picture made before by `fill`."""
        facts = json.loads(self._facts(shot).read_text())
        key = key_of(shot)
        files = {(width, ending): (self.folder / f"{key}-{width}.{ending}").read_bytes() for width in WIDTHS for ending in FORMATS}
        return PreparedPhoto(files=files, width=facts["width"], height=facts["height"])

    def _facts(self, shot: Shot) -> Path:
        return self.folder / f"{key_of(shot)}.json"


def _end_quietly() -> None:
    """Ctrl-C reaches every process of the terminal; the one that started these says what there is to say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def make(folder: Path, shot: Shot) -> None:
    """Draw, encode and keep one picture; its facts are written last, so that a broken run leaves no half picture."""
    prepared = prepare_photo(render(draw(shot), width_of(shot)))
    key = key_of(shot)
    for (width, ending), data in prepared.files.items():
        (folder / f"{key}-{width}.{ending}").write_bytes(data)
    unfinished = folder / f"{key}.part"
    unfinished.write_text(json.dumps({"width": prepared.width, "height": prepared.height}))
    unfinished.rename(folder / f"{key}.json")


def width_of(shot: Shot) -> int:
    """First views are as large as the shop shows pictures; further ones stand beside them at half the width."""
    return WIDTHS[-2] if shot.view else WIDTHS[-1]


def draw(shot: Shot) -> str:
    """The shot as SVG."""
    if shot.subject == "product":
        return product_picture(shot.motif, shot.seed, shot.view)
    if shot.subject == "maker":
        return maker_picture(shot.motif, shot.seed)
    return village_picture(shot.motif, shot.seed)


def key_of(shot: Shot) -> str:
    """The name of a shot's files; another drawing or another pipeline gives another name."""
    return hashlib.sha256(f"{_fingerprint()} {astuple(shot)}".encode()).hexdigest()[:24]


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    sources = [Path(__file__), Path(media_pipeline.__file__), *sorted(Path(pictures.__file__ or "").parent.rglob("*.py"))]
    total = hashlib.sha256()
    for source in sources:
        total.update(source.read_bytes())
    return total.hexdigest()
