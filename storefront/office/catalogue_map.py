"""URL map of the pages for work on many records of the catalogue at once; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import bulk_edits, collections, import_files, imports, translations
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
EDIT, PUBLISH = Permission.EDIT_PRODUCTS, Permission.PUBLISH_PRODUCTS

ROUTES: list[Route] = [
    Route("/imports", imports.imports, EDIT, FORM),
    Route("/imports/<code>", imports.import_run, EDIT),
    Route("/imports/<code>/columns", imports.import_columns, EDIT, POST),
    Route("/imports/<code>/check", imports.import_check, EDIT, POST),
    Route("/imports/<code>/run", imports.import_begin, EDIT, POST),
    Route("/imports/<code>/stop", imports.import_stop, EDIT, POST),
    Route("/imports/<code>/remove", imports.import_remove, EDIT, POST),
    Route("/imports/<code>/bad-rows.<ending>", import_files.import_bad_rows, EDIT),
    Route("/collections", collections.collections, PUBLISH),
    Route("/collections/new", collections.collection_new, PUBLISH, FORM),
    Route("/collections/<slug>", collections.collection, PUBLISH, FORM),
    Route("/collections/<slug>/products", collections.collection_item, PUBLISH, POST),
    Route("/collections/<slug>/remove", collections.collection_remove, PUBLISH, POST),
    Route("/exposure", collections.exposure_report, Permission.VIEW_REPORTS),
    Route("/products-together", bulk_edits.bulk_new, EDIT, FORM),
    Route("/products-together/<code>", bulk_edits.bulk_edit, EDIT),
    Route("/products-together/<code>/go-on", bulk_edits.bulk_go_on, EDIT, POST),
    Route("/products-together/<code>/undo", bulk_edits.bulk_undo, EDIT, POST),
    Route("/translations", translations.translations, EDIT),
    Route("/translations/<kind>/<key>", translations.translation, EDIT, FORM),
    Route("/tables/<what>/template.<ending>", import_files.table_template, EDIT),
    Route("/tables/<what>/all.<ending>", import_files.table_export, EDIT),
]
