"""The photo pipeline: what comes from a camera leaves as pixels only, and what is no photo is refused quickly."""

import io
import resource
import time
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

from catalog.media_pipeline import TARGETS, prepare_photo
from catalog.photo_files import FORMATS, WIDTHS
from kernel.errors import InvalidInput


def scene(width: int = 1600, height: int = 2000, mode: str = "RGB") -> Image.Image:
    """A picture with a red left half and a blue right half."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    ImageDraw.Draw(image).rectangle([width // 2, 0, width, height], fill=(30, 30, 200))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def is_like(pixel: object, red: int, green: int, blue: int) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 30 for one, other in zip(pixel, (red, green, blue), strict=True))


def test_three_widths_in_three_formats_keep_the_shape() -> None:
    photo = prepare_photo(saved(scene(), "JPEG"))
    assert set(photo.files) == {(width, ending) for width in WIDTHS for ending in FORMATS}
    assert (photo.width, photo.height) == (1080, 1350)
    for (width, ending), data in photo.files.items():
        image = opened(data)
        assert (image.format, image.size) == (TARGETS[ending].pillow_name, (width, width * 5 // 4))
        assert len(data) <= TARGETS[ending].budgets[width]


@pytest.mark.parametrize(
    "make",
    [
        lambda: saved(scene(480, 600), "PNG"),
        lambda: saved(scene(480, 600), "WEBP"),
        lambda: saved(scene(480, 600), "AVIF", speed=9),
        lambda: saved(scene(480, 600), "JPEG", progressive=True),
        lambda: saved(scene(480, 600, "L"), "JPEG"),
        lambda: saved(scene(480, 600, "CMYK"), "JPEG"),
        lambda: saved(scene(480, 600, "P"), "PNG"),
        lambda: saved(scene(480, 600, "1"), "PNG"),
        lambda: saved(scene(480, 600, "RGBA"), "PNG"),
        lambda: saved(scene(480, 600, "L").convert("I;16"), "PNG"),
    ],
)
def test_every_kind_of_photo_is_read(make: Callable[[], bytes]) -> None:
    photo = prepare_photo(make())
    assert opened(photo.files[320, "jpg"]).mode == "RGB"


def test_the_picture_is_turned_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6  # the camera was held on its side: the left edge belongs on top
    exif[Base.Model] = "Telepon Contoh"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "S"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (3.0, 22.0, 59.0)
    data = saved(scene(2000, 1600), "JPEG", exif=exif, comment=b"rahasia", quality=95)
    assert b"Telepon Contoh" in data
    photo = prepare_photo(data)
    assert (photo.width, photo.height) == (1080, 1350)
    for ending in FORMATS:
        image = opened(photo.files[640, ending])
        assert dict(image.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "comment"} & {key for key in image.info if image.info[key]}
        plain = image.convert("RGB")
        assert is_like(plain.getpixel((320, 100)), 200, 30, 30)
        assert is_like(plain.getpixel((320, 700)), 30, 30, 200)
    assert not any(b"Telepon" in file or b"rahasia" in file for file in photo.files.values())


def test_a_damaged_exif_block_does_not_cost_the_photo() -> None:
    data = saved(scene(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff broken")
    assert prepare_photo(data).width == 1080


def test_transparency_becomes_white() -> None:
    clear = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    corner = opened(prepare_photo(saved(clear, "PNG")).files[320, "jpg"]).getpixel((5, 5))
    assert is_like(corner, 255, 255, 255)


def test_a_small_picture_is_never_made_larger() -> None:
    photo = prepare_photo(saved(scene(500, 400), "PNG"))
    assert (photo.width, photo.height) == (500, 400)
    assert opened(photo.files[1080, "avif"]).size == (500, 400)
    assert opened(photo.files[320, "avif"]).size == (320, 256)


def test_even_noise_stays_within_the_budget_of_slow_phones() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((1080, 1350), 90) for _ in range(3)])
    photo = prepare_photo(saved(noise, "JPEG", quality=90))
    assert len(photo.files[320, "avif"]) <= 12_000
    assert len(photo.files[1080, "avif"]) <= 80_000


def _heic(brand: bytes = b"heic") -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00mif1heic" + b"\x00" * 200


def _lying_png() -> bytes:
    """A PNG that says it is 600 pixels wide and holds less."""
    data = saved(Image.new("RGB", (600, 10)), "PNG")
    return data[:20] + (600).to_bytes(4, "big") + data[24:]


NO_PHOTOS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"bukan foto",
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg with a heading": lambda: b'<?xml version="1.0"?><!DOCTYPE svg><svg/>',
    "html": lambda: b"<html><script>alert(1)</script></html>",
    "gif": lambda: saved(scene(400, 400), "GIF"),
    "bmp": lambda: saved(scene(400, 400), "BMP"),
    "tiff": lambda: saved(scene(400, 400), "TIFF"),
    "ico": lambda: saved(scene(256, 256), "ICO"),
    "pdf": lambda: saved(scene(400, 400), "PDF"),
    "eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 400\n",
    "zip": lambda: b"PK\x03\x04" + b"\x00" * 100,
    "php behind a jpeg's first bytes": lambda: b"\xff\xd8\xff\xe0<?php system($_GET[0]); ?>",
    "gif and script": lambda: b"GIF89a/*" + b"\x00" * 50 + b"*/=alert(1)",
    "half a jpeg": lambda: saved(scene(), "JPEG")[:3000],
    "half a png": lambda: saved(scene(), "PNG")[:300],
    "half a webp": lambda: saved(scene(), "WEBP")[:200],
    "half an avif": lambda: saved(scene(400, 400), "AVIF", speed=9)[:300],
    "a png that lies about its size": _lying_png,
    "a png without pixels": lambda: saved(scene(400, 400), "PNG")[:33],
    "heic": _heic,
    "heif sequence": lambda: _heic(b"msf1"),
    "hevc": lambda: _heic(b"hevc"),
    "a pixel": lambda: saved(Image.new("RGB", (1, 1)), "PNG"),
    "a thin line": lambda: saved(Image.new("RGB", (300, 2000)), "PNG"),
    "too small": lambda: saved(Image.new("RGB", (199, 400)), "JPEG"),
    "too many bytes": lambda: saved(scene(400, 400), "PNG") + b"\x00" * (20 * 1024 * 1024),
    "only zeros": lambda: b"\x00" * 5000,
    "only ones": lambda: b"\xff" * 5000,
    "a wrong riff": lambda: b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\xff" * 100,
}


@pytest.mark.parametrize("kind", NO_PHOTOS)
def test_what_is_no_photo_of_ours_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        prepare_photo(NO_PHOTOS[kind]())
    assert refusal.value.field == "photo"
    assert str(refusal.value).endswith(".")


def test_heic_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="HEIC"):
        prepare_photo(_heic())


def test_a_polyglot_loses_everything_but_its_pixels() -> None:
    data = saved(scene(400, 400), "PNG") + b"<script>alert(1)</script><?php ?>"
    assert not any(b"<script" in file or b"<?php" in file for file in prepare_photo(data).files.values())


@pytest.mark.parametrize("size", [(10_000, 10_000), (8_200, 8_200), (20_000, 20_000), (65_535, 3_000)])
def test_a_decompression_bomb_is_refused_within_a_second_and_without_memory(size: tuple[int, int]) -> None:
    data = saved(Image.new("1", size), "PNG")
    before, started = _peak_megabytes(), time.process_time()
    with pytest.raises(InvalidInput):
        prepare_photo(data)
    assert time.process_time() - started < 1
    assert _peak_megabytes() - before < 20


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_must_be_decoded_whole_may_be_less_large(kind: str) -> None:
    with pytest.raises(InvalidInput, match="pixels"):
        prepare_photo(saved(Image.new("RGB", (5_000, 3_600)), kind))


def test_a_64_megapixel_photo_is_accepted_within_its_time_and_memory() -> None:
    data = saved(Image.effect_noise((2312, 1734), 40).resize((9248, 6936)).convert("RGB"), "JPEG", quality=75)
    assert len(data) < 20 * 1024 * 1024
    before, started = _peak_megabytes(), time.process_time()
    photo = prepare_photo(data)
    assert time.process_time() - started < 5
    assert _peak_megabytes() - before < 150
    assert (photo.width, photo.height) == (1080, 810)


def _peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
