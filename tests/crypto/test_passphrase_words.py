"""A suggested passphrase: typed in small Latin letters, four pairs, never two words spelt alike."""

from __future__ import annotations

import secrets

from app.crypto import passphrase_words
from app.crypto.passphrase import checked


def test_no_two_words_of_a_list_are_spelt_alike() -> None:
    for words, length in ((passphrase_words._FIRST, 32), (passphrase_words._SECOND, 64)):
        spelt = [word[1:] for word in words.split()]
        assert (len(spelt), len(set(spelt))) == (length, length)
        assert all(one.isascii() and one.islower() for one in spelt)


def test_a_suggestion_may_be_used_and_is_another_each_time() -> None:
    made = [passphrase_words.suggest(secrets.token_bytes) for _ in range(20)]
    assert len({one.passphrase for one in made}) == 20
    for one in made:
        assert checked(one.passphrase) == one.passphrase
        assert (len(one.passphrase.split()), len(one.reminder.replace(" ", ""))) == (4, 8)
