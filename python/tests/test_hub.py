"""Policies on the Hub, pushed to and pulled from a Hub of our own on loopback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import constants
from PIL import Image

from hypertoken import hub as policies
from hypertoken.errors import BadFieldError, UnavailableError
from tests.hub_server import TOKEN, Commit, Fault, HubServer

REPO = "me/ppo-cartpole"
POLICY = {
    "format": 1,
    "environment": {"id": "CartPole-v1", "version": 1, "options": {"low": -0.05}},
    "digest": {"sha256": "86591f", "seed": 0, "steps": 200},
    "trained": {"algorithm": "ppo", "steps": 40960, "seed": 1},
    "scores": {"deterministic": {"mean_reward": 500.0, "std_reward": 0.0, "episodes": 100}},
}
CONFIG = {"hyperparameters": {"gamma": 0.98, "hidden": "64,64"}, "versions": {"hypertoken": "0.1"}}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A Hub, and a login of somebody who may write there."""
    with HubServer() as running:
        # The library reads its environment once, when it is imported.
        template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, running.url)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "ENDPOINT", running.url)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-login"))
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield running
        huggingface_hub.close_session()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each wait was to be; none is waited for."""
    asked: list[float] = []
    monkeypatch.setattr("time.sleep", asked.append)
    return asked


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder as training leaves it."""
    folder = tmp_path / "run"
    (folder / "policy").mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    lines = [{"step": 0}, *({"step": k * 1000, "return": 20.0 * k} for k in range(1, 9))]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "events.out.tfevents.1.hypertoken").write_bytes(b"curves")
    (folder / "policy" / "policy.json").write_text(json.dumps(POLICY))
    (folder / "policy" / "policy.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    (folder / "policy" / "notes.pkl").write_bytes(b"\x80\x04.")
    return folder


def newest(hub: HubServer, repo: str = REPO, ref: str = "main") -> dict[str, bytes]:
    found = hub.repos[repo].at(ref)
    assert found is not None
    return found.files


def test_a_run_is_pushed_in_one_commit_and_pulled_again(hub: HubServer, run: Path) -> None:
    url = policies.push(run, REPO, private=True, message="The first one")

    head = hub.repos[REPO].at("main")
    assert head is not None
    assert url == f"{hub.url}/{REPO}/commit/{head.id}"
    assert (head.title, hub.repos[REPO].private) == ("The first one", True)
    assert sorted(head.files) == [
        ".gitattributes",
        "README.md",
        "config.json",
        "events.out.tfevents.1.hypertoken",
        "metrics.jsonl",
        "policy.json",
        "policy.safetensors",
        "results.json",
        "training.png",
    ]
    pulled = policies.pull(REPO)
    assert json.loads((pulled / "policy.json").read_text()) == POLICY
    assert (pulled / "policy.safetensors").read_bytes() == head.files["policy.safetensors"]


def test_the_hubs_own_parser_reads_the_card(hub: HubServer, run: Path, tmp_path: Path) -> None:
    policies.push(run / "policy", REPO)

    files = newest(hub)
    (tmp_path / "README.md").write_bytes(files["README.md"])
    card = huggingface_hub.ModelCard.load(tmp_path / "README.md")
    assert card.data.library_name == "hypertoken"
    assert card.data.tags == [
        "CartPole-v1",
        "deep-reinforcement-learning",
        "reinforcement-learning",
        "ppo",
    ]
    assert card.data.eval_results is not None
    (result,) = card.data.eval_results
    assert (result.task_type, result.dataset_name, result.dataset_type) == (
        "reinforcement-learning",
        "CartPole-v1",
        "CartPole-v1",
    )
    assert (result.metric_type, result.metric_value) == ("mean_reward", "500.00 +/- 0.00")
    for told in ("86591f", "| gamma | `0.98` |", f"--policy hub:{REPO}", "![Mean return by steps]"):
        assert told in card.text
    results = json.loads(files["results.json"])
    assert (results["mean_reward"], results["std_reward"], results["n_eval_episodes"]) == (
        500.0,
        0.0,
        100,
    )
    (tmp_path / "curve.png").write_bytes(files["training.png"])
    with Image.open(tmp_path / "curve.png") as picture:
        drawn = picture.convert("RGB").getcolors(1 << 20)
    assert drawn is not None
    assert any(colour[2] > 150 and colour[0] < 90 for _, colour in drawn), "the line is blue"


def test_a_seats_own_policies_are_pushed_with_their_folders(hub: HubServer, run: Path) -> None:
    own = run / "policy"
    scores = {
        "player_1": {"mean_reward": 1.0, "std_reward": 0.5, "episodes": 9, "won": 1.0, "lost": 0.0},
        "player_2 | b": {"mean_reward": -1.0, "std_reward": 0.5},
    }
    for seat in ("player_1", "player_2"):
        (own / seat).mkdir()
        (own / seat / "policy.json").write_text(json.dumps({**POLICY, "scores": scores}))
        (own / seat / "policy.safetensors").write_bytes(seat.encode())
    (own / "policy.json").unlink()
    (own / "policy.safetensors").unlink()

    policies.push(run, REPO)

    files = newest(hub)
    assert files["player_2/policy.safetensors"] == b"player_2"
    assert f"hub:{REPO}/player_1".encode() in files["README.md"]
    card = huggingface_hub.ModelCard(files["README.md"].decode())
    assert isinstance(card.data, huggingface_hub.ModelCardData)
    assert [each.metric_value for each in card.data.eval_results or []] == [
        "1.00 +/- 0.50",
        "-1.00 +/- 0.50",
    ]
    assert (policies.pull(REPO) / "player_1" / "policy.json").is_file()


def test_what_an_earlier_push_left_is_removed_and_what_others_wrote_is_kept(
    hub: HubServer, run: Path
) -> None:
    (run / "policy" / "policy.onnx").write_bytes(b"an old network")
    policies.push(run, REPO)
    head = hub.repos[REPO].at("main")
    assert head is not None
    files = {**head.files, "replay.mp4": b"a film"}
    hub.repos[REPO].add("main", Commit("a film", "", files, head.id))
    (run / "policy" / "policy.onnx").unlink()

    policies.push(run, REPO)

    assert "policy.onnx" not in newest(hub)
    assert newest(hub)["replay.mp4"] == b"a film"


def test_a_branch_and_a_pull_request_leave_main_alone(hub: HubServer, run: Path) -> None:
    policies.push(run, REPO, revision="tuned/2")
    url = policies.push(run, REPO, create_pr=True)

    repo = hub.repos[REPO]
    assert url.endswith(repo.refs["refs/pr/1"])
    assert "policy.json" in newest(hub, ref="tuned/2")
    assert "policy.json" in newest(hub, ref="refs/pr/1")
    assert list(newest(hub)) == [".gitattributes"]
    assert (policies.pull(REPO, revision="refs/pr/1") / "policy.json").is_file()


def test_nothing_is_asked_of_the_hub_without_a_token(
    hub: HubServer, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")

    with pytest.raises(UnavailableError, match="there is no token; set HF_TOKEN"):
        policies.push(run, REPO)

    assert hub.log == []


@pytest.mark.parametrize(
    ("request_", "status", "words"),
    [
        ("POST /api/repos/create", 401, "the Hub does not know the token"),
        (f"POST /api/models/{REPO}/commit", 403, "the token may not do that there"),
        (f"POST /api/models/{REPO}/commit", 404, "there is no such repository"),
    ],
)
def test_a_refusal_says_what_to_do_and_leaves_no_commit(
    hub: HubServer, run: Path, request_: str, status: int, words: str
) -> None:
    hub.faults.append(Fault(request_, status))

    with pytest.raises(UnavailableError, match=words) as refused:
        policies.push(run, REPO)

    assert len(hub.asked(f"POST /api/models/{REPO}/commit")) <= 1, "no sense in trying again"
    assert REPO not in hub.repos or list(newest(hub)) == [".gitattributes"]
    assert_hidden(refused.value)


def assert_hidden(error: BaseException) -> None:
    """The token is in nothing that an error carries: neither words nor the request."""
    assert error.__context__ is None
    assert error.__cause__ is None
    assert TOKEN not in repr(vars(error)) + str(error) + repr(error)


def test_a_wrong_token_and_anothers_repository_are_refused(
    hub: HubServer, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnavailableError, match="the token may not do that there"):
        policies.push(run, "others/theirs")
    with pytest.raises(UnavailableError, match="the Hub does not know the token"):
        policies.push(run, REPO, token="hf_wrong")

    assert hub.repos == {}


@pytest.mark.parametrize("create_pr", [False, True])
def test_a_commit_whose_answer_is_lost_is_there_once(
    hub: HubServer, run: Path, waits: list[float], create_pr: bool
) -> None:
    hub.make(REPO)
    hub.faults.append(Fault(f"POST /api/models/{REPO}/commit"))  # done, then cut

    url = policies.push(run, REPO, create_pr=create_pr)

    repo = hub.repos[REPO]
    assert len(repo.commits) == 2
    head = repo.refs["refs/pr/1" if create_pr else "main"]
    assert url == f"{hub.url}/{REPO}/commit/{head}"
    assert len(hub.asked(f"POST /api/models/{REPO}/commit")) == 1
    assert waits == [1.0]


def test_too_many_requests_are_waited_for_as_long_as_the_hub_asks(
    hub: HubServer, run: Path, waits: list[float]
) -> None:
    commit = f"POST /api/models/{REPO}/commit"
    hub.faults += [
        Fault(commit, 429, {"Retry-After": "7"}),
        Fault(commit, 503),
        Fault(commit, cut=True),
    ]

    policies.push(run, REPO)

    assert waits == [7.0, 2.0, 4.0]
    assert len(hub.repos[REPO].commits) == 2, "one beside the first"


def test_a_hub_that_stays_busy_is_given_up(hub: HubServer, run: Path, waits: list[float]) -> None:
    hub.faults += [Fault(f"POST /api/models/{REPO}/commit", 429)] * 6

    with pytest.raises(UnavailableError, match="the Hub wants fewer requests"):
        policies.push(run, REPO)

    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_anothers_commit_in_between_is_built_upon(
    hub: HubServer, run: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = hub.make(REPO)
    create = huggingface_hub.HfApi.create_commit

    def after_another(*arguments: Any, **keywords: Any) -> Any:
        if len(repo.commits) == 1:
            files = {**newest(hub), "theirs.txt": b"1"}
            repo.add("main", Commit("theirs", "", files, repo.refs["main"]))
        return create(*arguments, **keywords)

    monkeypatch.setattr(huggingface_hub.HfApi, "create_commit", after_another)

    policies.push(run, REPO)

    assert [each.title for each in repo.history("main")][1:] == ["theirs", "initial commit"]
    assert newest(hub)["theirs.txt"] == b"1"


def test_an_upload_that_is_cut_is_begun_anew_and_given_up_with_no_commit(
    hub: HubServer, run: Path, waits: list[float]
) -> None:
    hub.faults.append(Fault("PUT /lfs/", cut=True))
    policies.push(run, REPO)
    assert "policy.safetensors" in newest(hub)

    (run / "policy" / "policy.safetensors").write_bytes(b"another")
    hub.faults += [Fault("PUT /lfs/", cut=True)] * 100
    with pytest.raises(UnavailableError, match="could not push"):
        policies.push(run, REPO)

    assert len(hub.repos[REPO].commits) == 2


@pytest.mark.parametrize(
    "repo",
    [
        *("", "cartpole", "me/", "/x", "me/a/b", "me/a b", "me/a;rm -rf", 'me/"x"', "me/$(id)"),
        *("-x/y", "me/../x", "me/a--b", "me/x.git", "me/" + "x" * 97, "mé/x", "me/x\n"),
    ],
)
def test_a_bad_name_is_refused_before_anything_is_asked(
    hub: HubServer, run: Path, repo: str
) -> None:
    with pytest.raises(BadFieldError, match="it is not user/name"):
        policies.push(run, repo)
    with pytest.raises(BadFieldError, match="it is not user/name"):
        policies.pull(repo)

    assert hub.log == []


@pytest.mark.parametrize("revision", ["", "--upload-pack=x", "a b", "a/../b", "x\n", "$(id)"])
def test_a_bad_revision_is_refused(hub: HubServer, run: Path, revision: str) -> None:
    with pytest.raises(BadFieldError, match="no name of a branch"):
        policies.push(run, REPO, revision=revision)

    assert hub.log == []


def test_a_folder_without_a_policy_is_refused(hub: HubServer, tmp_path: Path) -> None:
    with pytest.raises(BadFieldError, match=r"there is no policy\.json"):
        policies.push(tmp_path, REPO)
    (tmp_path / "policy.json").write_text("[]")
    with pytest.raises(BadFieldError, match="holds no JSON object"):
        policies.push(tmp_path, REPO)
    (tmp_path / "policy.json").write_text("{")
    with pytest.raises(BadFieldError, match=r"refused .*policy\.json"):
        policies.push(tmp_path, REPO)

    assert hub.log == []


def test_a_policy_comes_from_the_cache_without_the_hub(
    hub: HubServer, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies.push(run, REPO)
    first = policies.pull(REPO)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    huggingface_hub.close_session()
    asked = len(hub.log)

    assert policies.pull(REPO) == first
    with pytest.raises(UnavailableError, match="not in the cache"):
        policies.pull("me/another")

    assert len(hub.log) == asked


def test_only_numbers_text_and_pictures_are_pulled(hub: HubServer, tmp_path: Path) -> None:
    names = {"policy.json": b"{}", "policy.pkl": b"\x80\x04.", "setup.py": b"", "m.bin": b""}
    hub.make(REPO, **names)

    pulled = policies.pull(REPO, out=tmp_path / "mine")

    assert pulled == tmp_path / "mine"
    assert [file.name for file in pulled.iterdir()] == ["policy.json"]
    assert not (pulled / "policy.json").is_symlink()
    with pytest.raises(BadFieldError, match="there is something in it"):
        policies.pull(REPO, out=tmp_path / "mine")
    assert {each.name for each in tmp_path.iterdir()} == {"cache", "mine"}


def test_a_repository_without_a_policy_or_of_nobody_is_refused(hub: HubServer) -> None:
    hub.make(REPO, **{"model.zip": b"PK"})

    with pytest.raises(BadFieldError, match=r"it holds no policy\.json"):
        policies.pull(REPO)
    with pytest.raises(UnavailableError, match="there is no such repository"):
        policies.pull("me/another")
    with pytest.raises(UnavailableError, match="there is no such repository, revision"):
        policies.pull(REPO, revision="no-such-branch")


def test_one_file_goes_by_the_names_of_pufferlib_rs(hub: HubServer, tmp_path: Path) -> None:
    model = tmp_path / """best '"$(touch x)"' `id`;.bin"""
    model.write_bytes(b"numbers")
    config = policies.HubConfig(REPO, TOKEN)

    url = policies.push_to_hub(model, config, """Upload "it"; $(touch y) 'now'""")

    assert url == f"{hub.url}/{REPO}"
    assert newest(hub)["model.bin"] == b"numbers"
    assert hub.repos[REPO].history("main")[0].title == """Upload "it"; $(touch y) 'now'"""
    assert TOKEN not in repr(config)
    path = policies.pull_from_hub(REPO, "model.bin", tmp_path / "models")
    assert path == tmp_path / "models" / "model.bin"
    assert path.read_bytes() == b"numbers"


def test_no_pickle_is_pushed_or_read(hub: HubServer, tmp_path: Path) -> None:
    model = tmp_path / "model.bin"
    for pickled in (b"\x80\x04\x95", b"PK\x03\x04data.pkl"):
        model.write_bytes(pickled)
        with pytest.raises(BadFieldError, match="it is a pickle"):
            policies.push_to_hub(model, policies.HubConfig(REPO), "x")
    assert hub.log == []
    hub.make(REPO, **{"model.bin": b"\x80\x04\x95"})
    with pytest.raises(BadFieldError, match="it is a pickle"):
        policies.pull_from_hub(REPO, "model.bin", tmp_path / "models")
    assert not (tmp_path / "models" / "model.bin").exists()
    for name in ("policy.pkl", "../x.bin", "/x.bin", "a//b", ""):
        with pytest.raises(BadFieldError, match="refused file name"):
            policies.pull_from_hub(REPO, name, tmp_path)


def test_the_page_shows_what_happens(
    hub: HubServer, run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "hub.md").read_text()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    run.rename(tmp_path / "runs" / "mine")
    (tmp_path / "best.safetensors").write_bytes(b"numbers")
    names: dict[str, Any] = {}

    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, names)

    assert names["url"] == f"{hub.url}/me/ppo-CartPole-v1/commit/{names['folder'].name}"
    assert names["path"] == tmp_path / "models" / "model.bin"


def test_the_module_tells_a_refusal_in_json_and_shows_no_token(
    hub: HubServer, run: Path, tmp_path: Path
) -> None:
    variables = {
        **os.environ,
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "home"),
        "HF_TOKEN": TOKEN,
    }
    words = [sys.executable, "-m", "hypertoken.hub", "push", str(run), "others/theirs"]

    done = subprocess.run(words, env=variables, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    told = json.loads(done.stdout)["error"]
    assert told["code"] == "unavailable"
    assert told["to_do"] == "use a token that may write to that repository"
    assert TOKEN not in done.stdout + done.stderr
