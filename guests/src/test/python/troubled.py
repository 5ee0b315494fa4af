"""An environment whose actions are what may befall a guest, for tests of what then becomes of it."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import gymnasium
import numpy as np
from gymnasium import spaces

PLAY, KILLED, HANGS, MEMORY, PRINTS, EXITS, RAISES, NO_RESET, FOLDER, WRONG, ENDS, CHILD, DROPS = (
    range(13)
)


class Troubled(gymnasium.Env):
    """Counts its steps; each gives its number as reward."""

    metadata = {"render_modes": ["ansi", "rgb_array"]}

    def __init__(self, render_mode=None, size=2, close="", start="", title=None):
        self.render_mode = render_mode
        self.observation_space = spaces.Box(-1e9, 1e9, (size,), np.float32)
        self.action_space = spaces.Discrete(13)
        self._size, self._close, self._title = size, close, title
        self._count, self._breaks = 0, False
        if start == "exits":
            print("there is nothing to play here")
            sys.exit(3)
        if start == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if start == "hangs":
            time.sleep(1000)

    def _seen(self):
        return np.full(self._size, self._count, np.float32)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        if self._breaks:
            raise LookupError("no way to begin")
        self._count = int(self.np_random.integers(1000)) if seed is None else seed
        if options:
            self._count = options["count"]
        return self._seen(), {"seeded": seed is not None}

    def step(self, action):
        self._count += 1
        info = {"half": 0.5, "name": self._title or "none", "list": np.arange(3)}
        if action == KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        elif action == HANGS:
            while True:
                time.sleep(0.001)
        elif action == MEMORY:
            used = 1024 * int(open("/proc/self/statm").read().split()[0]) * 4
            resource.setrlimit(resource.RLIMIT_AS, (used + (64 << 20), -1))
            try:
                bytearray(1 << 30)
            finally:
                resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
        elif action == PRINTS:
            for _ in range(2000):
                print("x" * 1023)
            os.write(1, b"raw\n")
        elif action == EXITS:
            sys.exit("enough")
        elif action == RAISES:
            raise ValueError("no such door")
        elif action == NO_RESET:
            self._breaks = True
        elif action == FOLDER:
            os.makedirs("gone", exist_ok=True)
            os.chdir("gone")
            shutil.rmtree(os.getcwd())
        elif action == WRONG:
            return np.zeros(self._size + 1, np.float32), 0.0, False, False, info
        elif action == ENDS:
            return self._seen(), 1.0, True, False, info
        elif action == CHILD:
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
            info["child"] = child.pid
        elif action == DROPS:
            os._exit(7)
        return self._seen(), float(self._count), False, False, info

    def render(self):
        if self.render_mode == "ansi":
            return f"at {self._count}"
        return np.full((2, 3, 3), self._count % 256, np.uint8)

    def close(self):
        if self._close == "raises":
            raise RuntimeError("close() is broken")
        if self._close == "hangs":
            time.sleep(1000)


gymnasium.register("Troubled-v3", Troubled, max_episode_steps=100)
