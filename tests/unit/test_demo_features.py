"""The invented force holds everything that makes real records hard."""

from collections.abc import Iterator

import duckdb
import pytest

from kept.contract.tables import TABLES
from kept.demo import Force

FEATURES = {
    "several victims of one crime": "victims group by crime having count(*) > 1",
    "several crimes of one investigation": "crimes group by investigation having count(*) > 1",
    "persons who are victims again": "victims group by person having count(*) > 2",
    "one person twice in an investigation": """victims join crimes using (crime)
      group by person, investigation
      having count(*) > 1""",
    "crimes from before the 2020 Code": "crimes where reported_at < '2021-04-01'",
    "unallocated investigations": "postings where team = 'unallocated'",
    "reallocated investigations": """postings
      where officer is not null
      group by investigation
      having count(*) > 1""",
    "officers who moved": "staff group by officer having count(*) > 1",
    "flagged without a gate": "true_victims where flagged and not really_enhanced",
    "a gate without a flag": "true_victims where really_enhanced and not flagged",
    "opting back in": "facts where attribute = 'opted_out' and value = 'false'",
    "nominees": "victims where nominee",
    "evidence-led prosecutions": "facts where attribute = 'evidence_led' and value = 'active'",
    "changed intervals": """facts
      where attribute = 'contact_interval'
      group by subject
      having count(*) > 1""",
    "planned hearings": "events where kind = 'hearing' and scheduled_for is not null",
    "vacated hearings": "events where kind = 'hearing_vacated'",
    "failed messages": "events where kind = 'written_confirmation' and result = 'failed'",
    "late entry": "events where entered_at > occurred_at + interval 10 day",
    "back-dating": "true_events t join events e using (event_id) where e.occurred_at < t.really_at",
    "good reasons": "events where kind = 'good_reason' and item = 'R6-1a'",
    "declines": "events where kind = 'victim_declined'",
    "superseded events": "events where supersedes is not null",
    "withdrawn events": "events where voids is not null",
    "withdrawn facts": "facts where voids is not null",
    "superseded facts": "facts where supersedes is not null",
    "reclassified offences": """facts
      where attribute = 'offence_subgroup'
      group by subject
      having count(distinct value) > 1""",
    "reopened investigations": "events where kind = 'investigation_reopened'",
    "cancelled crimes": "events where kind = 'crime_cancelled'",
    "transferred crimes": "events where kind = 'crime_transferred'",
    "linked crimes": "facts where attribute = 'linked_to'",
    "merged persons": "facts where attribute = 'merged_into'",
    "restricted investigations": "restrictions where barred is not null",
    "victims added later": """victims v join crimes c using (crime)
      where v.entered_at > c.recorded_at + interval 1 day""",
    "victims who died": "events where kind = 'victim_died'",
    "arrests in two systems": """events
      where kind = 'suspect_arrested'
      group by suspect, occurred_at
      having count(distinct source) > 1""",
    "explicit answers": "events where answers is not null",
    "copied texts": "events group by note_digest having note_digest is not null and count(*) > 1",
    "texts of their own": "events group by note_digest having note_digest is not null and count(*) = 1",
    "witness care officers": "events where kind = 'court_result_received' and \"by\" like 'W%'",
    "blank fields": "assessments where value is null",
    "second versions of an assessment": "assessments where form = 'needs_assessment' and version = '2'",
    "done and not written down": "true_events where not recorded and done",
    "statements on both lists": """listed l join events e
      on e.victim = l.victim_ref and e.kind = 'personal_statement' and e."by" = 'witness_care'""",
    "statements on witness care's list alone": """listed l anti join events e
      on e.victim = l.victim_ref and e.kind = 'personal_statement' and e."by" = 'witness_care'""",
}


@pytest.fixture(scope="module")
def db(made: Force) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for table in TABLES:
            connection.execute(f"create view {table.name} as from '{made.extract}/{table.name}.parquet'")
        for name in ("events", "victims"):
            connection.execute(f"create view true_{name} as from '{made.truth}/{name}.parquet'")
        connection.execute(f"create view listed as from '{made.witness_care}/personal-statements.csv'")
        yield connection


def rows(db: duckdb.DuckDBPyConnection, query: str) -> int:
    answer: int = db.execute(query).fetchall()[0][0]
    return answer


@pytest.mark.parametrize("feature", FEATURES)
def test_it_holds(db: duckdb.DuckDBPyConnection, feature: str) -> None:
    assert rows(db, f"select count(*) from (select 1 from {FEATURES[feature]})") > 0


@pytest.mark.parametrize("by", ["witness_care", "cps", "probation", "cica", "standards"])
def test_each_holder_acts(db: duckdb.DuckDBPyConnection, by: str) -> None:
    assert rows(db, f"""select count(*) from events where "by" = '{by}' """) > 0
