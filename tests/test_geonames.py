"""The towns of lesson 07, in a file of ours."""

import gzip
import json

from sandbox.geonames import GeonamesCache
from tools import ROOT

FOLDER = ROOT / "sandbox" / "geonames"


def test_each_town_has_what_the_lesson_asks():
    with gzip.open(FOLDER / "cities15000.json.gz") as file:
        cities = json.load(file)
    assert len(cities) == 34_006
    keys = {"name", "countrycode", "latitude", "longitude", "population", "timezone"}
    assert all(city.keys() == keys for city in cities.values())


def test_they_say_whose_they_are():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "https://www.geonames.org" in text
    assert "Creative Commons Attribution 4.0" in text


def test_a_copy_of_the_former_lesson_still_finds_them():
    cities = GeonamesCache().get_cities().values()
    assert sum(city["name"] == "Paris" for city in cities) == 2
