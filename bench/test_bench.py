"""What the measurements share: parts of RESULTS.md, tables, targets, turns of contestants."""

import pytest
from measure import Budget, Contestant, race
from results import README, RESULTS, TITLES, with_part
from summary import HEADLINES, with_summary
from tables import read, table, verdicts


def test_a_part_is_exchanged_and_the_others_stay_in_their_order() -> None:
    document = with_part("", "peers.single", "single, old\n")
    document = with_part(document, "engine", "engine\n")

    document = with_part(document, "peers.single", "single, new\n")

    assert document.startswith("# Results\n")
    assert document.endswith(
        "\n<!-- part engine -->\nengine\n<!-- end -->\n"
        "\n<!-- part peers.single -->\nsingle, new\n<!-- end -->\n"
    )
    assert "single, old" not in document


def test_remarks_written_by_hand_stay_behind_their_part() -> None:
    remarks = "<!-- remarks engine -->\nThe bound is the memory's bandwidth.\n<!-- end -->\n"
    document = with_part(remarks, "bridge.start", "start\n")

    document = with_part(document, "engine", "engine\n")

    assert f"<!-- part engine -->\nengine\n<!-- end -->\n\n{remarks}" in document
    assert document.index(remarks) < document.index("start")


def test_every_part_survives_the_writing_of_another() -> None:
    document = ""
    for part in reversed(TITLES):
        document = with_part(document, part, f"{part}\n")

    for part in TITLES:
        assert f"<!-- part {part} -->\n{part}\n<!-- end -->" in document


def test_a_table_is_aligned_as_it_stands() -> None:
    assert table(("who", "µs"), [("one", "12.5"), ("another", "3")]) == (
        "| who     |   µs |\n"
        "| ------- | ---: |\n"
        "| one     | 12.5 |\n"
        "| another |    3 |"
    )  # fmt: skip


def test_a_target_is_a_least_or_if_negative_a_most() -> None:
    drawn = verdicts([("fast", 9.9, 10), ("short", 9.9, -10)])

    assert "| fast   |      9.9 |   ≥ 10 | missed |" in drawn
    assert "| short  |      9.9 |   ≤ 10 |    met |" in drawn
    assert verdicts([]) == ""


def test_the_readme_shows_the_machine_the_plots_and_the_headlines_without_what_was_wanted() -> None:
    place = "before\n<!-- measured: written by ./hypertoken bench -->\nold\n<!-- end -->\nafter\n"
    where = "2026-01-01, `bench`, commit 12. Chip, 2 cores, Python 3.11.7, numpy 2.4.6."
    rates = table(("binary vector", "rounds/s"), [("1,024 tables", "12"), ("256 tables", "9")])
    turns = "\n\n".join(
        table(
            (game, "µs a turn", "×"),
            [("PettingZoo, raw_env", "9.10", "1.0"), ("hypertoken.aec_env", "3.00", "3.1")],
        )
        for game in ("tic-tac-toe", "connect-four")
    )
    document = with_part(
        "",
        "bridge.batches",
        f"## Batches\n\n{where}\n\n![by rows](x.png)\n\n{rates}{verdicts([('fast', 12, 10)])}\n",
    )
    document = with_part(document, "peers.turns", f"## Turns\n\n{where}\n\n{turns}\n")

    shown = with_summary(place, document)

    assert "wanted" not in shown
    assert shown == (
        "before\n<!-- measured: written by ./hypertoken bench -->\n\n"
        "Measured on Chip, 2 cores, Python 3.11.7.\n\n"
        "![by rows](bench/x.png)\n\n"
        + table(
            ("", "HyperToken", "the peer", "times as fast"),
            [
                *(
                    (
                        f"`{game}`, PettingZoo's loop, µs a turn, beside PettingZoo, raw_env",
                        *("3.00", "9.10", "3.1"),
                    )
                    for game in ("tic-tac-toe", "connect-four")
                ),
                ("`casino-blackjack` over a WebSocket, 1,024 tables, rounds/s", "12", "", ""),
            ],
        )
        + "\n\n<!-- end -->\nafter\n"
    )
    assert "\nNo run is recorded yet.\n" in with_summary(place, "")


def test_a_headline_whose_cell_is_gone_is_an_error_that_names_it() -> None:
    drawn = table(("binary vector", "rounds/s"), [("1,024 tables", "12")])

    assert read(drawn, ("binary vector", "1,024 tables", "rounds/s")) == "12"
    with pytest.raises(KeyError, match=r"begins with 'binary vector' has a row '9 tables'"):
        read(drawn, ("binary vector", "9 tables", "rounds/s"))


def test_every_part_that_the_readme_quotes_is_a_part_of_the_results() -> None:
    assert {headline.part for headline in HEADLINES} <= TITLES.keys()


def test_the_readme_shows_the_results_as_they_are_recorded() -> None:
    document = RESULTS.read_text() if RESULTS.exists() else ""

    assert with_summary(README.read_text(), document) == README.read_text(), "run bench/results.py"


def test_contestants_take_turns_in_alternating_order_and_are_closed() -> None:
    order: list[str] = []

    def contestant(name: str) -> Contestant:
        def play(count: int) -> float:
            order.append(name)
            return count

        return Contestant(name, play, lambda: order.append(f"{name} closed"))

    first, second = contestant("first"), contestant("second")

    race([first, second], Budget(slices=2, slice_seconds=0.0, warm_seconds=0.0))

    assert order[-6:] == ["first", "second", "second", "first", "first closed", "second closed"]
    assert len(first.seconds) == len(second.seconds) == 2
    assert first.rate > 0
