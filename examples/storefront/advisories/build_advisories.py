"""Pack the readable sources in `src/` as OSV's bucket does; two runs write the same bytes.

python build_advisories.py [FOLDER]     FOLDER: where to write; this folder by default
"""

import gzip
import json
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can say."""


def pack_ecosystem(source: Path, archive: Path) -> None:
    """Write the list of advisories in `source` as one `ID.json` each."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    # Stored, not compressed: the bytes of a compressed archive depend on the version of zlib.
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for advisory in json.loads(source.read_text(encoding="utf-8")):
            member = zipfile.ZipInfo(f"{advisory['id']}.json", EPOCH)
            member.external_attr = 0o644 << 16
            packed.writestr(member, json.dumps(advisory, ensure_ascii=False, separators=(",", ":")))


def pack_epss(source: Path, archive: Path) -> None:
    """Write the EPSS scores in `source` as gzip, stored rather than compressed for the same reason."""
    with archive.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=0, fileobj=raw, mtime=0) as packed:
        packed.write(source.read_bytes())


def build(folder: Path) -> list[Path]:
    """Write every packed file below `folder`; return what was written."""
    written = []
    for source in sorted((HERE / "src").glob("*.json")):
        written.append(folder / source.stem / "all.zip")
        pack_ecosystem(source, written[-1])
    written.append(folder / "epss_scores-current.csv.gz")
    pack_epss(HERE / "src" / "epss_scores-current.csv", written[-1])
    return written


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE):
        print(path)
