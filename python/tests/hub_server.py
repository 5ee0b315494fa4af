"""The Hub's HTTP API on loopback, as far as a push and a pull of huggingface_hub go.

It keeps what the real one keeps (commits with parents, branches, pull requests, files by their
hashes) and refuses what that refuses: no token, another's repository, a commit that does not build
on the newest one. `faults` says what is to go wrong, once for each entry.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

TOKEN = "hf_good"
DATE = "2026-01-01T00:00:00.000Z"


@dataclass
class Commit:
    title: str
    message: str
    files: dict[str, bytes]
    parent: str | None

    @property
    def id(self) -> str:
        what = repr((self.title, self.message, sorted(self.files.items()), self.parent))
        return hashlib.sha1(what.encode()).hexdigest()


@dataclass
class Repo:
    private: bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)

    def add(self, ref: str, commit: Commit) -> str:
        self.commits[commit.id] = commit
        self.refs[ref] = commit.id
        return commit.id

    def at(self, revision: str) -> Commit | None:
        return self.commits.get(self.refs.get(revision, revision))

    def history(self, revision: str) -> list[Commit]:
        found = []
        commit = self.at(revision)
        while commit is not None:
            found.append(commit)
            commit = self.commits.get(commit.parent or "")
        return found


@dataclass
class Fault:
    """What goes wrong with the next request whose method and path begin like this.

    `status` is answered instead of doing it; without one it is done, and then the connection is
    cut ("lost") or, with `cut`, cut before anything is done. `until` is waited for first.
    """

    request: str
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    until: threading.Event | None = None


class HubServer:
    """Runs while it is entered; `url` is for HF_ENDPOINT."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.blobs: dict[str, bytes] = {}
        self.faults: list[Fault] = []
        self.log: list[str] = []
        self.stuck = threading.Event()  # set when a request waits for its fault's `until`
        hub = self

        class Handler(_Handler):
            server_of = hub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> HubServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def asked(self, beginning: str) -> list[str]:
        """The requests that begin like this, as `POST /api/…`."""
        return [line for line in self.log if line.startswith(beginning)]

    def make(self, name: str, **files: bytes) -> Repo:
        repo = self.repos[name] = Repo()
        repo.add("main", Commit("initial commit", "", {".gitattributes": b"", **files}, None))
        return repo


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: HubServer

    def log_message(self, *_: object) -> None:
        pass

    def _any(self) -> None:
        hub = self.server_of
        parts = urlparse(self.path)
        path = unquote(parts.path)
        hub.log.append(f"{self.command} {path}")
        fault = next((f for f in hub.faults if hub.log[-1].startswith(f.request)), None)
        if fault is not None:
            hub.faults.remove(fault)
            if fault.until is not None:
                hub.stuck.set()
                fault.until.wait(60)
            if fault.cut:
                self.close_connection = True
                self.connection.close()
                return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if fault is not None and fault.status is not None:
            self._answer(fault.status, {"error": "as the test wants it"}, fault.headers)
            return
        status, told, headers = self._done(path, parse_qs(parts.query), body)
        if fault is not None:
            self.close_connection = True
            self.connection.close()
            return
        self._answer(status, told, headers)

    do_GET = do_POST = do_PUT = do_HEAD = _any  # noqa: N815

    def _answer(self, status: int, told: Any, headers: dict[str, str]) -> None:
        data = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _done(
        self, path: str, query: dict[str, list[str]], body: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        hub = self.server_of
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        writes = self.command == "POST" and path.startswith("/api/") and "validate" not in path
        if writes and token != TOKEN:
            return 401, {"error": "Invalid username or password."}, {}
        if path == "/api/validate-yaml":
            return 200, {"errors": [], "warnings": []}, {}
        if path == "/api/repos/create":
            asked = json.loads(body)
            name = f"{asked.get('organization') or 'me'}/{asked['name']}"
            if asked.get("organization") not in (None, "me"):
                return 403, {"error": "You don't have the rights to create a model there"}, {}
            if name in hub.repos:
                url = f"{hub.url}/{name}"
                return 409, {"error": "You already created this model repo", "url": url}, {}
            hub.make(name).private = asked.get("visibility") == "private"
            return 200, {"url": f"{hub.url}/{name}"}, {}
        if path.endswith(".git/info/lfs/objects/batch"):
            objects = [
                {
                    **each,
                    "actions": {"upload": {"href": f"{hub.url}/lfs/{each['oid']}"}},
                }
                for each in json.loads(body)["objects"]
            ]
            return 200, {"transfer": "basic", "objects": objects}, {}
        if path.startswith("/lfs/"):
            if hashlib.sha256(body).hexdigest() != path[5:]:
                return 400, {"error": "cut"}, {}
            hub.blobs[path[5:]] = body
            return 200, {}, {}
        if match := re.match(r"/api/models/([^/]+/[^/]+)(?:/(.*))?$", path):
            return self._model(match[1], match[2] or "", query, body)
        if match := re.match(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)$", path):
            repo = hub.repos.get(match[1])
            commit = repo.at(match[2]) if repo else None
            if commit is None or match[3] not in commit.files:
                return 404, {}, {"X-Error-Code": "EntryNotFound" if repo else "RepoNotFound"}
            data = commit.files[match[3]]
            etag = hashlib.sha256(data).hexdigest()
            return 200, data, {"ETag": f'"{etag}"', "X-Repo-Commit": commit.id}
        return 404, {"error": f"no route {path}"}, {}

    def _model(
        self, name: str, rest: str, query: dict[str, list[str]], body: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        hub = self.server_of
        repo = hub.repos.get(name)
        if repo is None:
            return 404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"}
        what, _, revision = rest.partition("/")
        missing = 404, {"error": "Invalid rev id"}, {"X-Error-Code": "RevisionNotFound"}
        if what == "branch":
            if revision in repo.refs:
                return 409, {"error": "exists"}, {}
            repo.refs[revision] = repo.refs["main"]
            return 200, {}, {}
        if what == "discussions":
            requests = [
                {
                    "title": "a request",
                    "num": int(ref.rsplit("/", 1)[1]),
                    "author": {"name": "me"},
                    "createdAt": DATE,
                    "status": "open",
                    "repo": {"name": name, "type": "model"},
                    "isPullRequest": True,
                }
                for ref in repo.refs
                if ref.startswith("refs/pr/")
            ]
            return 200, {"count": len(requests), "start": 0, "discussions": requests}, {}
        commit = repo.at(revision or "main")
        if commit is None:
            return missing
        if what in ("", "revision"):
            files = [{"rfilename": file} for file in commit.files]
            return 200, {"id": name, "modelId": name, "sha": commit.id, "siblings": files}, {}
        if what == "tree":
            return 200, [_described(file, data) for file, data in commit.files.items()], {}
        if what == "commits":
            told = [
                {"id": c.id, "title": c.title, "message": c.message, "authors": [], "date": DATE}
                for c in repo.history(revision)
            ]
            return 200, told, {}
        if what == "preupload":
            modes: list[dict[str, Any]] = [
                {
                    "path": file["path"],
                    "uploadMode": "lfs" if _large(file["path"]) else "regular",
                    "shouldIgnore": False,
                    "oid": None,
                }
                for file in json.loads(body)["files"]
            ]
            return 200, {"files": modes}, {}
        if what == "commit":
            return self._commit(name, repo, revision, commit, query, body)
        return 404, {"error": f"no route {rest}"}, {}

    def _commit(
        self,
        name: str,
        repo: Repo,
        ref: str,
        on: Commit,
        query: dict[str, list[str]],
        body: bytes,
    ) -> tuple[int, Any, dict[str, str]]:
        hub = self.server_of
        lines = [json.loads(line) for line in body.splitlines()]
        header = lines[0]["value"]
        request = query.get("create_pr") == ["1"]
        if not request and header.get("parentCommit") not in (None, on.id):
            return 412, {"error": "A commit has happened since. Please refresh and try again."}, {}
        files = dict(on.files)
        for line in lines[1:]:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = hub.blobs[value["oid"]]
            else:
                del files[value["path"]]
        commit = Commit(header["summary"], header.get("description", ""), files, on.id)
        number = 1 + sum(each.startswith("refs/pr/") for each in repo.refs)
        made = repo.add(f"refs/pr/{number}" if request else ref, commit)
        told = {"success": True, "commitOid": made, "commitUrl": f"{hub.url}/{name}/commit/{made}"}
        if request:
            told["pullRequestUrl"] = f"{hub.url}/{name}/discussions/{number}"
        return 200, told, {}


def _large(path: str) -> bool:
    return path.endswith((".safetensors", ".onnx"))


def _described(path: str, data: bytes) -> dict[str, Any]:
    sha1 = hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()
    told: dict[str, Any] = {"type": "file", "path": path, "size": len(data), "oid": sha1}
    if _large(path):
        oid = hashlib.sha256(data).hexdigest()
        told["lfs"] = {"oid": oid, "size": len(data), "pointerSize": 130}
    return told
