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


def test_the_first_labels_are_5_0_4_1_and_the_first_test_label_is_7(splits):
    assert splits[0].labels[:4].tolist() == [5, 0, 4, 1]
    assert splits[2].labels[0] == 7


def test_each_class_is_as_frequent_as_in_the_original(splits):
    labels = np.concatenate([splits[0].labels, splits[1].labels])
    counts = np.bincount(labels)
    assert counts.min() == 5_421 and counts.max() == 6_742


def test_the_content_is_the_original_files_byte_for_byte():
    raw = np.frombuffer(data.unpack(), np.uint8)
    images, labels = raw[: 70_000 * 784], raw[70_000 * 784 :]
    idx = {  # name: magic number and sizes of its header, content
        "train-images-idx3-ubyte": (
            (2051, 60_000, 28, 28),
            images[: 60_000 * 784],
        ),
        "t10k-images-idx3-ubyte": (
            (2051, 10_000, 28, 28),
            images[60_000 * 784 :],
        ),
        "train-labels-idx1-ubyte": ((2049, 60_000), labels[:60_000]),
        "t10k-labels-idx1-ubyte": ((2049, 10_000), labels[60_000:]),
    }
    for name, (header, content) in idx.items():
        rebuilt = np.array(header, ">i4").tobytes() + content.tobytes()
        md5, length = pack_mnist.ORIGINALS[name]
        assert 4 * len(header) == length
        assert hashlib.md5(rebuilt).hexdigest() == md5


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda packed: packed[: len(packed) // 2], "cannot be unpacked"),
        (lambda packed: b"", "cannot be unpacked"),
        (
            lambda packed: packed[:1000] + bytes(100) + packed[1100:],
            "cannot be unpacked",
        ),
        (lambda packed: lzma.compress(b"something else"), "expected c2069063"),
        (lambda packed: None, "is missing"),
    ],
    ids=["truncated", "empty", "overwritten", "another file", "missing"],
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


def test_packing_refuses_a_file_that_is_not_the_original(tmp_path):
    name = next(iter(pack_mnist.ORIGINALS))
    (tmp_path / name).write_bytes(b"not MNIST")
    with pytest.raises(ValueError, match=f"{name}: expected MD5"):
        pack_mnist.pack(tmp_path, tmp_path / "mnist.xz")
    assert not (tmp_path / "mnist.xz").exists()
