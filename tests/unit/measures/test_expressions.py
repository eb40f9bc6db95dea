"""Conditions of the catalogue: which may stand, and which reach too far."""

import pytest

from kept.errors import MeasureError
from kept.measures.expressions import columns_of


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("a IS NOT NULL AND b <= c + INTERVAL 7 DAY", {"a", "b", "c"}),
        ("code IN ('16', '14') OR NOT flag", {"code", "flag"}),
        ("coalesce(a, b) BETWEEN 1 AND 2", {"a", "b"}),
        ("CASE WHEN age < 18 THEN 'young' ELSE 'old' END", {"age"}),
        ("strftime(reported_at, '%u %A')", {"reported_at"}),
        ("true", set()),
    ],
)
def test_a_condition_compares_columns(expression: str, columns: set[str]) -> None:
    assert columns_of(expression) == columns


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("read_csv('/etc/passwd')", "read_csv"),
        ("(SELECT 1)", "subquery"),
        ("a; DROP TABLE b", "syntax error"),
        ("a, b", "row"),
        ("1 FROM victims", "syntax error"),
        ("1) FROM victims --", "more than one expression"),
        ("sum(a) OVER ()", "window"),
        ("sum(a)", "sum"),
        ("getenv('HOME')", "getenv"),
        ("a = ", "syntax error"),
        ("*", "star"),
    ],
)
def test_what_reaches_further_is_refused_with_its_reason(expression: str, why: str) -> None:
    with pytest.raises(MeasureError) as refused:
        columns_of(expression)
    assert why in refused.value.why
    assert refused.value.what_to_do
