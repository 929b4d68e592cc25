"""Where a demo may live: in a folder of its own, on ports that are free, with the payment it was given."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from storefront.demo.ground import MARK, NotOurs, is_free, lay_ground, start_over


def test_a_new_folder_becomes_a_demo_with_its_stand_in(tmp_path: Path) -> None:
    ground = lay_ground({"ETALASE_DATA_FOLDER": str(tmp_path), "PORT": "8123", "HOME": "/nowhere"})
    settings = ground.settings
    assert settings.mode == "demo"
    assert settings.base_url == "http://127.0.0.1:8123"
    assert settings.stripe_api_base == f"http://127.0.0.1:{ground.stand_in_port}"
    assert settings.takes_cards
    assert ground.environment["HOME"] == "/nowhere"


def test_the_stand_in_keeps_its_port(tmp_path: Path) -> None:
    environ = {"ETALASE_DATA_FOLDER": str(tmp_path)}
    first = lay_ground(environ).stand_in_port
    assert lay_ground(environ).stand_in_port == first
    assert json.loads((tmp_path / MARK).read_text()) == {"stand_in_port": first}


def test_real_keys_take_the_place_of_the_stand_in(tmp_path: Path) -> None:
    keys = {"ETALASE_STRIPE_SECRET_KEY": "sk_test_mine", "ETALASE_STRIPE_WEBHOOK_SECRET": "whsec_mine"}
    ground = lay_ground({"ETALASE_DATA_FOLDER": str(tmp_path), **keys})
    assert ground.stand_in_port is None
    assert ground.settings.stripe_secret_key == "sk_test_mine"
    assert ground.settings.stripe_api_base == ""


def test_settings_of_a_real_shop_are_not_heard(tmp_path: Path) -> None:
    environ = {"ETALASE_DATA_FOLDER": str(tmp_path), "ETALASE_MODE": "production", "ETALASE_DATABASE_URL": "postgresql://real/shop"}
    settings = lay_ground(environ).settings
    assert settings.mode == "demo"
    assert settings.database.startswith("sqlite:///")


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1", "８０００"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(NotOurs, match="PORT must be"):
        lay_ground({"ETALASE_DATA_FOLDER": str(tmp_path), "PORT": port})


def test_a_folder_with_somebody_elses_data_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "etalase.db"
    database.write_text("a real shop")
    with pytest.raises(NotOurs, match="not the demo's"):
        lay_ground({"ETALASE_DATA_FOLDER": str(tmp_path)})
    start_over(tmp_path)
    assert database.read_text() == "a real shop"


def test_starting_over_removes_only_what_the_demo_made(tmp_path: Path) -> None:
    lay_ground({"ETALASE_DATA_FOLDER": str(tmp_path)})
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "photo.jpg").touch()
    (tmp_path / "etalase.db").touch()
    (tmp_path / "etalase.db-wal").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "album").mkdir()
    start_over(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["album", MARK, "notes.txt"]


def test_a_port_in_use_is_seen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not is_free(taken.getsockname()[1])
