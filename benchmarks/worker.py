"""One engine in a process of its own: `engines.py` starts it, writes orders to it, a line each, and reads an answer
to each.

Every pass draws a new order of the images and gathers its batches from memory. The first pass has the same start and
the
same order in every engine, so that their weights can be compared; scikit-learn alone begins from a start of its own.
"""

import json
import platform
import sys
import time

import numpy as np
import psutil

from softmaxlab.data import load_mnist
from softmaxlab.scratch import SGD, Adam, he_start, network, score, train_network, train_softmax


def start_of(hidden):
    """The weights that training starts from: zeros, or random with a hidden layer."""
    if hidden:
        return he_start(784, hidden, 10, np.random.default_rng(1))
    return [np.zeros((784, 10), np.float32), np.zeros(10, np.float32)]


class Scratch:
    def __init__(self, task, images, labels):
        self.task, self.images, self.labels = task, images, labels
        self.rng = np.random.default_rng(0)
        self.weights = start_of(task["hidden"])
        rate, momentum = task["rate"], task.get("momentum", 0.0)
        self.optimizer = Adam(rate) if task["optimizer"] == "Adam" else SGD(rate, momentum)

    def train(self):
        batch, given = self.task["batch"], (self.images, self.labels, self.rng)
        if self.task["hidden"]:
            self.weights = train_network(self.weights, *given, self.optimizer, 1, batch)
        else:
            steps = len(self.labels) // batch
            self.weights = train_softmax(*given, steps, batch, self.task["rate"])

    def predict(self, images, batch):
        parts = [images[i : i + batch] for i in range(0, len(images), batch)]
        if self.task["hidden"]:
            return np.concatenate([network(self.weights, part).argmax(axis=1) for part in parts])
        return np.concatenate([score(part, *self.weights).argmax(axis=1) for part in parts])

    def products(self):
        """The matrix products of a pass, and nothing else: the same shapes, as often."""
        rows = self.images[: self.task["batch"]]
        errors = np.ones((len(rows), 10), np.float32)
        for _ in range(len(self.labels) // len(rows)):
            if not self.task["hidden"]:
                rows @ self.weights[0]
                rows.T @ errors
                continue
            hidden = rows @ self.weights[0]
            hidden @ self.weights[2]
            hidden.T @ errors
            d_hidden = errors @ self.weights[2].T
            rows.T @ d_hidden

    def limit(self, size=2048):
        """One product so large that nothing but multiplying and adding counts."""
        square = np.ones((size, size), np.float32)
        square @ square


class KerasFit:
    def __init__(self, task, images, labels):
        self.model, optimizer = keras_model(task), keras_optimizer(task)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.model.compile(optimizer, loss)
        self.batch, self.shuffle = task["batch"], False
        order = orders(len(labels), self.batch)()
        self.data = images[order], labels[order]

    def train(self):
        self.model.fit(*self.data, batch_size=self.batch, shuffle=self.shuffle, verbose=0)
        self.shuffle = True  # the first pass has the order of the others
        self.weights = self.model.get_weights()

    def predict(self, images, batch):
        return self.model.predict(images, batch_size=batch, verbose=0).argmax(axis=1)


class Function:
    """A whole pass as one function of TensorFlow, without Python between the steps."""

    def __init__(self, task, images, labels):
        self.model, optimizer, batch = keras_model(task), keras_optimizer(task), task["batch"]
        variables = self.model.trainable_variables
        optimizer.build(variables)
        self.order = orders(len(labels), batch)
        images, labels = tf.constant(images), tf.constant(labels.astype(int))
        loss_of = tf.nn.sparse_softmax_cross_entropy_with_logits

        @tf.function
        def train(order):
            for start in tf.range(0, len(order), batch):
                rows = order[start : start + batch]
                with tf.GradientTape() as tape:
                    logits = self.model(tf.gather(images, rows))
                    loss = tf.reduce_mean(loss_of(tf.gather(labels, rows), logits))
                optimizer.apply(tape.gradient(loss, variables), variables)

        @tf.function
        def predict(images, batch):
            digits = tf.TensorArray(tf.int64, 0, dynamic_size=True, infer_shape=False)
            for start in tf.range(0, len(images), batch):
                logits = self.model(images[start : start + batch])
                digits = digits.write(digits.size(), tf.argmax(logits, axis=1))
            return digits.concat()

        self.train_on, self.predict_of, self.asked = train, predict, None

    def train(self):
        self.train_on(self.order())
        self.weights = self.model.get_weights()

    def predict(self, images, batch):
        if self.asked is None:  # a tensor of them is made once, in a round that is not counted
            self.asked = tf.constant(images)
        return self.predict_of(self.asked, tf.constant(batch)).numpy()


def keras_model(task):
    hidden = [keras.layers.Dense(task["hidden"], "relu")] if task["hidden"] else []
    model = keras.Sequential([keras.Input((784,)), *hidden, keras.layers.Dense(10)])
    model.set_weights(start_of(task["hidden"]))
    return model


def keras_optimizer(task):
    if task["optimizer"] == "Adam":
        return keras.optimizers.Adam(task["rate"])
    return keras.optimizers.SGD(task["rate"], task.get("momentum", 0.0))


class Torch:
    def __init__(self, task, images, labels):
        wide = task["hidden"]
        layers = [torch.nn.Linear(784, wide), torch.nn.ReLU()] if wide else []
        self.model = torch.nn.Sequential(*layers, torch.nn.Linear(wide or 784, 10))
        with torch.no_grad():
            for parameter, start in zip(self.model.parameters(), start_of(wide)):
                parameter.copy_(torch.from_numpy(start.T))
        if task["optimizer"] == "Adam":
            self.optimizer = torch.optim.Adam(self.model.parameters(), task["rate"], eps=1e-7)
        else:
            rate, momentum = task["rate"], task.get("momentum", 0.0)
            self.optimizer = torch.optim.SGD(self.model.parameters(), rate, momentum)
        self.order, self.batch = orders(len(labels), task["batch"]), task["batch"]
        self.images, self.labels = torch.from_numpy(images), torch.from_numpy(labels.astype(int))

    def train(self):
        loss_of = torch.nn.functional.cross_entropy
        for rows in torch.from_numpy(self.order()).split(self.batch):
            self.optimizer.zero_grad()
            loss_of(self.model(self.images[rows]), self.labels[rows]).backward()
            self.optimizer.step()
        self.weights = [p.detach().numpy().T for p in self.model.parameters()]

    def predict(self, images, batch):
        with torch.inference_mode():
            parts = torch.from_numpy(images).split(batch)
            return torch.cat([self.model(part).argmax(dim=1) for part in parts]).numpy()


class ScikitLearn:
    def __init__(self, task, images, labels):
        self.model = MLPClassifier(
            [task["hidden"]] if task["hidden"] else [],
            solver=task["optimizer"].lower(),
            alpha=0,
            batch_size=task["batch"],
            learning_rate_init=task["rate"],
            momentum=task.get("momentum", 0.0),
            nesterovs_momentum=False,
            epsilon=1e-7,
            random_state=0,
        )
        order = orders(len(labels), task["batch"])()
        self.data = images[order], labels[order]
        self.weights = None  # its start is its own

    def train(self):
        self.model.partial_fit(*self.data, classes=np.arange(10))

    def predict(self, images, batch):
        parts = [images[i : i + batch] for i in range(0, len(images), batch)]
        return np.concatenate([self.model.predict(part) for part in parts])


def orders(count, batch):
    """A function that draws the next order of `count` images, whole batches only, as `scratch.minibatches` does."""
    rng = np.random.default_rng(0)
    return lambda: rng.permutation(count)[: count // batch * batch]


def load(images):
    """`images` training images at most, of 60,000, and the test images."""
    train, valid, test = load_mnist()
    pictures = np.concatenate([train.images, valid.images])[:images]
    return pictures, np.concatenate([train.labels, valid.labels])[:images], test


def peak():
    """The most memory that this process has held so far, in MiB."""
    memory = psutil.Process().memory_info()
    if hasattr(memory, "peak_wset"):  # Windows
        return memory.peak_wset / 2**20
    import resource

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (2**20 if sys.platform == "darwin" else 2**10)


def answer(engine, test, words):
    """What to say to the order `words`: seconds, or something else that was asked for."""
    match words:
        case ["weights", path]:
            right = (engine.predict(test.images, len(test.images)) == test.labels).mean()
            if engine.weights is not None:
                np.savez(path, *engine.weights)
            return float(right)
        case ["memory"]:
            return peak()
    start = time.perf_counter()
    match words:
        case ["train"]:
            engine.train()
        case ["predict", batch]:
            engine.predict(test.images, int(batch))
        case ["products"]:
            engine.products()
        case ["limit"]:
            engine.limit()
    return time.perf_counter() - start


ENGINES = {
    "scratch": Scratch,
    "Keras fit": KerasFit,
    "tf.function": Function,
    "PyTorch": Torch,
    "scikit-learn": ScikitLearn,
}

if __name__ == "__main__":
    task = json.loads(sys.argv[1])
    engine, versions = ENGINES[task["engine"]], {"python": platform.python_version()}
    if engine in (KerasFit, Function):
        import keras
        import tensorflow as tf

        versions |= {"tensorflow": tf.__version__, "keras": keras.__version__}
        tf.config.threading.set_intra_op_parallelism_threads(task["threads"])
        tf.config.threading.set_inter_op_parallelism_threads(task["threads"])
    elif engine is Torch:
        import torch

        versions |= {"torch": torch.__version__}
        torch.set_num_threads(task["threads"])
    else:
        versions |= {"numpy": np.__version__}
    if engine is ScikitLearn:
        import sklearn
        from sklearn.neural_network import MLPClassifier

        versions |= {"scikit-learn": sklearn.__version__}
    images, labels, test = load(task["images"])
    engine = engine(task, images, labels)
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(engine, test, line.split())), flush=True)
