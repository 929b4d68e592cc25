"""The criteria every office starts with, year 2026: three blocks of 35, 25 and 40 points, in Indonesian and English, as data.

Sources: the public criteria of Permenperin 14/2021, the older national scoring form, and Vietnam's OCOP (docs/curation.md). They are a
regency's own yardstick, not the ministry's.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog.curation.scorecard import Block, Rules

SCHEME = "regency_curation"
YEAR = 2026
NAME_ID, NAME_EN = "Kurasi kabupaten", "Regency curation"
VALID_MONTHS = 24
RULES = Rules(thresholds=(6_000, 7_500, 9_000), fewest_assessors=2, widest_spread=1_500)

#: Shares of a criterion's weight, from the lowest level.
SHARES = {3: (0, 5_000, 10_000), 4: (0, 3_333, 6_667, 10_000)}


@dataclass(frozen=True, slots=True)
class CriterionData:
    """A criterion as text: weight in basis points of the whole, levels as (Indonesian, English) from the lowest."""

    key: str
    block: Block
    weight_bps: int
    name: tuple[str, str]
    evidence: tuple[str, str]
    levels: tuple[tuple[str, str], ...]


_A, _B, _C = Block.PRODUCTION, Block.MARKET, Block.QUALITY

CRITERIA: tuple[CriterionData, ...] = (
    CriterionData(
        "local_material",
        _A,
        700,
        ("Bahan baku setempat", "Local material"),
        ("Nota pembelian bahan atau foto kebun", "Receipts for the material, or photos of the field"),
        (
            ("Kurang dari separuh bahan utama berasal dari kabupaten", "Less than half of the main material comes from the regency"),
            ("Separuh sampai 80% dari kabupaten", "Half to 80% from the regency"),
            ("Lebih dari 80% dari kabupaten", "More than 80% from the regency"),
            ("Seluruhnya dari kabupaten, terutama dari desa sendiri", "All from the regency, mostly from the own village"),
        ),
    ),
    CriterionData(
        "supply",
        _A,
        500,
        ("Kepastian pasokan", "Certainty of supply"),
        ("Catatan produksi atau perjanjian dengan pemasok", "Production records or agreements with suppliers"),
        (
            ("Bahan atau hasil sering putus", "Material or goods often run out"),
            ("Terjamin satu musim atau satu tahun", "Certain for a season or a year"),
            ("Terjamin lebih dari satu tahun, jumlahnya dapat diulang", "Certain for more than a year, in repeatable amounts"),
        ),
    ),
    CriterionData(
        "value_added",
        _A,
        600,
        ("Nilai tambah di desa", "Value added in the village"),
        ("Hitungan biaya bahan dan harga jual", "Cost of the material and selling price"),
        (
            ("Dijual hampir seperti bahan mentah, kurang dari 20%", "Sold almost raw, less than 20%"),
            ("20 sampai 60% dari harga jual tercipta di desa", "20 to 60% of the price is made in the village"),
            ("Lebih dari 60% dari harga jual tercipta di desa", "More than 60% of the price is made in the village"),
        ),
    ),
    CriterionData(
        "environment",
        _A,
        400,
        ("Lingkungan", "Environment"),
        ("Foto tempat produksi dan cara membuang limbah", "Photos of the workshop and of how waste is handled"),
        (
            ("Limbah tidak diperhatikan", "Waste is ignored"),
            ("Limbah dikendalikan", "Waste is controlled"),
            ("Tidak berdampak, atau limbah dimanfaatkan kembali", "No impact, or waste is used again"),
        ),
    ),
    CriterionData(
        "repeatability",
        _A,
        600,
        ("Mutu yang sama setiap kali", "The same every time"),
        ("Resep atau lembar kerja; tiga contoh dari hari berbeda", "Recipe or work sheet; three samples from different days"),
        (
            ("Hasil berbeda setiap kali dibuat", "Differs every time"),
            ("Ada takaran, hasil cukup sama", "Measured, fairly alike"),
            ("Takaran dan langkah tertulis, hasil sama", "Amounts and steps are written down, alike"),
            ("Tertulis, dicatat per batch, penyimpangan diperbaiki", "Written down, recorded per batch, deviations mended"),
        ),
    ),
    CriterionData(
        "community",
        _A,
        700,
        ("Pekerja dan kelompok desa", "Workers and groups of the village"),
        ("Daftar pekerja atau anggota", "List of workers or members"),
        (
            ("Dikerjakan sendiri", "Made alone"),
            ("Melibatkan keluarga atau tetangga", "Family or neighbours take part"),
            ("Kelompok dengan lima orang atau lebih", "A group of five people or more"),
            ("Kelompok, koperasi, atau BUMDes; perempuan ikut memiliki", "Group, cooperative or BUMDes; women share in it"),
        ),
    ),
    CriterionData(
        "channels",
        _B,
        700,
        ("Tempat jual", "Where it is sold"),
        ("Catatan penjualan tiga bulan terakhir", "Sales records of the last three months"),
        (
            ("Hanya kepada tetangga atau atas pesanan", "To neighbours or on request only"),
            ("Di kecamatan atau pasar mingguan", "In the district or at the weekly market"),
            ("Di kabupaten: pusat oleh-oleh atau toko", "In the regency: souvenir centre or shops"),
            ("Di luar kabupaten atau secara daring, terus-menerus", "Outside the regency or online, steadily"),
        ),
    ),
    CriterionData(
        "price",
        _B,
        400,
        ("Harga yang pas", "A fitting price"),
        ("Hitungan biaya dan harga tiga produk sejenis", "Costs, and the prices of three similar products"),
        (
            ("Biaya tidak dihitung", "Costs are not known"),
            ("Menutup biaya, harga berubah-ubah", "Covers the costs, changes often"),
            ("Menutup biaya dan upah, bersaing, dan tetap", "Covers costs and wages, competes, is steady"),
        ),
    ),
    CriterionData(
        "promotion",
        _B,
        400,
        ("Promosi", "Promotion"),
        ("Contoh foto, brosur, atau tautan", "Examples of photos, leaflets or links"),
        (
            ("Belum ada", "None yet"),
            ("Ada foto dan nama merek", "Photos and a brand name"),
            ("Ikut pameran atau aktif di media sosial", "At fairs, or active on social media"),
        ),
    ),
    CriterionData(
        "story",
        _B,
        500,
        ("Cerita produk", "The product's story"),
        ("Tulisan singkat yang dapat diperiksa", "A short text that can be verified"),
        (
            ("Belum ada cerita", "No story yet"),
            ("Asal dan pembuatnya disebut", "Says where from and by whom"),
            ("Cerita jelas, benar, dan ada di kemasan", "Clear, true, and on the pack"),
        ),
    ),
    CriterionData(
        "village_identity",
        _B,
        500,
        ("Jati diri desa", "The village in it"),
        ("Penjelasan kepala desa atau tokoh setempat", "Word of the village head or an elder"),
        (
            ("Dapat dibuat di mana saja", "Could be made anywhere"),
            ("Biasa dibuat di daerah ini", "Usual in this area"),
            ("Dikenal sebagai produk desa ini", "Known as this village's product"),
        ),
    ),
    CriterionData(
        "finish",
        _C,
        1_000,
        ("Rasa atau hasil akhir", "Taste or finish"),
        ("Contoh yang dicicipi atau diperiksa penilai", "The sample that the assessor tasted or examined"),
        (
            ("Ada cacat yang mengganggu", "Has faults that disturb"),
            ("Cukup, masih ada kekurangan", "Fair, with shortcomings"),
            ("Baik", "Good"),
            ("Sangat baik, layak dijadikan oleh-oleh unggulan", "Very good, a gift to be proud of"),
        ),
    ),
    CriterionData(
        "uniqueness",
        _C,
        700,
        ("Keunikan", "Uniqueness"),
        ("Perbandingan dengan produk sejenis", "Comparison with similar products"),
        (
            ("Sama dengan produk lain, atau tiruan", "Like others, or a copy"),
            ("Sedikit berbeda", "A little different"),
            ("Bahan, teknik, atau motif khas setempat", "Material, technique or motif of this place"),
            ("Khas dan dikembangkan sendiri", "Of this place, and developed further by the maker"),
        ),
    ),
    CriterionData(
        "packaging",
        _C,
        700,
        ("Kemasan", "Packaging"),
        ("Contoh kemasan siap jual", "The pack as it is sold"),
        (
            ("Tanpa kemasan yang melindungi", "Nothing that protects it"),
            ("Melindungi, tanpa merek", "Protects, without a brand"),
            ("Melindungi, dengan merek dan keterangan lengkap", "Protects, with a brand and full details"),
            ("Menarik, tahan kirim, dan ramah lingkungan", "Attractive, fit for shipping, kind to the environment"),
        ),
    ),
    CriterionData(
        "standard",
        _C,
        600,
        ("Cara produksi yang baik", "Good production practice"),
        ("Sertifikat atau hasil kunjungan", "Certificate or what was seen on a visit"),
        (
            ("Tempat dan alat belum bersih atau aman", "Place and tools are not clean or safe yet"),
            ("Bersih dan aman", "Clean and safe"),
            ("Mengikuti pedoman tertulis (CPPB, GMP)", "Follows written practice (GMP)"),
            ("Bersertifikat (SNI, HACCP, atau setara)", "Certified (SNI, HACCP or the like)"),
        ),
    ),
    CriterionData(
        "shelf_life",
        _C,
        500,
        ("Daya simpan atau keawetan", "Shelf life or durability"),
        ("Uji simpan atau pengalaman tercatat", "A shelf test or recorded experience"),
        (
            ("Tidak diketahui", "Not known"),
            ("Diketahui dari pengalaman", "Known from experience"),
            ("Diuji dan ditulis pada kemasan", "Tested, and on the pack"),
        ),
    ),
    CriterionData(
        "readiness",
        _C,
        500,
        ("Siap untuk pasar lebih luas", "Ready for wider markets"),
        ("Barcode, informasi gizi, atau surat pembeli", "Barcode, nutrition facts, or a buyer's letter"),
        (
            ("Belum siap", "Not ready"),
            ("Informasi gizi atau ukuran baku sudah ada", "Nutrition facts or standard sizes exist"),
            ("Barcode dan dokumen untuk ritel modern lengkap", "Barcode and papers for modern retail are complete"),
            ("Sudah dijual di ritel modern atau diekspor", "Sold in modern retail, or exported"),
        ),
    ),
)
