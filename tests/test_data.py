"""MNIST as it travels with the package."""

import hashlib
import lzma

import numpy as np
import pytest

from softmaxlab import data, pack_mnist


@pytest.fixture(scope="module")
def splits():
    return data.load_mnist()


def test_the_splits_have_the_sizes_and_types_that_the_chapters_rely_on(splits):
    for split, count in zip(splits, (55_000, 5_000, 10_000)):
        assert split.images.shape == (count, 784) and split.images.dtype == np.float32
        assert split.labels.shape == (count,) and split.labels.dtype == np.uint8
        assert split.images.min() == 0 and split.images.max() == 1


def test_what_is_written_into_one_split_stays_in_it(splits):
    before = [(split.images[:100].copy(), split.labels.copy()) for split in splits]
    mine = data.load_mnist()
    for number, split in enumerate(mine, 1):
        split.images[:] = number / 10
        split.labels[:] = number
    for number, split in enumerate(mine, 1):
        assert split.images.min() == split.images.max() == np.float32(number / 10)
        assert set(split.labels) == {number}
    for (images, labels), split in zip(before, data.load_mnist()):
        np.testing.assert_array_equal(split.images[:100], images)
        np.testing.assert_array_equal(split.labels, labels)


def test_the_first_labels_are_5_0_4_1_and_the_first_test_label_is_7(splits):
    assert splits[0].labels[:4].tolist() == [5, 0, 4, 1]
    assert splits[2].labels[0] == 7


def test_each_class_is_as_frequent_as_in_the_original(splits):
    labels = np.concatenate([splits[0].labels, splits[1].labels])
    counts = np.bincount(labels)
    assert counts.min() == 5_421 and counts.max() == 6_742


@pytest.mark.parametrize("name", pack_mnist.ORIGINALS)
def test_the_files_are_the_original_ones_byte_for_byte(name):
    md5, header = pack_mnist.ORIGINALS[name]
    file = data.idx_file(name)
    assert hashlib.md5(file).hexdigest() == md5
    assert int.from_bytes(file[2:4], "big") == 8 * 256 + (header - 4) // 4
    assert hashlib.md5(file[:-1] + bytes([file[-1] ^ 1])).hexdigest() != md5


def test_a_file_that_mnist_does_not_have_is_refused_with_the_names_of_those_it_has():
    with pytest.raises(ValueError) as error:
        data.idx_file("train-images.idx3-ubyte")
    assert "name" in str(error.value) and "train-images.idx3-ubyte" in str(error.value)
    assert all(name in str(error.value) for name in data.FILES)


def test_the_folder_of_letters_has_the_dirt_it_promises():
    folder = data.dirty_letters()
    files = sorted(folder.glob("*/*"))
    assert {path.parent.name for path in files} == set("ABCDEFGHIJ") and len(files) == 340 + 40
    sizes = [path.stat().st_size for path in files]
    assert sizes.count(0) == 3
    assert sum(path.read_bytes() == b"404 Not Found" for path in files) == 3
    copies = [path for path in files if path.name.startswith("scan-")]
    others = [path.read_bytes() for path in files if path not in copies]
    assert len(copies) == 40 and all(path.read_bytes() in others for path in copies)
    again = [path.read_bytes() for path in sorted(data.dirty_letters().glob("*/*"))]
    assert again == [path.read_bytes() for path in files]


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda packed: packed[: len(packed) // 2], "cannot be unpacked"),
        (lambda packed: b"", "cannot be unpacked"),
        (
            lambda packed: packed[:1000] + bytes(100) + packed[1100:],
            "cannot be unpacked",
        ),
        (lambda packed: lzma.compress(bytes(54_950_000), preset=0), "expected c2069063"),
        (lambda packed: lzma.compress(b"something else"), "fewer bytes"),
        (lambda packed: None, "is missing"),
    ],
    ids=["truncated", "empty", "overwritten", "another file", "short", "missing"],
)
def test_a_damaged_file_is_named_with_its_remedy(damage, says, tmp_path):
    path = tmp_path / "mnist.xz"
    packed = damage(data.MNIST.read_bytes())
    if packed is not None:
        path.write_bytes(packed)
    with pytest.raises(OSError) as error:
        data.load_mnist(path)
    assert says in str(error.value)
    assert str(path) in str(error.value)
    assert "git checkout" in str(error.value)


def blown_up(image, size, top=0, left=0, side=200):
    """`image` (784,) on a sheet of `side` by `side`, each pixel `size` by `size`, its corner at `top`, `left`."""
    sheet = np.zeros((side, side))
    cells = np.kron(image.reshape(28, 28), np.ones((size, size)))
    sheet[top : top + 28 * size, left : left + 28 * size] = cells
    return sheet


@pytest.mark.parametrize(("size", "top", "left"), [(1, 0, 0), (1, 150, 60), (5, 0, 0), (7, 4, 0)])
def test_an_image_drawn_at_any_place_in_any_size_is_centred_to_itself(splits, size, top, left):
    """So the makers of MNIST did the same; the three of 10,000 whose longer side is 19 pixels grow."""
    images = splits[2].images[:500]
    found = [data.centre(blown_up(image, size, top, left)) for image in images]
    np.testing.assert_allclose(found, images, atol=1e-6)
    assert found[0].shape == (784,) and found[0].dtype == np.float32


def test_a_size_that_fits_no_pixel_comes_back_closer_to_itself_than_to_any_other(splits):
    """But for a few that the blur of the sheet's own squares moves to the pixel beside it."""
    images = splits[2].images[:500]
    found = 0
    for number, image in enumerate(images[:100]):
        coarse = blown_up(image, 7).reshape(40, 5, 40, 5).mean(axis=(1, 3))
        again = data.centre(coarse)
        found += np.abs(again - images).mean(axis=1).argmin() == number
        assert abs(again.sum() / image.sum() - 1) < 0.1
    assert found >= 90


def test_ink_stays_within_the_picture_and_its_centre_in_the_middle(splits):
    rng = np.random.default_rng(0)
    row = np.arange(28) + 0.5
    for _ in range(100):
        drawing = rng.random((30, 30)) * (rng.random((30, 30)) < 0.02)
        picture = data.centre(drawing).reshape(28, 28)
        sides = [np.ptp(np.flatnonzero(picture.any(axis=axis))) + 1 for axis in (0, 1)]
        assert max(sides) <= 20
        if drawing.any():
            centre = [picture.sum(axis=axis) @ row / picture.sum() for axis in (1, 0)]
            assert np.abs(np.array(centre) - 14.5).max() <= 0.5 + 1e-6


def test_a_heavy_end_is_centred_as_far_as_all_of_it_fits():
    hook = np.zeros((40, 40))
    hook[:, :2] = 1
    hook[0, :] = 0.01
    columns = np.flatnonzero(data.centre(hook).reshape(28, 28).any(axis=0))
    assert columns.tolist() == list(range(8, 28))


def test_ink_may_be_said_by_true_and_false():
    drawing = np.zeros((28, 28), bool)
    drawing[3:20, 5:8] = True
    np.testing.assert_array_equal(data.centre(drawing), data.centre(drawing.astype(float)))


def test_a_blank_drawing_stays_blank():
    picture = data.centre(np.zeros((5, 5)))
    assert picture.shape == (784,) and not picture.any()


@pytest.mark.parametrize(
    ("drawing", "value"),
    [
        (np.zeros(784), "(784,)"),
        (np.zeros((28, 20)), "(28, 20)"),
        (np.zeros((0, 0)), "(0, 0)"),
        ([["ink"]], "ink"),
        (np.full((2, 2), 255), "255 to 255"),
        ([[0, -0.1], [0, 0]], "-0.1 to 0"),
        ([[0, np.nan], [0, 0]], "nan to nan"),
    ],
)
def test_what_is_no_drawing_is_refused(drawing, value):
    with pytest.raises(ValueError) as error:
        data.centre(drawing)
    assert str(error.value).startswith("drawing") and value in str(error.value)


def test_packing_refuses_a_file_that_is_not_the_original(tmp_path):
    name = next(iter(pack_mnist.ORIGINALS))
    (tmp_path / name).write_bytes(b"not MNIST")
    with pytest.raises(ValueError, match=f"{name}: expected MD5"):
        pack_mnist.pack(tmp_path, tmp_path / "mnist.xz")
    assert not (tmp_path / "mnist.xz").exists()


def test_one_arm_of_the_spirals_is_the_other_turned_by_half_a_circle_but_for_a_little_noise():
    points, arm_of = data.spirals(np.random.default_rng(0), 150)
    assert points.shape == (300, 2) and arm_of.tolist() == [0] * 150 + [1] * 150
    assert np.abs(points).max() < 1.2
    apart = points[:150] + points[150:]
    assert 0.02 < apart.std() < 0.04 and abs(apart.mean()) < 0.01
    turned = np.unwrap(np.arctan2(points[:150, 1], points[:150, 0]))
    assert abs(turned[-1] - turned[0]) > 2 * np.pi
