"""The reader of pages itself: what it must find, and what it must leave alone."""

from __future__ import annotations

import pytest

from tests.sound_html import faults_of

PAGE = '<!doctype html><html lang="id"><head><title>Judul</title></head><body><main><h1>Judul</h1>{}</main></body></html>'


@pytest.mark.parametrize(
    "good",
    [
        '<p>Satu <a href="/">dua</a><br>tiga</p>',
        "<ul><li>Satu</li><li><p>Dua</p></li></ul>",
        "<dl><dt>Nama</dt><dd><p>Isi</p></dd><div><dt>Lain</dt><dd>Isi</dd></div></dl>",
        '<a href="/"><div><h2>Kartu</h2></div></a>',
        '<label for="x">Nama</label><input id="x" list="l"><datalist id="l"><option value="a"></option></datalist>',
        '<svg aria-hidden="true"><use href="#tanda"/></svg>',
        "<details><summary><h2>Buka</h2></summary><form><button>Kirim</button></form></details>",
        "<table><caption>Isi</caption><thead><tr><th>Nama</th></tr></thead><tbody><tr><td><p>Satu</p></td></tr></tbody></table>",
    ],
)
def test_a_sound_page_has_no_fault(good: str) -> None:
    assert faults_of(PAGE.format(good)) == []


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ("<p><div>Kotak</div></p>", "<div> among the words of <p>"),
        ("<p>Tidak ditutup", "</main> while ['p'] is open"),
        ("<div>", "</main> while ['div'] is open"),
        ("</div>", "</div> while"),
        ('<i id="a"></i><i id="a"></i>', "again"),
        ('<label for="tidak-ada">Nama</label>', "names nothing"),
        ('<a href="#tidak-ada">Ke sana</a>', "names nothing"),
        ('<a href="/"><button>Tekan</button></a>', "two things to press"),
        ('<a href="/"><span><a href="/x">Tekan</a></span></a>', "two things to press"),
        ("<form><div><form></form></div></form>", "<form> in <form>"),
        ("<ul><div>Satu</div></ul>", "<div> straight in <ul>"),
        ("<dl><div><svg></svg><dt>Nama</dt><dd>Isi</dd></div></dl>", "beside the terms"),
        ("<ul>Satu</ul>", "words straight in <ul>"),
        ("<div><li>Satu</li></div>", "<li> in <div>"),
        ("<table><tr><p>Satu</p></tr></table>", "<p> straight in <tr>"),
        ('<span class="a" class="b"></span>', "class twice"),
        ('<img src="/x.png">', "without alt"),
        ("<center>Tengah</center>", "no element of HTML"),
        ("<div/>", "closes nothing"),
        ("<h1>Kedua</h1>", "2 times <h1>"),
        ("<span><a href='/'><p>Satu</p></a></span>", "<p> among the words of <span>"),
    ],
)
def test_what_the_standard_forbids_is_found(bad: str, word: str) -> None:
    found = faults_of(PAGE.format(bad))
    assert any(word in fault for fault in found), found


def test_a_page_without_its_frame_is_found() -> None:
    assert faults_of("<p>Saja</p>")[0] == "no <!doctype html>"
