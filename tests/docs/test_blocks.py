"""What holds the documentation must itself notice a wrong exit code, a line not printed, a command not ours."""

from pathlib import Path

from tests.support.blocks import blocks, commands, faults


def page(*lines: str, fence: str = "console", before: str = "") -> str:
    return "\n".join([before, f"```{fence}", *lines, "```", ""])


def says(text: str, code: int = 0) -> list[tuple[int, str]]:
    return [(code, text)]


def follow(text: str, answers: list[tuple[int, str]], folder: Path = Path()) -> list[str]:
    return faults(text, folder, lambda arguments: answers.pop(0))


def test_lines_shown_must_be_printed_in_order() -> None:
    shown = page("$ kept x", "one", "…", "three")
    assert follow(shown, says("one\ntwo\nthree")) == []
    assert "three" in follow(shown, says("three\none"))[0]


def test_an_ellipsis_stands_for_anything_in_a_line_and_space_does_not_count() -> None:
    assert follow(page("$ kept x", "a … c"), says("  a   b  c")) == []
    assert follow(page("$ kept x", "a … d"), says("a b c")) != []


def test_the_exit_code_is_nought_unless_shown() -> None:
    assert follow(page("$ kept x", "[exit code 3]"), says("", 3)) == []
    assert "ended with 3" in follow(page("$ kept x"), says("", 3))[0]
    assert "ended with 0" in follow(page("$ kept x", "[exit code 3]"), says(""))[0]


def test_another_program_is_a_fault_unless_the_block_says_why_it_is_not_run() -> None:
    assert "no-run" in follow(page("$ make demo"), [])[0]
    assert follow(page("$ make demo", before="<!-- no-run: it installs -->"), []) == []


def test_a_command_may_go_on_in_the_next_line() -> None:
    (block,) = blocks(page("$ kept x \\", "    --y", "shown"))
    (command,) = commands(block)
    assert command.line.split() == ["kept", "x", "--y"]
    assert command.shown == ("shown",)


def test_a_titled_block_is_written(tmp_path: Path) -> None:
    assert follow(page("a: 1", fence='yaml title="in/a.yaml"'), [], tmp_path) == []
    assert (tmp_path / "in" / "a.yaml").read_text() == "a: 1\n"
