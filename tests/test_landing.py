"""The landing page: its machine is that of the course and works at once, and its cards lead to the chapters."""

import base64
import json
import re

import course
import numpy as np
import pytest
from conftest import SITE, box_of

from softmaxlab.data import load_mnist
from softmaxlab.scratch import score, train_softmax

PAGE = "book/index.html"


@pytest.fixture(scope="module")
def record():
    html = (SITE / PAGE).read_text(encoding="utf-8")
    return json.loads(re.search(r'id="course-machine-record">(.*?)</script>', html, re.DOTALL)[1])


@pytest.fixture(scope="module")
def model():
    """The weights as the chapter trains them, by its recipe and seed."""
    train, _, _ = load_mnist()
    return train_softmax(*train, np.random.default_rng(0))


def test_its_weights_are_those_that_training_gives(record, model):
    packed = np.frombuffer(base64.b64decode(record["bytes"]["parameters"]), "<f2")
    np.testing.assert_array_equal(packed, np.concatenate([part.ravel() for part in model]).astype("f2"))


def test_it_reads_the_first_five_pictures_right_and_the_last_five_wrong(record, model):
    images = np.frombuffer(base64.b64decode(record["bytes"]["images"]), "u1").reshape(-1, 784) / 255
    test = load_mnist()[2]
    known = {image.tobytes(): label for image, label in zip(np.round(test.images * 255).astype("u1"), test.labels)}
    labels = [known[image.tobytes()] for image in np.round(images * 255).astype("u1")]
    right = score(images, *model).argmax(axis=1) == labels
    assert right.tolist() == 5 * [True] + 5 * [False]
    assert "the last five of which it gets wrong" in record["traits"]["note"]


def test_the_machine_waits_for_no_other_file(site, visit):
    """It is drawn, and answers, from what stands in the page itself."""
    opened = visit("about:blank").page
    opened.route("**/*.js*", lambda route: route.abort())
    opened.goto(f"{site}/{PAGE}")
    box = box_of(opened.locator(".course-pad-sheet"))
    before = opened.locator(".course-machine-answer").inner_text()
    opened.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    opened.mouse.down()
    opened.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    opened.mouse.up()
    assert opened.locator(".course-machine-answer").inner_text() != before


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1440, 900)])
def test_there_is_something_to_touch_on_the_first_screen(width, height, site, visit):
    page = visit("about:blank", width=width).page
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{site}/{PAGE}")
    box = box_of(page.locator(".course-pad-sheet"))
    assert box["y"] + box["height"] <= height
    assert box["width"] >= 150


def test_there_is_a_card_for_each_chapter_with_its_number_title_topics_and_question(site, visit):
    cards = visit(f"{site}/{PAGE}").page.locator(".course-cards li").all()
    assert len(cards) == len(course.chapters())
    for card, chapter in zip(cards, course.chapters()):
        text = card.inner_text().replace("\N{NO-BREAK SPACE}", " ")
        assert f"{chapter.number} · {chapter.title}" in text
        assert chapter.topics in text
        assert chapter.question in text
        assert card.locator("a").get_attribute("href") == f"{chapter.name}.html"
        picture = card.locator("svg")
        assert picture.bounding_box()["width"] > 60
        assert picture.locator("text").count() == 0 or chapter.name == "linear-model", "a number instead of a picture"
