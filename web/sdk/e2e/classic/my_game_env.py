import gymnasium as gym
from gymnasium.spaces import Discrete, Dict, Box
import numpy as np
import asyncio
import websockets
import json

class MyGameEnv(gym.Env):
    metadata = {'render_modes': ['human'], 'render_fps': 30}

    def __init__(self, ws_uri="ws://localhost:8765"):
        super().__init__()
        self.action_space = Discrete(4)  # Example: 0-up, 1-down, 2-left, 3-right
        self.observation_space = Dict({"player_pos": Box(low=0, high=10, shape=(2,), dtype=np.int32),
                                     "enemy_pos": Box(low=0, high=10, shape=(2,), dtype=np.int32)})
        self.ws_uri = ws_uri
        self.websocket = None
        self.current_observation = None

    async def connect(self):
        self.websocket = await websockets.connect(self.ws_uri)

    async def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        if self.websocket is None or not self.websocket.open:
            await self.connect()
        await self.websocket.send(json.dumps({"type": "reset"}))
        response = json.loads(await self.websocket.recv())
        self.current_observation = response["observation"]
        info = {}
        return self.current_observation, info

    async def step(self, action):
      if self.websocket is None or not self.websocket.open:
          await self.connect()
      await self.websocket.send(json.dumps({"type": "step", "action": action}))
      response = json.loads(await self.websocket.recv())
      self.current_observation = response["observation"]
      reward = response["reward"]
      terminated = response["terminated"]
      truncated = response["truncated"]
      info = {}
      return self.current_observation, reward, terminated, truncated, info

    async def render(self, mode="human"):
      if self.websocket is None or not self.websocket.open:
          await self.connect()
      await self.websocket.send(json.dumps({"type": "render"}))
      
    async def close(self):
        if self.websocket and self.websocket.open:
            await self.websocket.close()
            self.websocket = None

async def main():
    env = MyGameEnv()
    await env.reset()
    done = False
    while not done:
        action = env.action_space.sample()  # Replace with your agent's action selection logic
        observation, reward, terminated, truncated, info = await env.step(action)
        done = terminated or truncated
        await env.render()
        print(f"Observation: {observation}, Reward: {reward}, Done: {done}")
    await env.close()

if __name__ == "__main__":
    asyncio.run(main())
