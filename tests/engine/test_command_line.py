"""`python -m engine COMMAND`: exit codes and refusals as a shell sees them."""

import pytest

from engine.__main__ import COMMANDS, main
from tests.engine.bpmn_text import chain, diagram, node


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as leaving:
        main([name, "--help"])
    assert leaving.value.code == 0
    assert f"python -m engine {name}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["no-such-command"]])
def test_a_wrong_call_says_which_commands_there_are(words, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(words)
    assert leaving.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_a_refusal_goes_to_stderr_with_its_place_and_exit_code_1(tmp_path, capsys):
    file = tmp_path / "p.bpmn"
    file.write_bytes(b"<a>\n</b>")
    for lang, level in (("zh", "错误"), ("en", "error")):
        assert main(["tidy", str(file), "--lang", lang]) == 1
        assert f"p.bpmn:2:3 {level}" in capsys.readouterr().err
    assert file.read_bytes() == b"<a>\n</b>"


def test_tidy_draws_a_diagram_that_has_no_drawing(tmp_path):
    file = tmp_path / "p.bpmn"
    file.write_bytes(diagram(chain(node("userTask", "a", name="登记"))))
    assert main(["tidy", str(file)]) == 0
    assert b"BPMNShape" in file.read_bytes()
