"""The same server on PostgreSQL: answers kept, gone on with, and apart where two devices go apart."""

from evaluator.serve.store import open_store
from evaluator.study import Study


def test_a_server_keeps_its_answers_in_postgresql(postgres, serving, asking, ratios) -> None:
    url = postgres.url.replace("@", f":{postgres.password.replace('%', '%25').replace('@', '%40')}@", 1)
    served = serving(database=url)
    phone, desk = served.opened("E1"), served.opened("E1")
    first, second = phone.told()["server"], desk.told()["server"]
    assert phone.save(ratios("3", "", ""), server=first).json()["version"] == 1
    assert served.opened("E1").told()["groups"][0]["given"] == [3.0, None, None]
    assert desk.save(ratios("5", "3", "1"), final=True, server=second).json()["forked"] is True
    assert [one.value for one in Study(asking).panel.judgments] == [5.0, 3.0, 1.0]
    assert not (asking / "served" / "store.sqlite").exists()
    again = open_store(asking / "served", url)  # after a restart
    assert [line.version for line in again.lines()] == [1, 1]
    again.close()
