/**
 * HyperToken in a page or in Node: host a game as an environment, make a real-time game steppable, play environments and
 * watch events.
 *
 * @module
 */
export { type AecEnvironment, aecGame, type AecSpace } from "./aec.ts";
export { type ClientOptions, type Ended, type Frame, HyperTokenClient, type Play } from "./client.ts";
export { clock, type ClockOptions } from "./clock.ts";
export { HyperTokenError } from "./errors.ts";
export type {
    Declared, Game, Info, Later, Picture, Seen, Sees, SoloGame, Start, Stepped, StepTuple, Table, TableGame,
} from "./game.ts";
export { EventStream, type HubEvent, type Position, type StreamOptions } from "./events.ts";
export { hostGame, type Hosted, type HostOptions, type Status } from "./host.ts";
export { Random } from "./random.ts";
export type { Bounds, DType, Space, Value } from "./spaces.ts";
