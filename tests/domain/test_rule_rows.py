"""Rules about lines in packages, many at a time, against the slow road that looks at a cell at a time."""

from __future__ import annotations

import numpy as np
import pytest

from domain.rule_packs import random_pack
from splitship.domain import rule_matches
from splitship.domain.rule_rows import any_about, any_about_on_some_day, rules_about
from splitship.units import day_number

DAYS = [day_number(day) for day in ("2026-11-26", "2026-11-28", "2026-12-02")]


@pytest.mark.parametrize("seed", range(12))
def test_rows_are_those_of_the_slow_road(seed: int) -> None:
    """Every line at every node by every service on three days, with up to three words of rules."""
    _, _, pack = random_pack(seed, num_rules=(12, 70, 150)[seed % 3])
    problem = pack.problem()
    rules, given = problem.package_rules, problem.as_given
    shape = (len(problem.lines), len(problem.nodes), len(problem.services), len(DAYS))
    line, node, service, day = (column.reshape(-1) for column in np.indices(shape))
    order, day = problem.lines.order_idx[line], np.array(DAYS)[day]
    about = np.zeros((len(rules), len(line)), np.bool_)
    rows = order, line, node, service
    for rule, found in rules_about(rules, np.ones(len(rules), np.bool_), *rows, day):
        about[rule, found] = True
    position = {int(source): rule for rule, source in enumerate(rules.source) if source >= 0}
    for row in range(0, len(line), 1 + len(line) // 60):
        slow = rule_matches(given, int(line[row]), int(node[row]), int(service[row]), int(day[row]))
        expected = {position[at] for at in (*slow.forbids, *slow.prices, *slow.quotas)}
        assert set(np.flatnonzero(about[:, row]).tolist()) == expected
    which = rules.is_forbidden
    assert np.array_equal(any_about(rules, which, *rows, day), about[which].any(axis=0))
    some = any_about_on_some_day(rules, which, problem.lines.order_idx, np.arange(len(problem.lines)))
    assert np.all(some.reshape(-1).repeat(len(DAYS)) >= about[which].any(axis=0))
