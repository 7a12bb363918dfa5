"""Which engine keeps the inverted index of a fleet: SQLite or DuckDB over Parquet, flat or by layer (decision 0023).

    python benchmarks/fleet_engines.py build ENGINE FOLDER [--images 100000]
    python benchmarks/fleet_engines.py find ENGINE FOLDER NAME       # in a process of its own, pages dropped before

ENGINE is `sqlite-flat`, `sqlite-layers`, `duckdb-flat` or `duckdb-layers`. `flat` has a row for each package of each
image; `layers` has one for each package of each different layer, and one for each layer of each image.
"""

import argparse
import os
import resource
import sqlite3
import sys
import time
from pathlib import Path

from fleet_data import images

FIND_FLAT = """
SELECT p.version, h.image, a.text FROM package p JOIN holding h ON h.package = p.id JOIN answer a ON a.id = h.answer
WHERE p.name = ?"""
FIND_LAYERS = """
SELECT p.version, l.image, n.answers, c.position FROM package p JOIN content c ON c.package = p.id
JOIN placement l ON l.layer = c.layer JOIN answers n ON n.id = l.answers WHERE p.name = ?"""


class Ids(dict):
    def __missing__(self, key):
        self[key] = len(self)
        return self[key]


def relations(count):
    """Return the tables of both shapes: those with a row a package of an image are yielded as generators."""
    packages, layers, answers, vectors, names = Ids(), Ids(), Ids(), Ids(), []
    contents, placements = [], []
    for image in images(count):
        names.append((image.number, image.repository, image.build))
        for layer in image.layers:
            is_new = layer.key not in layers
            number = layers[layer.key]
            if is_new:
                contents.extend((packages[one], number, place) for place, one in enumerate(layer.packages))
            vector = b"".join(answers[one].to_bytes(4, "big") for one in layer.answers)
            placements.append((number, image.number, vectors[vector]))
    return names, packages, answers, vectors, contents, placements


def flat(contents, placements, vectors):
    by_layer = {}
    for package, layer, place in contents:
        by_layer.setdefault(layer, []).append((place, package))
    vectors = {number: vector for vector, number in vectors.items()}
    for layer, image, answers in placements:
        vector = vectors[answers]
        for place, package in by_layer[layer]:
            yield package, image, int.from_bytes(vector[4 * place : 4 * place + 4], "big")


def build_sqlite(folder, count, is_flat):
    connection = sqlite3.connect(folder / "index.sqlite")
    connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;")
    names, packages, answers, vectors, contents, placements = relations(count)
    start = time.perf_counter()
    connection.execute("CREATE TABLE image (id INTEGER PRIMARY KEY, repository TEXT, build INT)")
    connection.executemany("INSERT INTO image VALUES (?,?,?)", names)
    connection.execute("CREATE TABLE package (id INTEGER PRIMARY KEY, ecosystem TEXT, name TEXT, version TEXT)")
    connection.executemany("INSERT INTO package VALUES (?,?,?,?)", ((i, *p) for p, i in packages.items()))
    connection.execute("CREATE INDEX by_name ON package (name)")
    connection.execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, text TEXT)")
    connection.executemany("INSERT INTO answer VALUES (?,?)", ((i, a) for a, i in answers.items()))
    if is_flat:
        connection.execute(
            "CREATE TABLE holding (package INT, image INT, answer INT, PRIMARY KEY (package, image)) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO holding VALUES (?,?,?)", sorted(flat(contents, placements, vectors)))
    else:
        connection.execute(
            "CREATE TABLE content (package INT, layer INT, position INT, PRIMARY KEY (package, layer)) WITHOUT ROWID"
        )
        connection.executemany("INSERT OR IGNORE INTO content VALUES (?,?,?)", sorted(contents))
        connection.execute(
            "CREATE TABLE placement (layer INT, image INT, answers INT, PRIMARY KEY (layer, image)) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO placement VALUES (?,?,?)", sorted(placements))
        connection.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, answers BLOB)")
        connection.executemany("INSERT INTO answers VALUES (?,?)", ((i, v) for v, i in vectors.items()))
    connection.commit()
    print(
        f"tables {time.perf_counter() - start:.1f} s; packages {len(packages):,}, contents {len(contents):,}, "
        f"placements {len(placements):,}, vectors {len(vectors):,}, answers {len(answers):,}"
    )


def build_duckdb(folder, count, is_flat):
    import csv

    import duckdb

    names, packages, answers, vectors, contents, placements = relations(count)
    start = time.perf_counter()
    tables = {
        "image": ("id INTEGER, repository VARCHAR, build INTEGER", names, "id"),
        "package": (
            "id INTEGER, ecosystem VARCHAR, name VARCHAR, version VARCHAR",
            ((i, *p) for p, i in packages.items()),
            "name, version",
        ),
        "answer": ("id INTEGER, text VARCHAR", ((i, a) for a, i in answers.items()), "id"),
    }
    if is_flat:
        tables["holding"] = (
            "package INTEGER, image INTEGER, answer INTEGER",
            flat(contents, placements, vectors),
            "package, image",
        )
    else:
        tables["content"] = ("package INTEGER, layer INTEGER, position INTEGER", contents, "package, layer")
        tables["placement"] = ("layer INTEGER, image INTEGER, answers INTEGER", placements, "layer, image")
        tables["answers"] = ("id INTEGER, answers VARCHAR", ((i, v.hex()) for v, i in vectors.items()), "id")
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET memory_limit = '3GB'")
    for table, (columns, rows, order) in tables.items():
        with (folder / "rows.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        types = ", ".join(f"'{part.split()[0]}': '{part.split()[1]}'" for part in columns.split(", "))
        connection.execute(
            f"COPY (SELECT * FROM read_csv('{folder}/rows.csv', header=false, columns={{{types}}}) ORDER BY {order}) "
            f"TO '{folder}/{table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
    (folder / "rows.csv").unlink()
    print(f"tables {time.perf_counter() - start:.1f} s")


def find(engine, folder, name):
    for file in folder.iterdir():
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)
    query = FIND_FLAT if engine.endswith("flat") else FIND_LAYERS
    start = time.perf_counter()
    if engine.startswith("sqlite"):
        rows = sqlite3.connect(folder / "index.sqlite").execute(query, (name,)).fetchall()
    else:
        import duckdb

        connection = duckdb.connect()
        for file in folder.glob("*.parquet"):
            connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
        rows = connection.execute(query, (name,)).fetchall()
    print(f"{engine} {name}: {len(rows):,} rows in {time.perf_counter() - start:.3f} s, peak {peak():,} MiB")


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("build", "find"))
    parser.add_argument("engine", choices=("sqlite-flat", "sqlite-layers", "duckdb-flat", "duckdb-layers"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("name", nargs="?")
    parser.add_argument("--images", type=int, default=100_000)
    given = parser.parse_args()
    if given.action == "find":
        find(given.engine, given.folder, given.name)
        return 0
    given.folder.mkdir(parents=True)
    start = time.perf_counter()
    build = build_sqlite if given.engine.startswith("sqlite") else build_duckdb
    build(given.folder, given.images, given.engine.endswith("flat"))
    size = sum(file.stat().st_size for file in given.folder.iterdir())
    print(
        f"{given.engine}: built in {time.perf_counter() - start:.1f} s with the data, {size / 1e6:.0f} MB, "
        f"peak {peak():,} MiB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
