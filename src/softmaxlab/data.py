"""MNIST: 70,000 handwritten digits of 28 by 28 pixels, packed beside this file. And a folder of letters, with dirt."""

import atexit
import contextlib
import hashlib
import lzma
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from softmaxlab.checks import refuse, shown

MNIST = Path(__file__).with_name("mnist.xz")
SHA256 = "c2069063c1105f2bf96266aef1ff68c6e13bdda7a54e37bf19c16f1db24efc83"  # of the unpacked bytes
IMAGES, PIXELS = 70_000, 28 * 28
SPLIT = [55_000, 5_000, 10_000]  # to learn from, to choose with, to test
# The files as first published: the sizes in the header, and where in the unpacked bytes the content begins
FILES = {
    "train-images-idx3-ubyte": ((60_000, 28, 28), 0),
    "t10k-images-idx3-ubyte": ((10_000, 28, 28), 60_000 * PIXELS),
    "train-labels-idx1-ubyte": ((60_000,), IMAGES * PIXELS),
    "t10k-labels-idx1-ubyte": ((10_000,), IMAGES * PIXELS + 60_000),
}
REMEDY = "Fetch the file again: `git checkout -- src/softmaxlab/mnist.xz`, or reinstall softmaxlab."


class Digits(NamedTuple):
    """`images` (n, 784) float32 in [0, 1], 0 is paper and 1 is ink; `labels` (n,) uint8, 0 to 9."""

    images: np.ndarray
    labels: np.ndarray


def load_mnist(path=MNIST):
    """Return `train`, `valid`, `test`: 55,000, 5,000 and 10,000 `Digits`, in the order of the original files.

    `valid` is the last 5,000 of the original 60,000 training images. A file that is missing or damaged is
    an `OSError` that names it. Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
    """
    with unpacked(path) as read:
        images = [scaled(read, count) for count in SPLIT]
        labels = [np.frombuffer(read(count), np.uint8).copy() for count in SPLIT]
    return tuple(map(Digits, images, labels))


def scaled(read, count):
    """The next `count` images, float32 in [0, 1]; a thousand at a time, so that their bytes take little memory."""
    images = np.empty((count, PIXELS), np.float32)
    for part in np.split(images, range(1000, count, 1000)):
        np.divide(np.frombuffer(read(part.size), np.uint8).reshape(part.shape), 255, out=part)
    return images


@contextlib.contextmanager
def unpacked(path=MNIST):
    """Give `read`, a function of a count: the next bytes of the 70,000 images, one a pixel, then of their labels.

    At the end the whole is checked against `SHA256`; what is missing or damaged is an `OSError`.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"MNIST is missing: expected a file at {path}. {REMEDY}")
    digest = hashlib.sha256()

    def read(count):
        try:
            piece = file.read(count)
        except (lzma.LZMAError, EOFError) as error:
            raise OSError(f"MNIST is damaged: {path} cannot be unpacked ({error}). {REMEDY}") from error
        digest.update(piece)
        if len(piece) < count:
            raise OSError(f"MNIST is damaged: {path} unpacks to fewer bytes than expected. {REMEDY}")
        return piece

    with lzma.open(path) as file:
        yield read
        rest = IMAGES * PIXELS + IMAGES - file.tell()
        while rest > 0:
            rest -= len(read(min(rest, 2**20)))
    found = digest.hexdigest()
    if found != SHA256:
        raise OSError(f"MNIST is damaged: {path} unpacks to SHA-256 {found}, expected {SHA256}. {REMEDY}")


def idx_file(name, path=MNIST):
    """One of the four files in which MNIST was published, byte for byte: a header in the format IDX, then the content.

    `name` is the original one, such as `"train-images-idx3-ubyte"`; another is a `ValueError`.
    """
    if name not in FILES:
        refuse("name", f"one of {', '.join(FILES)}", shown(name))
    sizes, begin = FILES[name]
    # Two zeros, 8 for bytes, the number of axes; then the size of each, its largest part first
    header = bytes([0, 0, 8, len(sizes)]) + np.array(sizes, ">i4").tobytes()
    with unpacked(path) as read:
        while begin > 0:
            begin -= len(read(min(begin, 2**20)))
        content = read(int(np.prod(sizes)))
    return header + content


def spirals(rng, count=200):
    """`points` (2 count, 2) of two arms wound around each other, in the square from -1.2 to 1.2, and `arm_of` them, 0
    or 1. The second arm is the first one turned by half a circle; a little noise comes from `rng`.
    """
    way = np.linspace(0.25, 1, count)
    arm = way[:, np.newaxis] * np.stack([np.cos(3 * np.pi * way), np.sin(3 * np.pi * way)], axis=1)
    return np.concatenate([arm, -arm]) + rng.normal(0, 0.02, (2 * count, 2)), np.repeat([0, 1], count)


FONTS = """DejaVuSans DejaVuSans-Bold DejaVuSans-Oblique DejaVuSansMono DejaVuSansMono-Bold DejaVuSerif DejaVuSerif-Bold
DejaVuSerif-Italic STIXGeneral STIXGeneralBol STIXGeneralItalic STIXGeneralBolIta cmr10 cmb10 cmss10 cmtt10
STIXSizOneSymReg"""


def dirty_letters():
    """A new folder of pictures as one finds them: `A/DejaVuSans-20.png` is the letter A of 28 by 28 pixels. Its `Path`.

    Ten letters, A to J, in 17 fonts of matplotlib and two sizes. Of these 340 files 40 are there twice, the copy named
    `scan-0.png` and so on; three are cut in half, three are empty, three hold words. One font has no letters, so its
    pictures are blank. The folder is removed when Python ends. Modelled on notMNIST (Bulatov 2011).
    """
    import matplotlib
    from PIL import Image, ImageDraw, ImageFont

    ttf = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for letter in "ABCDEFGHIJ":
        (folder / letter).mkdir()
        for font in FONTS.split():
            for size in (20, 24):
                image = Image.new("L", (28, 28))
                style = ImageFont.truetype(str(ttf / f"{font}.ttf"), size)
                ImageDraw.Draw(image).text((14, 14), letter, fill=255, font=style, anchor="mm")
                image.save(folder / letter / f"{font}-{size}.png")
    files = sorted(folder.glob("*/*.png"))
    dirt = np.random.default_rng(1).choice(files, 49, replace=False)
    for number, path in enumerate(dirt[:40]):
        path.with_name(f"scan-{number}.png").write_bytes(path.read_bytes())
    for path in dirt[40:43]:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for path in dirt[43:46]:
        path.write_bytes(b"")
    for path in dirt[46:]:
        path.write_text("404 Not Found")
    return folder


def centre(drawing):
    """`drawing` (n, n), ink 0 to 1, prepared as MNIST was: (784,) float32. What has no ink stays blank.

    Cropped to its ink, shrunk or stretched so that its longer side is 20 pixels, and moved by whole pixels in
    28 by 28 until the centre of mass is in pixel 14, right and down of the middle. LeCun et al. 1998, section III-A.
    """
    drawing = _drawing(drawing)
    rows = np.flatnonzero(drawing.any(axis=1))
    columns = np.flatnonzero(drawing.any(axis=0))
    picture = np.zeros((28, 28), np.float32)
    if rows.size:
        ink = drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        height, width = ink.shape
        longer = max(height, width)
        # (h, height) @ (height, width) @ (width, w) -> (h, w), of which one is 20
        small = _shares(height, longer) @ ink @ _shares(width, longer).T
        top, left = _place(small.sum(axis=1)), _place(small.sum(axis=0))
        picture[top : top + len(small), left : left + small.shape[1]] = small
    return picture.ravel()


def _shares(length, longer):
    """How much of each pixel lies on each of `length` cells, if 20 pixels cover `longer` cells: (pixels, length)."""
    step = longer / 20
    pixels = np.arange(-(-20 * length // longer))[:, np.newaxis]
    cells = np.arange(length)
    ends, begins = np.minimum((pixels + 1) * step, cells + 1), np.maximum(pixels * step, cells)
    return np.maximum(ends - begins, 0) / step


def _place(masses):
    """Where the first of `masses` stands so that their centre is in pixel 14, or as near as all of them fit in 28."""
    centre_of_mass = masses @ (np.arange(len(masses)) + 0.5) / masses.sum()
    # A centre between two pixels belongs to the second, whatever the rounding says
    place = 14 - int(centre_of_mass + 1e-6)
    return max(0, min(place, 28 - len(masses)))


def _drawing(drawing):
    try:
        found = np.asarray(drawing)
    except ValueError:
        refuse("drawing", "shape (n, n)", f"rows of different lengths, {shown(drawing)}")
    if found.dtype.kind not in "biuf":
        refuse("drawing", "numbers", f"{shown(drawing)} of type {found.dtype}")
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not found.size:
        refuse("drawing", "shape (n, n)", f"shape {found.shape}")
    found = found.astype(float)
    # nan is neither
    if not ((found >= 0) & (found <= 1)).all():
        refuse("drawing", "ink from 0 to 1", f"{found.min():g} to {found.max():g}")
    return found
