"""What the hosted pages say, in Indonesian and English, without the shop's catalogues."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "pay_title": "Pembayaran",
        "test_page": "Halaman uji pembayaran. Tidak ada uang yang berpindah.",
        "order": "Pesanan",
        "total": "Total",
        "pay_with_card": "Bayar dengan kartu",
        "email": "Email",
        "number": "Nomor kartu",
        "expiry": "Berlaku (BB/TT)",
        "cvc": "CVC",
        "name": "Nama pada kartu",
        "pay": "Bayar",
        "or": "atau",
        "qris": "Bayar nanti dengan QRIS",
        "qris_note": "Pesanan menunggu sampai uang masuk. Di demo ini Anda yang menentukan kapan.",
        "back": "Kembali ke toko",
        "test_cards": "Kartu uji",
        "card_ok": "berhasil",
        "card_declined_shown": "ditolak",
        "card_asks": "bank bertanya dulu",
        "never_real": "Jangan masukkan kartu sungguhan. Nomor apa pun di luar daftar uji ditolak dan tidak disimpan.",
        "bank_title": "Verifikasi bank",
        "bank_question": "Apakah benar Anda yang membayar?",
        "bank_note": "Bank penerbit kartu meminta persetujuan Anda untuk membayar",
        "agree": "Ya, setujui",
        "disagree": "Bukan saya",
        "paid_title": "Pembayaran selesai",
        "paid_text": "Halaman ini sudah dipakai. Lihat status pesanan Anda di toko.",
        "expired_title": "Halaman pembayaran ditutup",
        "expired_text": "Waktunya habis atau toko menutupnya. Mulai lagi dari toko; Anda belum membayar apa pun.",
        "unknown_title": "Halaman tidak ditemukan",
        "unknown_text": "Alamat pembayaran ini tidak dikenal.",
        "overview": "Bank uji",
        "overview_text": "Semua pembayaran yang dibuka toko di mesin ini. Di sini QRIS yang dijanjikan bisa dilunasi.",
        "captured": "Diterima",
        "refunded": "Dikembalikan",
        "kept": "Tersisa",
        "state": "Keadaan",
        "arrive": "Uang masuk",
        "fail": "Tidak dibayar",
        "none": "Belum ada pembayaran.",
        "open": "terbuka",
        "paid": "lunas",
        "promised": "menunggu uang",
        "expired": "ditutup",
        "invalid_number": "Nomor kartu ini bukan kartu uji. Pakai salah satu kartu uji di bawah.",
        "invalid_expiry": "Tulis bulan dan tahun yang belum lewat, misalnya 12/34.",
        "invalid_cvc": "Tulis tiga angka CVC.",
        "invalid_email": "Tulis alamat email, misalnya nama@contoh.example.",
        "generic_decline": "Kartu Anda ditolak. Coba kartu lain.",
        "insufficient_funds": "Saldo kartu tidak cukup. Coba kartu lain.",
        "lost_card": "Kartu Anda ditolak. Coba kartu lain.",
        "expired_card": "Kartu sudah tidak berlaku. Coba kartu lain.",
        "incorrect_cvc": "CVC kartu salah. Periksa lagi.",
        "processing_error": "Kartu tidak dapat diproses sekarang. Coba lagi sebentar.",
        "payment_intent_authentication_failure": "Bank tidak dapat memastikan bahwa ini Anda. Coba kartu lain.",
    },
    "en": {
        "pay_title": "Payment",
        "test_page": "Test payment page. No money moves.",
        "order": "Order",
        "total": "Total",
        "pay_with_card": "Pay by card",
        "email": "Email",
        "number": "Card number",
        "expiry": "Expiry (MM/YY)",
        "cvc": "CVC",
        "name": "Name on card",
        "pay": "Pay",
        "or": "or",
        "qris": "Pay later with QRIS",
        "qris_note": "The order waits until the money arrives. In this demo you decide when.",
        "back": "Back to the shop",
        "test_cards": "Test cards",
        "card_ok": "succeeds",
        "card_declined_shown": "is declined",
        "card_asks": "the bank asks first",
        "never_real": "Never type a real card. Any number outside the test list is refused and not kept.",
        "bank_title": "Your bank",
        "bank_question": "Is it you who is paying?",
        "bank_note": "The bank that issued the card asks for your consent to pay",
        "agree": "Yes, approve",
        "disagree": "Not me",
        "paid_title": "Payment finished",
        "paid_text": "This page was already used. See the state of your order in the shop.",
        "expired_title": "This payment page is closed",
        "expired_text": "Its time ran out or the shop closed it. Start again from the shop; you have paid nothing.",
        "unknown_title": "Page not found",
        "unknown_text": "This payment address is not known.",
        "overview": "Test bank",
        "overview_text": "Every payment the shop on this machine opened. A promised QRIS can be settled here.",
        "captured": "Captured",
        "refunded": "Refunded",
        "kept": "Kept",
        "state": "State",
        "arrive": "Money arrives",
        "fail": "Never paid",
        "none": "No payments yet.",
        "open": "open",
        "paid": "paid",
        "promised": "waiting for money",
        "expired": "closed",
        "invalid_number": "This number is not a test card. Use one of the test cards below.",
        "invalid_expiry": "Type a month and year that are not past, for example 12/34.",
        "invalid_cvc": "Type the three digits of the CVC.",
        "invalid_email": "Type an email address, for example name@sample.example.",
        "generic_decline": "Your card was declined. Try another card.",
        "insufficient_funds": "The card has too little money. Try another card.",
        "lost_card": "Your card was declined. Try another card.",
        "expired_card": "The card has expired. Try another card.",
        "incorrect_cvc": "The card's CVC is wrong. Please check it.",
        "processing_error": "The card cannot be processed right now. Try again in a moment.",
        "payment_intent_authentication_failure": "The bank could not confirm that it is you. Try another card.",
    },
}


def language_of(locale: str | None, accepted: str | None) -> str:
    """The session's own locale, else the browser's, else Indonesian."""
    return next((language for language in (locale, accepted) if language and language in TEXTS), "id")


def texts(language: str) -> Mapping[str, str]:
    return TEXTS[language]


def rupiah(amount: int, currency: str) -> str:
    """`amount` in the currency's hundredths, as people write it: Rp150.000; other currencies plainly."""
    if currency != "idr":
        return f"{currency.upper()} {amount / 100:,.2f}"
    whole, sen = divmod(amount, 100)
    return "Rp" + f"{whole:,}".replace(",", ".") + (f",{sen:02}" if sen else "")
