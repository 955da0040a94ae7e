"""How the features of a question speak for documents."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from bot.knowledge.search.features import Counted
from bot.knowledge.search.rows import Rows
from bot.knowledge.search.space import MOST_COUNTED, DocumentSpace


def space_of(*documents: dict[int, int], features: int = 4) -> DocumentSpace:
    """A space of documents given as feature → how often it stands there."""
    sizes = np.array([len(document) for document in documents], np.int64)
    ids = np.array([feature for document in documents for feature in document], np.int64)
    values = np.array([times for document in documents for times in document.values()], np.int64)
    return DocumentSpace(Rows.of(sizes, ids, values), features)


def question(*features: int) -> Counted:
    return Counted.of(Counter(features))


class TestOdds:
    """A feature speaks for the documents in which most of its places are."""

    def test_a_feature_of_one_document_speaks_for_it_alone(self) -> None:
        _, odds = space_of({0: 3, 1: 1}, {1: 1}, {2: 5}).scores_and_odds(question(0))
        assert odds[0] > 0.8
        assert odds[1] == odds[2] == 0.0

    def test_where_it_stands_more_often_it_says_more(self) -> None:
        _, odds = space_of({0: 9}, {0: 3}, {0: 1}).scores_and_odds(question(0))
        assert odds[0] > odds[1] > odds[2] > 0.0

    def test_a_feature_of_all_documents_decides_nothing(self) -> None:
        _, odds = space_of({0: 2, 1: 1}, {0: 2, 2: 1}, {0: 2}).scores_and_odds(question(0, 1))
        assert odds[1] == pytest.approx(odds[2])
        assert odds[0] > odds[1]

    def test_features_that_are_unknown_lower_it(self) -> None:
        space = space_of({0: 3}, {1: 1})
        sure, doubtful = space.scores_and_odds(question(0))[1], space.scores_and_odds(question(0), unknown=3)[1]
        assert doubtful[0] == pytest.approx(sure[0] / 4)

    def test_it_stays_between_nothing_and_one(self) -> None:
        _, odds = space_of({0: 60_000}, {0: 1, 1: 1}).scores_and_odds(question(0, 0, 1))
        assert (odds >= 0.0).all()
        assert (odds <= 1.0).all()

    def test_a_question_without_features_says_nothing(self) -> None:
        cosines, odds = space_of({0: 3}, {1: 1}).scores_and_odds(question())
        assert not cosines.any()
        assert not odds.any()


def test_counts_above_a_byte_weigh_as_the_highest_one() -> None:
    much, more = space_of({0: MOST_COUNTED, 1: 1}, {1: 1}), space_of({0: 60_000, 1: 1}, {1: 1})
    assert much.scores(question(0, 1)) == pytest.approx(more.scores(question(0, 1)))
