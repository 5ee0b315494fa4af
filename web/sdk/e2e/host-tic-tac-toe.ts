// The example's host.ts, with the SDK that was just built in place of the published one.
import WebSocket from "ws";
import { TicTacToe } from "../../../examples/browser-games/tic-tac-toe/tic-tac-toe.ts";
import { aecGame, hostGame } from "../dist/hypertoken.mjs";

const game = aecGame({ name: "tic-tac-toe", instances: 64 }, () => new TicTacToe());
hostGame(game, { url: process.argv[2], WebSocket, onStatus: (status, why = "") => console.log(status, why) });
