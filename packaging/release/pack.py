"""Packs a ccxlog binary into the release archive of its target, and prints the path of the archive.

usage: pack.py TARGET BINARY FOLDER

The archive is reproducible: the same input gives the same bytes.
"""

import gzip
import io
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EPOCH = (1980, 1, 1, 0, 0, 0)


def members(target, binary):
    """Yields (name, content, mode) for each file of an archive, in a folder named after the archive."""
    suffix = ".exe" if "windows" in target else ""
    yield f"ccxlog-{target}/ccxlog{suffix}", binary.read_bytes(), 0o755
    for name in ["LICENSE-APACHE", "LICENSE-MIT"]:
        yield f"ccxlog-{target}/{name}", (ROOT / name).read_bytes(), 0o644
    readme = ROOT / "crates/cloudconnexa-cli/README.md"
    yield f"ccxlog-{target}/README.md", readme.read_bytes(), 0o644


def pack(target, binary, folder):
    """Writes the archive into `folder`: a .zip for Windows, a .tar.gz otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    if "windows" in target:
        archive = folder / f"ccxlog-{target}.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            for name, content, mode in members(target, binary):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o100000 | mode) << 16
                out.writestr(entry, content)
        return archive
    archive = folder / f"ccxlog-{target}.tar.gz"
    with (
        archive.open("wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as out,
    ):
        for name, content, mode in members(target, binary):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            out.addfile(entry, io.BytesIO(content))
    return archive


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    print(pack(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
