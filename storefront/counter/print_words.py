"""What the till says about its printer, by key: the states of static/counter/printer.js and how to mend them."""

from __future__ import annotations

from kernel.errors import N_

PRINT: dict[str, str] = {
    "print.ready": N_("Printer ready"),
    "print.browser": N_("Prints with the browser"),
    "print.none": N_("No printer"),
    "print.no_bridge": N_("The printer program is not running on this device. Start it, or print with the browser."),
    "print.unpaired": N_("The printer program does not know this till. Type its key again."),
    "print.paper_out": N_("The printer has no paper."),
    "print.unplugged": N_("The printer cannot be reached. Check its plug, cable and network."),
    "print.trouble": N_("The printer did not finish. Look at it, then print again."),
    "print.wrong_width": N_("The paper that was chosen is wider than the printer's."),
    "print.copy": N_("Print a copy"),
    "print.share": N_("Send by WhatsApp"),
    "menu.orders": N_("Hand over web orders (office)"),
    "menu.labels": N_("Print price tags (office)"),
    "print.way": N_("How this till prints"),
    "print.way_browser": N_("With the browser's print window"),
    "print.way_bridge": N_("With the printer program on this device"),
    "print.way_none": N_("Not at all: receipts by link only"),
    "print.columns": N_("Paper"),
    "print.columns_32": N_("58 mm, 32 characters"),
    "print.columns_42": N_("80 mm, 42 characters"),
    "print.columns_48": N_("80 mm, 48 characters"),
    "print.key": N_("Key of the printer program"),
    "print.test": N_("Print a test"),
}
