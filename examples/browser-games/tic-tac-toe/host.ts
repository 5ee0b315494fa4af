// Hosts the game from Node: npx tsx host.ts [ws://HOST:PORT]
import { aecGame, hostGame } from "hypertoken";
import WebSocket from "ws";
import { TicTacToe } from "./tic-tac-toe.ts";

const game = aecGame({ name: "tic-tac-toe", instances: 64 }, () => new TicTacToe());
const [, , url = "ws://127.0.0.1:8765"] = process.argv;
hostGame(game, { url, WebSocket, onStatus: (status, why = "") => console.log(status, why) });
