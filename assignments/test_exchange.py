"""Values pass between the two processes as what they are; errors keep a class that Python has; nothing else passes."""

import io
import socket
import threading
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from exchange import LARGEST, Peer

VALUES = [
    None,
    True,
    3,
    2.5,
    float("inf"),
    2**100,
    "ö \udcff",
    b"\x00",
    1 + 2j,
    Fraction(1, 3),
    Decimal("0.10"),
    (1, (2.5,)),
    [1, [], "a"],
    {"a": 1, 2: (3,)},
    {1, 2},
    frozenset({1}),
    np.float64(2.5),
    np.float32(2.5),
    np.bool_(True),
    np.int8(3),
    np.array(42.5),
    np.array([], dtype=np.float32),
    np.arange(6, dtype=">f4").reshape(2, 3),
    np.arange(6.0).reshape(2, 3).T,
    np.array(["a", "bc"]),
    np.array([1 + 2j]),
    np.array([[Fraction(1, 3), 2], [None, "a"]], dtype=object),
    np.array(Fraction(1, 3)),
    np.array(["2020-01-01"], dtype="datetime64[D]"),
]


@pytest.fixture
def peer():
    """A peer whose other end calls what it is sent, or sends it back."""
    here, there = socket.socketpair()

    def answer():
        other = Peer(there)
        while True:
            try:
                came = other.receive()
            except EOFError:
                return
            value = other.decode(came["value"])
            if not callable(value):
                other.send({"value": other.encode(value)})
            else:
                other.functions.append(value)
                other.send(other.call({"call": len(other.functions) - 1, "args": came["args"]}))

    thread = threading.Thread(target=answer)
    thread.start()
    peer = Peer(here)
    yield peer
    peer.stream.close()
    here.close()
    thread.join()


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_what_it_was(peer, value):
    back = peer.result(peer.ask(value=peer.encode(value)))
    assert type(back) is type(value)
    if isinstance(value, (np.ndarray, np.generic)):
        assert (back.dtype, back.shape, back.tolist()) == (value.dtype, value.shape, value.tolist())
    else:
        assert back == value


def test_a_generator_goes_on_where_it_was(peer):
    rng = np.random.default_rng(3)
    back = peer.result(peer.ask(value=peer.encode(rng)))
    assert back.random() == rng.random()


def test_what_is_no_list_but_like_one_arrives_as_one(peer):
    for value in (range(3), dict.fromkeys(range(3)).keys()):
        assert peer.result(peer.ask(value=peer.encode(value))) == [0, 1, 2]


def test_of_an_object_nothing_arrives(peer):
    class Yes:
        def __eq__(self, other):
            return True

    assert type(peer.decode(peer.encode(Yes()))) is object


def test_functions_are_called_where_they_are(peer):
    def tell(number):
        if number < 0:
            raise Negative(f"came {number}")
        return number + 1

    class Negative(ValueError):
        pass

    assert peer.result(peer.ask(value=peer.encode(tell), args=[2])) == 3
    with pytest.raises(ValueError, match="came -1"):
        peer.result(peer.ask(value=peer.encode(tell), args=[-1]))


@pytest.mark.parametrize(
    "data",
    [
        {"array": ["O", [1], {"bytes": "AAAAAAAAAAA="}]},
        {"array": ["<f8", [1], {"bytes": "AAAA"}]},
        {"array": ["<f8", [2**40], {"bytes": ""}]},
        {"rng": {"bit_generator": "PCG64", "state": 1}},
        {"fraction": "1/0"},
        {"nothing": 1, "at": 2},
        {},
    ],
    ids=str,
)
def test_what_pretends_to_be_data_is_an_error_like_any_other(peer, data):
    with pytest.raises(Exception) as caught:
        peer.decode(data)
    assert isinstance(caught.value, (ValueError, TypeError, KeyError, ZeroDivisionError))


@pytest.mark.parametrize("text", ["[" + "[]," * 5_000_000 + "0]", " " * (LARGEST + 1)], ids=["values", "bytes"])
def test_a_message_that_would_fill_memory_is_turned_away(text):
    peer = Peer.__new__(Peer)
    peer.stream = io.BytesIO(len(text).to_bytes(8, "big") + text.encode())
    with pytest.raises(ValueError, match="a message of"):
        peer.receive()


def test_a_number_that_python_does_not_write_is_an_error_of_that_answer(peer):
    with pytest.raises(ValueError, match="4300 digits"):
        peer.result(peer.ask(value=peer.encode(lambda: 10**5000), args=[]))
