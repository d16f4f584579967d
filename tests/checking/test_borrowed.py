"""What `sandbox/checking/borrowed.py` leans on: a change in cloudpickle or Flask shows here."""

import importlib.metadata
import pickle

import cloudpickle
import flask
import pytest

from sandbox.checking import borrowed
from sandbox.checking.runner import packed
from tests.checking.student import student


@pytest.mark.parametrize("name", borrowed.TRIED)
def test_the_version_is_the_one_tried(name):
    """Another one: run these tests, then write its number."""
    assert importlib.metadata.version(name) == borrowed.TRIED[name]


def test_what_flask_brings_travels_by_its_name():
    source = "from flask import g, request, session\ndef view(): return g, request, session"
    [view] = pickle.loads(packed((student(source, "view"),)))
    assert [id(each) for each in view()] == [id(flask.g), id(flask.request), id(flask.session)]


def test_what_a_class_in_a_function_needs_travels_with_it():
    source = """
    from decimal import Decimal, localcontext
    from fractions import Fraction
    def make():
        class Form(Fraction):
            price = Decimal("1.5")
            class Meta:
                context = localcontext
        return Form
    """
    [make] = pickle.loads(packed((student(source, "make"),)))
    form = make()
    assert (str(form.price), form.Meta.context.__name__) == ("1.5", "localcontext")


def test_cloudpickle_still_needs_our_help():
    """The day it no longer does, our pickler can go."""
    source = """
    price = 3
    def make():
        class Form:
            cost = price
        return Form
    """
    make = pickle.loads(cloudpickle.dumps(student(source, "make")))
    with pytest.raises(NameError):
        make()
