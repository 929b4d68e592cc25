"""The tables of the PostgreSQL engine: a schema per generation of the index, and one small schema that names the current one.

They are no part of the migrations: nothing in them is kept anywhere but in the catalogue's own tables, and a rebuild makes them anew.
"""

from __future__ import annotations

#: Raise it when the meaning of stored data changes; older indexes are then rebuilt.
FORMAT = 2
#: Products of one bit string: a kilobyte, which PostgreSQL keeps in its row and changes without touching others.
CHUNK_BITS = 13
CHUNK = 1 << CHUNK_BITS
ZERO = f"repeat('0', {CHUNK})::bit({CHUNK})"

#: The pointer: a single row. `{home}` is the engine's name, "search_index".
HOME = """
CREATE SCHEMA IF NOT EXISTS {home};
CREATE TABLE IF NOT EXISTS {home}.state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), format integer NOT NULL, words text NOT NULL, generation text NOT NULL,
  documents integer NOT NULL, next_number integer NOT NULL, version bigint NOT NULL);
CREATE TABLE IF NOT EXISTS {home}.wish (one boolean PRIMARY KEY DEFAULT true CHECK (one), reason text NOT NULL);
"""

#: The facts of a product in the order in which they are written.
PRODUCT_COLUMNS = {
    "product_id": "bigint NOT NULL",
    "slug": "text NOT NULL",
    "name_id": "text NOT NULL",
    "name_en": "text NOT NULL",
    "text_id": "text NOT NULL",
    "text_en": "text NOT NULL",
    "maker": "text NOT NULL",
    "category": "text NOT NULL",
    "district": 'text COLLATE "C" NOT NULL',
    "village": 'text COLLATE "C" NOT NULL',
    "scheme": "text NOT NULL",
    "certificates": "text NOT NULL",
    "price": "bigint NOT NULL",
    "available": "bigint NOT NULL",
    "published": "bigint NOT NULL",
    "popularity": "bigint NOT NULL",
    "latitude": "real",
    "longitude": "real",
    "name_length": "smallint NOT NULL",
    "in_stock": "boolean NOT NULL",
    "turn": "integer NOT NULL",
    "words": "tsvector NOT NULL",
}
_COLUMNS = ", ".join(f"{name} {kind}" for name, kind in PRODUCT_COLUMNS.items())

#: A product's `number` is its place in every bit string. A rebuild numbers by village, so that a village is one range (`piece`).
TABLES = f"""
CREATE TABLE product (number integer NOT NULL, {_COLUMNS});
CREATE TABLE term (lexeme text COLLATE "C" NOT NULL, n integer NOT NULL, has_bits boolean NOT NULL DEFAULT false);
CREATE TABLE bits (lexeme text COLLATE "C" NOT NULL, chunk integer NOT NULL, bits bit({CHUNK}) NOT NULL);
CREATE TABLE piece (district integer NOT NULL, village bigint NOT NULL, chunk integer NOT NULL, start integer NOT NULL,
  length integer NOT NULL, is_whole boolean NOT NULL);
CREATE TABLE district_piece (district integer NOT NULL, chunk integer NOT NULL, start integer NOT NULL, length integer NOT NULL);
CREATE TABLE near (key bigint NOT NULL, word text COLLATE "C" NOT NULL);
CREATE TABLE named (kind text NOT NULL, key text NOT NULL, label_id text NOT NULL, label_en text NOT NULL, n integer NOT NULL,
  PRIMARY KEY (kind, key));
CREATE TABLE beginning (language text NOT NULL, words text COLLATE "C" NOT NULL, is_later boolean NOT NULL, kind text NOT NULL,
  key text NOT NULL);
"""

#: Made after the rows, which is quicker. Postings go straight to their place (no fastupdate): no question pays for a change before it.
INDEXES = """
ALTER TABLE product ADD PRIMARY KEY (number);
CREATE UNIQUE INDEX product_product_id ON product (product_id);
CREATE INDEX product_words ON product USING gin (words) WITH (fastupdate = off);
CREATE INDEX product_static ON product (in_stock DESC, popularity DESC, turn, product_id);
CREATE INDEX product_price ON product (price, product_id) INCLUDE (number);
CREATE INDEX product_dear ON product (price DESC, product_id);
CREATE INDEX product_new ON product (published DESC, product_id);
CREATE INDEX product_village ON product (village);
CREATE INDEX product_district ON product (district);
ALTER TABLE term ADD PRIMARY KEY (lexeme);
CREATE INDEX term_villages ON term (n DESC, lexeme) WHERE lexeme LIKE '#village=%';
CREATE INDEX term_districts ON term (n DESC, lexeme) WHERE lexeme LIKE '#district=%';
ALTER TABLE bits ADD PRIMARY KEY (lexeme, chunk);
CREATE INDEX piece_district ON piece (district);
CREATE INDEX piece_village ON piece (village);
CREATE INDEX district_piece_district ON district_piece (district);
CREATE INDEX near_key ON near (key);
CREATE INDEX beginning_words ON beginning (language, words);
CREATE INDEX beginning_key ON beginning (kind, key);
"""
