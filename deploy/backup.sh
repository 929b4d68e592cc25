#!/bin/sh
# Nightly copy of one box to a second place: a sound copy of the database while the shop is open, the pictures, never the search index
# (it is rebuilt from the database; an index file holds pickles and must not come from elsewhere).
#   backup.sh /srv/etalase/data /mnt/backup/etalase
set -eu
data=$1; target=$2/$(date +%Y-%m-%d)
mkdir -p "$target"
sqlite3 "$data/etalase.db" "VACUUM INTO '$target/etalase.db'"
sqlite3 "$target/etalase.db" "PRAGMA integrity_check" | grep -qx ok
mkdir -p "$data/private"
tar -C "$data" -cf "$target/media.tar" media private
find "$2" -mindepth 1 -maxdepth 1 -type d -mtime +35 -exec rm -r {} +
