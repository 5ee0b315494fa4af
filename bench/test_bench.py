"""What the measurements share: parts of RESULTS.md, tables, targets, turns of contestants."""

from measure import Budget, Contestant, race
from results import README, RESULTS, TITLES, table, verdicts, with_part, with_summary


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


def test_the_readme_shows_the_machine_the_plots_and_each_parts_targets() -> None:
    place = "before\n<!-- measured: written by ./hypertoken bench -->\nold\n<!-- end -->\nafter\n"
    where = "2026-01-01, `{}`, commit 12. Chip, 2 cores, Python 3.11.7, numpy 2.4.6."
    drawn = verdicts([("start to ready, s", 0.41, -0.5)], digits=2)
    document = with_part(
        "",
        "bridge.start",
        f"## From start\n\n{where.format('bench bridge')}\n\n1 2\n\n![by rows](x.png){drawn}\n",
    )
    document = with_part(document, "engine", f"## Engine\n\n{where.format('')}\n\nno targets\n")

    shown = with_summary(place, document)

    assert shown == (
        "before\n<!-- measured: written by ./hypertoken bench -->\n\n"
        "Measured on Chip, 2 cores, Python 3.11.7.\n\n"
        "![by rows](bench/x.png)\n\n"
        "|                                | measured | wanted |     |\n"
        "| ------------------------------ | -------: | -----: | --: |\n"
        "| **From start**, `bench bridge` |          |        |     |\n"
        "| start to ready, s              |     0.41 |  ≤ 0.5 | met |\n\n"
        "<!-- end -->\nafter\n"
    )
    assert "\nNo run is recorded yet.\n" in with_summary(place, "")


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
