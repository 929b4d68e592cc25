"""The columns of each kind of table: what they are called in both languages and by habit, which are needed, and an example of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.areas import fold_name
from catalog.models.importing import ImportKind
from kernel.locales import pick


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Its names stand here and not with the translations, because an import knows both whoever reads the page."""

    name: str
    label: str
    label_id: str
    example: str = ""
    #: Further headings people use; compared as letters and digits only.
    also: tuple[str, ...] = ()
    is_needed: bool = False


def _two(name: str, label: str, label_id: str, example: str = "", also: tuple[str, ...] = ()) -> tuple[Column, Column]:
    """A text in two languages; the labels end in the language."""
    first = Column(f"{name}_id", f"{label} (Indonesian)", f"{label_id} (Indonesia)", example, (label_id, *also))
    second = Column(f"{name}_en", f"{label} (English)", f"{label_id} (Inggris)", "", (f"{label_id} bahasa inggris", f"{label} en"))
    return first, second


_MAKER = Column(
    "maker",
    "Maker",
    "Pembuat",
    "Dapur Contoh",
    ("nama pembuat", "umkm", "nama umkm", "produsen", "nama usaha", "kelompok", "pengrajin"),
)
_PRODUCT = Column("product", "Product", "Produk", "Keripik Singkong Contoh", ("nama produk", "kode produk", "product code", "slug"))

COLUMNS: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.MAKERS: (
        Column("code", "Maker code", "Kode pembuat", "", ("kode", "slug", "id pembuat")),
        Column(
            "name",
            "Maker name",
            "Nama pembuat",
            "Dapur Contoh",
            ("nama", "name", "maker", "nama usaha", "nama umkm", "umkm", "pembuat", "nama kelompok", "produsen", "nama pelaku usaha"),
            is_needed=True,
        ),
        Column("kind", "Kind of maker", "Jenis pembuat", "rumah tangga", ("jenis", "kind", "bentuk usaha", "jenis usaha", "tipe")),
        Column(
            "village_code",
            "Village",
            "Desa",
            "Talang Bulang",
            ("kode desa", "nama desa", "desa kelurahan", "desakelurahan", "kelurahan", "village code", "kode wilayah"),
            is_needed=True,
        ),
        Column("district", "District", "Kecamatan", "Talang Ubi", ("kec", "nama kecamatan")),
        Column(
            "phone",
            "Phone number",
            "Nomor telepon",
            "0812 3456 7890",
            ("no hp", "hp", "nomor hp", "no wa", "wa", "whatsapp", "nomor whatsapp", "no telp", "telepon", "phone"),
        ),
        Column("is_phone_public", "Buyers may see the number", "Nomor boleh dilihat pembeli", "tidak", ("nomor publik",)),
        Column("founded_year", "Founded in", "Tahun berdiri", "2015", ("berdiri", "tahun", "founded year", "founded")),
        Column(
            "people_count",
            "People",
            "Jumlah orang",
            "4",
            ("tenaga kerja", "jumlah tenaga kerja", "anggota", "jumlah anggota", "people count"),
        ),
        *_two("story", "Story", "Cerita", "Kami menggoreng sejak 2015.", ("profil", "keterangan", "riwayat")),
    ),
    ImportKind.PRODUCTS: (
        Column("code", "Product code", "Kode produk", "", ("kode", "slug")),
        Column(_MAKER.name, _MAKER.label, _MAKER.label_id, _MAKER.example, (*_MAKER.also, "kode pembuat", "maker code"), is_needed=True),
        Column(
            "village_code", "Made in the village", "Desa pembuatan", "", ("desa", "village", "nama desa", "kode desa", "desa kelurahan")
        ),
        Column(
            "name_id",
            "Product name (Indonesian)",
            "Nama produk (Indonesia)",
            "Keripik Singkong Contoh",
            ("nama produk", "nama", "produk", "product", "product name", "name", "nama barang"),
            is_needed=True,
        ),
        Column(
            "name_en",
            "Product name (English)",
            "Nama produk (Inggris)",
            "Sample Cassava Crisps",
            ("name en", "english name", "nama inggris"),
        ),
        Column(
            "category", "Category", "Kategori", "Keripik", ("jenis produk", "rak", "kelompok produk", "kategori produk"), is_needed=True
        ),
        Column("scheme", "Programme", "Program", "OVOP", ("skema",)),
        Column("halal_state", "Halal", "Halal", "belum", ("status halal", "halal state")),
        Column("travel_limit", "Shipping limit", "Batas pengiriman", "", ("pengiriman", "dapat dikirim")),
        Column(
            "shelf_life_days",
            "Shelf life in days",
            "Masa simpan (hari)",
            "90",
            ("masa simpan", "umur simpan", "kedaluwarsa hari", "shelf life"),
        ),
        Column("allergens", "Allergens", "Alergen", "", ("alergi",)),
        *_two("summary", "One sentence", "Satu kalimat", "Renyah, tipis, dan gurih.", ("ringkasan",)),
        *_two("description", "Description", "Deskripsi", "", ("keterangan", "uraian", "cerita", "cerita produk")),
        *_two("material", "Material", "Bahan", "", ("bahan baku",)),
        *_two("technique", "Technique", "Teknik", "", ("cara pembuatan", "proses")),
        *_two("design", "Design", "Desain", "", ("motif",)),
        *_two("culture", "Culture", "Budaya", "", ("makna",)),
        *_two("storage", "Storage", "Cara simpan", "", ("penyimpanan",)),
    ),
    ImportKind.VARIANTS: (
        Column("code", "Variant code", "Kode ukuran", "", ("kode", "kode varian", "sku")),
        Column(_PRODUCT.name, _PRODUCT.label, _PRODUCT.label_id, _PRODUCT.example, _PRODUCT.also, is_needed=True),
        _MAKER,
        Column(
            "name_id",
            "Size name (Indonesian)",
            "Nama ukuran (Indonesia)",
            "250 g",
            ("nama ukuran", "ukuran", "varian", "variant", "size", "kemasan", "nama varian"),
            is_needed=True,
        ),
        Column("name_en", "Size name (English)", "Nama ukuran (Inggris)", "", ("size name", "name en")),
        Column(
            "net_quantity",
            "Net quantity",
            "Isi bersih",
            "250 g",
            ("netto", "berat bersih", "isi", "neto", "net", "volume"),
            is_needed=True,
        ),
        Column("unit", "Unit", "Satuan", "", ()),
        Column(
            "shipping_weight_g",
            "Parcel weight in grams",
            "Berat paket (gram)",
            "300",
            ("berat kirim", "berat paket", "berat kotor", "berat", "weight"),
            is_needed=True,
        ),
        Column("gtin", "Barcode", "Barcode", "", ("gtin", "ean", "kode batang", "barcode produk")),
        Column("is_active", "Can be sold", "Bisa dijual", "ya", ("aktif", "dijual", "is active")),
        Column("price", "Price from today", "Harga mulai hari ini", "25.000", ("harga", "harga jual", "price", "harga satuan", "harga rp")),
    ),
    ImportKind.PRICES: (
        Column(
            "variant",
            "Variant code or barcode",
            "Kode ukuran atau barcode",
            "",
            ("kode", "kode ukuran", "barcode", "gtin", "ean", "sku", "variant code", "kode varian"),
        ),
        Column(_PRODUCT.name, _PRODUCT.label, _PRODUCT.label_id, _PRODUCT.example, _PRODUCT.also),
        Column("size", "Size", "Ukuran", "250 g", ("nama ukuran", "varian", "kemasan", "variant")),
        Column("price", "Price", "Harga", "25.000", ("harga jual", "harga baru", "harga rp", "new price", "harga satuan"), is_needed=True),
        Column(
            "starts_on",
            "From",
            "Mulai",
            "21/11/2030",
            ("mulai tanggal", "berlaku mulai", "tanggal mulai", "tanggal", "starts on", "dari"),
        ),
        Column("ends_on", "Until", "Sampai", "", ("sampai tanggal", "berlaku sampai", "tanggal akhir", "ends on", "hingga")),
    ),
    ImportKind.CERTIFICATES: (
        Column(_PRODUCT.name, _PRODUCT.label, _PRODUCT.label_id, _PRODUCT.example, _PRODUCT.also),
        _MAKER,
        Column(
            "kind",
            "Kind of paper",
            "Jenis surat",
            "PIRT",
            ("jenis", "jenis izin", "jenis sertifikat", "izin", "sertifikat", "kind"),
            is_needed=True,
        ),
        Column(
            "number",
            "Number",
            "Nomor",
            "2061612010001-29",
            ("no", "nomor izin", "nomor sertifikat", "nomor surat", "no sertifikat", "no izin", "no pirt"),
        ),
        Column("issuer", "Issued by", "Penerbit", "Dinas Kesehatan", ("diterbitkan oleh", "issuer", "lembaga", "instansi"), is_needed=True),
        Column(
            "valid_from_on",
            "Valid from",
            "Berlaku mulai",
            "02/01/2025",
            ("tanggal terbit", "mulai", "tanggal mulai", "terbit", "valid from on"),
            is_needed=True,
        ),
        Column(
            "valid_until_on",
            "Valid until",
            "Berlaku sampai",
            "31/12/2029",
            ("kedaluwarsa", "kadaluarsa", "masa berlaku", "sampai", "tanggal akhir", "valid until on"),
        ),
        Column("award_scheme", "Name of the award", "Nama penghargaan", "", ("penghargaan",)),
        Column("award_year", "Year of the award", "Tahun penghargaan", "", ("tahun",)),
        Column("stars", "Stars", "Bintang", "", ()),
        Column("stars_scale", "Out of", "Dari skala", "", ("skala",)),
    ),
}


def columns_of(kind: ImportKind) -> Mapping[str, Column]:
    """The columns of one kind by name, in their order."""
    return {column.name: column for column in COLUMNS[kind]}


def guess_mapping(kind: ImportKind, headings: Sequence[str]) -> dict[str, int]:
    """Column -> place of the heading that is called like it: by its own two names first, then by habit. No heading serves twice."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    folded = [fold_name(heading) for heading in headings]
    for names in (_own_names, _other_names):
        for column in COLUMNS[kind]:
            if column.name in found:
                continue
            wanted = names(column)
            place = next((at for at, heading in enumerate(folded) if at not in taken and heading and heading in wanted), None)
            if place is not None:
                found[column.name] = place
                taken.add(place)
    return found


def count_known(kind: ImportKind, cells: Sequence[str]) -> int:
    """How many of the cells are headings we know; how a row of headings is told from titles and data."""
    return len(guess_mapping(kind, cells)) if sum(1 for cell in cells if cell) > 1 else 0


def missing_columns(kind: ImportKind, mapping: Mapping[str, int]) -> list[Column]:
    """What a table of this kind cannot do without and has not."""
    missing = [column for column in COLUMNS[kind] if column.is_needed and column.name not in mapping]
    if kind is ImportKind.PRICES and "variant" not in mapping and not {"product", "size"} <= mapping.keys():
        missing.append(columns_of(kind)["variant"])
    if kind is ImportKind.CERTIFICATES and not {"product", "maker"} & mapping.keys():
        missing.append(columns_of(kind)["product"])
    return missing


def _own_names(column: Column) -> set[str]:
    return {fold_name(column.label), fold_name(column.label_id), fold_name(column.name)}


def _other_names(column: Column) -> set[str]:
    return {fold_name(name) for name in column.also}


def label_of(column: Column, language: str) -> str:
    """What the column is called in a language."""
    return pick(language, column.label_id, column.label)
