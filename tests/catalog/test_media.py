"""Photos in the storage: random names, no way out of the folder, and owners that keep what they need."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from catalog.media import (
    BadName,
    FolderStorage,
    add_photo,
    delete_files,
    describe_photo,
    file_name,
    file_names,
    list_photos,
    move_photo,
    remove_photo,
)
from catalog.media_pipeline import prepare_photo
from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.product import ListingState
from catalog.photo_files import PreparedPhoto
from kernel import audit
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM, Role
from tests.make import KARANG_AGUNG, make_actor, make_product


@pytest.fixture(scope="module")
def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 500), "tan").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def prepared(picture: bytes) -> PreparedPhoto:
    return prepare_photo(picture)


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "media")


def test_a_photo_is_stored_under_a_random_name(session: Session, storage: FolderStorage, picture: bytes) -> None:
    product = make_product(session)
    photo = add_photo(session, storage, picture, product, actor=SYSTEM, alt_id="Keripik", alt_en="Chips")
    assert (photo.product_id, photo.width, photo.height, photo.position) == (product.id, 400, 500, 0)
    assert len(photo.name) == 32
    assert photo.name.isalnum()
    assert all(storage.exists(name) for name in file_names(photo.name))
    assert Image.open(io.BytesIO(storage.open(file_name(photo.name, 320, "avif")))).size == (320, 400)


def test_makers_and_villages_have_photos_too(session: Session, storage: FolderStorage, prepared: PreparedPhoto) -> None:
    product = make_product(session)
    maker, village = session.get_one(Maker, product.maker_id), session.get_one(Area, KARANG_AGUNG)
    assert add_photo(session, storage, prepared, maker, actor=SYSTEM).maker_id == maker.id
    assert add_photo(session, storage, prepared, village, actor=SYSTEM).area_code == KARANG_AGUNG
    assert audit.list_for(session, f"area:{KARANG_AGUNG}")[0].action == "photo.add"


def test_a_file_that_is_no_photo_leaves_nothing_behind(session: Session, storage: FolderStorage) -> None:
    product = make_product(session)
    with pytest.raises(InvalidInput):
        add_photo(session, storage, b"<svg/>", product, actor=SYSTEM)
    assert list_photos(session, product) == []
    assert not storage.folder.exists()


def test_photos_keep_their_order_when_one_moves(session: Session, storage: FolderStorage, prepared: PreparedPhoto) -> None:
    product = make_product(session)
    first, second, third = (add_photo(session, storage, prepared, product, actor=SYSTEM) for _ in range(3))
    assert move_photo(session, SYSTEM, third, 0) == [third, first, second]
    assert move_photo(session, SYSTEM, third, 99) == [first, second, third]
    assert [photo.position for photo in list_photos(session, product)] == [0, 1, 2]


def test_a_removed_photos_files_go_after_the_commit(session: Session, storage: FolderStorage, prepared: PreparedPhoto) -> None:
    product = make_product(session)
    first, second = (add_photo(session, storage, prepared, product, actor=SYSTEM) for _ in range(2))
    names = remove_photo(session, SYSTEM, first)
    assert storage.exists(names[0])
    delete_files(storage, names)
    delete_files(storage, names)
    assert not any(storage.exists(name) for name in names)
    assert [(photo.id, photo.position) for photo in list_photos(session, product)] == [(second.id, 0)]


def test_the_last_photo_of_a_live_product_stays(session: Session, storage: FolderStorage, prepared: PreparedPhoto) -> None:
    product = make_product(session, state=ListingState.LIVE)
    photo = add_photo(session, storage, prepared, product, actor=SYSTEM)
    with pytest.raises(Conflict):
        remove_photo(session, SYSTEM, photo)
    product.state = ListingState.DRAFT
    assert remove_photo(session, SYSTEM, photo)


def test_a_product_has_room_for_twelve(session: Session, storage: FolderStorage, prepared: PreparedPhoto) -> None:
    product = make_product(session)
    for _ in range(12):
        add_photo(session, storage, prepared, product, actor=SYSTEM)
    with pytest.raises(InvalidInput, match="at most 12"):
        add_photo(session, storage, prepared, product, actor=SYSTEM)


def test_words_for_a_photo_are_kept_and_bounded(session: Session, storage: FolderStorage, prepared: PreparedPhoto) -> None:
    photo = add_photo(session, storage, prepared, make_product(session), actor=SYSTEM)
    describe_photo(session, SYSTEM, photo, alt_id=" Keripik di piring ", alt_en="")
    assert photo.alt_id == "Keripik di piring"
    with pytest.raises(InvalidInput) as refusal:
        describe_photo(session, SYSTEM, photo, alt_id="", alt_en="x" * 201)
    assert refusal.value.field == "alt_en"


def test_strangers_are_refused_before_anything_is_decoded(session: Session, storage: FolderStorage, prepared: PreparedPhoto) -> None:
    product = make_product(session)
    photo = add_photo(session, storage, prepared, product, actor=SYSTEM)
    for actor in (GUEST, make_actor(session, Role.CASHIER), make_actor(session, Role.CURATOR, area_prefix="63.05")):
        with pytest.raises(NotAllowed):
            add_photo(session, storage, b"not even a photo", product, actor=actor)
        with pytest.raises(NotAllowed):
            remove_photo(session, actor, photo)


TRAVERSALS = [
    "../etalase.db", "..\\etalase.db", "/etc/passwd", "//etc/passwd", "C:\\windows\\win.ini", "a/../../b-320.avif", "./a-320.avif",
    "....//a-320.avif", "%2e%2e%2fa-320.avif", "..%2fa-320.avif", "..%c0%afa-320.avif", "a-320.avif\x00.png", "\x00a-320.avif",
    "a-320.avif/", "a-320.avif\n", "~root-320.avif", ".avif", "a-320.php", "a-320.avif.php", "A-320.AVIF", "-320.avif", "a b-320.avif",
    "con:.avif", "ａ-320.avif", "a" * 90 + ".avif",
]  # fmt: skip


@pytest.mark.parametrize("name", TRAVERSALS)
def test_no_name_leads_out_of_the_folder(storage: FolderStorage, name: str) -> None:
    storage.save("a-320.avif", b"ok")
    for act in (storage.open, storage.exists, storage.delete):
        with pytest.raises(BadName):
            act(name)
    with pytest.raises(BadName):
        storage.save(name, b"bad")
    assert [path.name for path in storage.folder.iterdir()] == ["a-320.avif"]
    assert [path.name for path in storage.folder.parent.iterdir()] == ["media"]


def test_a_file_is_replaced_whole(storage: FolderStorage) -> None:
    storage.save("a-320.jpg", b"first")
    storage.save("a-320.jpg", b"second")
    assert storage.open("a-320.jpg") == b"second"
    assert [path.name for path in storage.folder.iterdir()] == ["a-320.jpg"]
    with pytest.raises(FileNotFoundError):
        storage.open("b-320.jpg")
