"""From a camera's file to ours: judged before decoding, turned upright, stripped of where it was taken, in three widths and formats."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps
from PIL.ImageCms import PyCMSError

from catalog.photo_files import WIDTHS, PreparedPhoto
from kernel.errors import N_, InvalidInput

LARGEST_FILE = 20 * 1024 * 1024
#: What a phone's camera makes at most; a baseline JPEG of this size is decoded at an eighth, so it never fills memory.
LARGEST_PIXELS = 66_000_000
#: A progressive JPEG keeps all its coefficients while it is decoded, about 4 bytes for each pixel.
LARGEST_PIXELS_PROGRESSIVE = 25_000_000
#: PNG, WebP and AVIF can only be decoded whole: 4 bytes for each pixel, twice when they are transparent.
LARGEST_PIXELS_WHOLE = 16_000_000
SMALLEST_SIDE = 200
LONGEST_RATIO = 5
_DECODERS = ("JPEG", "PNG", "WEBP", "AVIF")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif"}


@dataclass(frozen=True, slots=True)
class Target:
    """How one format is written: Pillow's name, the first quality to try, and the bytes a width may take."""

    pillow_name: str
    qualities: tuple[int, ...]
    budgets: dict[int, int]
    options: dict[str, object]


#: By file ending. The page offers AVIF first; budgets of AVIF are the house's promise to slow phones, the others follow.
#: AVIF speed 8 takes a quarter of the time of speed 6 for a tenth more bytes.
TARGETS = {
    "avif": Target("AVIF", (62, 48, 36, 26, 18, 12), {320: 12_000, 640: 36_000, 1080: 80_000}, {"speed": 8}),
    "webp": Target("WEBP", (78, 65, 50, 38, 25), {320: 16_000, 640: 48_000, 1080: 110_000}, {"method": 3}),
    "jpg": Target("JPEG", (80, 68, 55, 42, 30), {320: 24_000, 640: 72_000, 1080: 170_000}, {"optimize": True, "progressive": True}),
}


def prepare_photo(data: bytes, *, field: str = "photo") -> PreparedPhoto:
    """All stored files of the photo in `data`; InvalidInput with a sentence for people when it cannot be used.

    Works without a database and takes about half a second: call it before the transaction opens.
    """
    _check_signature(data, field)
    with _opened(data, field) as image:
        _check_size(image, field)
        picture = _upright_and_plain(image)
    largest = _fitted(picture, WIDTHS[-1])
    files = {}
    for width in WIDTHS:
        sized = largest if width >= largest.width else _fitted(largest, width)
        for ending, target in TARGETS.items():
            files[width, ending] = _encode(sized, target, target.budgets[width])
    return PreparedPhoto(files=files, width=largest.width, height=largest.height)


def _check_signature(data: bytes, field: str) -> None:
    if not data:
        raise InvalidInput(N_("Please choose a photo."), field=field)
    if len(data) > LARGEST_FILE:
        raise InvalidInput(N_("This file is larger than 20 MB; please choose a smaller photo."), field=field)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and b"avif" not in data[8:64]:
        raise InvalidInput(
            N_("HEIC photos cannot be shown in browsers. Choose “most compatible” in the camera settings, or send a JPEG."), field=field
        )


@contextmanager
def _opened(data: bytes, field: str) -> Iterator[Image.Image]:
    """The picture with only its head read. Every failure of a decoder becomes one refusal: hostile bytes fail in any way."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Pillow only warns from 89 to 179 megapixels; here both are refusals.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_DECODERS) as image:
                yield image
    except InvalidInput:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels(field) from None
    except Exception:
        raise InvalidInput(N_("This is not a photo we can read; please send a JPEG, PNG or WebP file."), field=field) from None


def _check_size(image: Image.Image, field: str) -> None:
    width, height = image.size
    if width * height > _most_pixels(image):
        raise _too_many_pixels(field)
    if min(width, height) < SMALLEST_SIDE:
        raise InvalidInput(
            N_("This picture is too small; it needs at least %(size)s pixels on each side."), field=field, size=SMALLEST_SIDE
        )
    if max(width, height) > LONGEST_RATIO * min(width, height):
        raise InvalidInput(N_("This picture is too long and narrow; please cut it first."), field=field)


def _most_pixels(image: Image.Image) -> int:
    """What may be decoded within about 130 MB of memory."""
    if image.format not in ("JPEG", "MPO"):
        return LARGEST_PIXELS_WHOLE
    is_progressive = image.info.get("progressive") or image.info.get("progression")
    return LARGEST_PIXELS_PROGRESSIVE if is_progressive else LARGEST_PIXELS


def _too_many_pixels(field: str) -> InvalidInput:
    return InvalidInput(N_("This picture has too many pixels; please send a smaller one."), field=field)


def _upright_and_plain(image: Image.Image) -> Image.Image:
    """The picture decoded no larger than needed, turned as the camera says, in sRGB on white, with nothing but pixels left."""
    profile = image.info.get("icc_profile")
    target = WIDTHS[-1]
    image.draft("RGB", (target, target))  # a JPEG can be decoded at a half, a quarter or an eighth
    image.load()
    if max(image.size) > 3 * target and image.mode in ("RGB", "RGBA", "L", "CMYK"):
        image.thumbnail((3 * target, 3 * target), Image.Resampling.BOX)  # from here on, memory is small
    upright = _turned(image)
    plain = Image.new("RGB", upright.size, "white")
    if upright.mode.startswith(("I", "F")):
        upright = upright.convert("I").point(lambda value: value / 256).convert("L")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        plain.paste(upright, mask=upright.getchannel("A"))
    else:
        plain.paste(_in_srgb(upright, profile))
    return plain


def _turned(image: Image.Image) -> Image.Image:
    """Upright as the camera noted it; as it lies when the note is damaged."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a damaged EXIF block fails in as many ways as damaged pixels, but the pixels are fine
        return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as every browser shows them without a profile; phones photograph in wider ones."""
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
        except (PyCMSError, OSError, ValueError):
            pass  # a broken profile: the plain numbers are the best guess
    return image.convert("RGB")


def _fitted(picture: Image.Image, width: int) -> Image.Image:
    """`picture` at most `width` wide; never made larger."""
    if picture.width <= width:
        return picture
    return picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encode(picture: Image.Image, target: Target, budget: int) -> bytes:
    """The best quality whose bytes fit the budget, or the lowest one when none does. Far too many bytes skip a step."""
    step = 0
    while True:
        buffer = io.BytesIO()
        picture.save(buffer, target.pillow_name, quality=target.qualities[step], **target.options)
        data = buffer.getvalue()
        last = len(target.qualities) - 1
        if len(data) <= budget or step == last:
            return data
        step = min(last, step + (1 if len(data) < 1.5 * budget else 2))
