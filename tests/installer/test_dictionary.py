import hashlib

import resources
from installer import dictionary as training
from sync.protocol import dictionary
from tests.benchmarks.texts import PHRASES


def test_a_released_dictionary_stays_byte_for_byte():
    assert hashlib.sha256(dictionary.content(1)).hexdigest() == (
        "07ea3dfc7a9b2206f5b2928bc4e4a07431f8a52b6311f0a782f205588da45eab"
    )


def test_the_script_makes_a_dictionary_of_its_number_and_always_the_same():
    text = resources.read_text("dictionary", "text.txt")
    made = training.train(text)
    assert made == training.train(text)
    assert len(made) <= training.SIZE
    assert made[:4] == dictionary.content(1)[:4]
    assert int.from_bytes(made[4:8], "little") == training.NUMBER == dictionary.NEWEST


def test_the_dictionary_knows_nothing_of_what_the_benchmark_measures_with():
    text = resources.read_text("dictionary", "text.txt").casefold()
    made = dictionary.content(1).decode(errors="ignore").casefold()
    assert not [phrase for phrase in PHRASES if phrase.casefold() in text or phrase.casefold() in made]
