/**
 * HyperToken in a page or in Node: host a game as an environment, make a real-time game steppable, play environments and
 * watch events.
 *
 * @module
 */
export type {
    Declared, Game, Info, Later, Picture, Seen, Sees, SoloGame, Start, Stepped, StepTuple, Table, TableGame,
} from "./game.ts";
export type { Bounds, DType, Space, Value } from "./spaces.ts";
export { hostGame, type Hosted, type HostOptions, type Status } from "./host.ts";
export { HyperTokenError } from "./errors.ts";
export { Random } from "./random.ts";
