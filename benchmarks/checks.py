"""What holding the arguments costs: a call of a small function with its checks, as a share of the call without."""

import timeit

import numpy as np

from softmaxlab import scratch

LOGITS = np.array([3.0, 1.0, 0.2])
PROBS = scratch.softmax(LOGITS)
ROWS = np.random.default_rng(0).normal(size=(64, 10))
CALLS = {
    "softmax of (3,)": (scratch.softmax, (LOGITS,)),
    "softmax of (64, 10)": (scratch.softmax, (ROWS,)),
    "log_sum_exp of (3,)": (scratch.log_sum_exp, (LOGITS,)),
    "entropy of (3,)": (scratch.entropy, (PROBS,)),
    "cross_entropy of (64, 10)": (scratch.cross_entropy, (ROWS, np.arange(64) % 10)),
}


def seconds(function, arguments):
    return min(timeit.repeat(lambda: function(*arguments), number=2_000, repeat=15))


def main():
    for name, (function, arguments) in CALLS.items():
        # the two in turn, so that a busy moment meets both
        ratios = [seconds(function, arguments) / seconds(function.__wrapped__, arguments) for _ in range(5)]
        print(f"{name:26} {np.median(ratios):.2f} (of five runs, {min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
