/**
 * What an author writes: a game that can begin again and play one action.
 *
 * @module
 */
import type { Space, Value } from "./spaces.ts";

/** Now, or soon. */
export type Later<T> = T | PromiseLike<T>;

/** What may be told beside the arrays: plain JSON. */
export type Info = Readonly<Record<string, unknown>>;

/** How an episode begins. */
export interface Start {
    /** Which of the page's instances, from 0. */
    instance: number;
    /** The episode's seed, an integer from 0 up; the same seed is to give the same episode. */
    seed: number;
    /** The episode's options: those that the game declares. */
    options: Record<string, unknown>;
    /** A number from 0 up, below 1, drawn from the seed: the game's Math.random(). */
    random(): number;
}

/** What an agent sees, and which actions it may choose. */
export interface Seen {
    observation: Value;
    /** A flag for each action, of a discrete or multi_discrete space. */
    actionMask?: ArrayLike<number | boolean>;
    info?: Info;
}

/** What a step came to for one agent. */
export interface Stepped extends Seen {
    reward: number;
    /** The rules say it is over. */
    terminated?: boolean;
    /** It is stopped though by the rules it could go on. */
    truncated?: boolean;
}

/** Gymnasium's own form of a step. */
export type StepTuple = readonly [Value, number, boolean, boolean, Info?];

/** What several agents see: a record by agent of those that play or have just ended. */
export interface Table<S extends Seen> {
    agents: Readonly<Record<string, S>>;
    /** Who acts next, of a sequential game; the next in order where it is left out. */
    turn?: string;
}

/** A drawing of the game. */
export type Picture = HTMLCanvasElement | OffscreenCanvas | ImageData;

/** What is announced of a game. */
export interface Declared {
    /** A word of letters, digits, dots, hyphens and underscores: players ask for `browser:NAME`. */
    name: string;
    /** The rules in a few sentences. */
    about?: string;
    actionSpace: Space;
    /** The names of a discrete space's actions, in order. */
    actionNames?: readonly string[];
    /** How many copies of the game the page plays side by side, all asked in one message; 1 if left out. */
    instances?: number;
    /** After how many steps an episode is truncated; never, if left out. */
    maxEpisodeSteps?: number;
    /** Options of an episode, each with its default. */
    options?: Readonly<Record<string, boolean | number | string>>;
    /** Whether actionMask is given; found out by a first reset where it is left out. */
    masked?: boolean;
    /** The picture's size in pixels, and whether it is what agents see. */
    frame?: { width: number; height: number; as?: "render" | "observation" };
    /** Draws an instance. */
    render?(instance: number): Later<Picture | void>;
    /** An instance ends: it is made anew, or the page stops hosting. */
    close?(instance: number): void;
}

/** What agents see: a space, or the frame. */
export type Sees =
    | { observationSpace: Space }
    | { observationSpace?: undefined; frame: { width: number; height: number; as: "observation" } };

/** A game of one agent. */
export type SoloGame = Declared &
    Sees & {
        agents?: undefined;
        turns?: undefined;
        reset(start: Start): Later<Value | Seen | void>;
        step(action: Value, instance: number): Later<Stepped | StepTuple>;
    };

/** A game of several agents. */
export type TableGame = Declared &
    Sees & {
        agents: readonly string[];
        /** Whether one acts at a time, which is so if it is left out, or all at once. */
        turns?: "sequential" | "simultaneous";
        reset(start: Start): Later<Table<Seen>>;
        /** @param action the acting agent's; a record by agent where all act at once */
        step(action: Value, instance: number, agent: string): Later<Table<Stepped>>;
    };

export type Game = SoloGame | TableGame;

/** What agents of the game see. */
export function observationSpace(game: Game): Space {
    if (game.observationSpace !== undefined) {
        return game.observationSpace;
    }
    const { width, height } = game.frame as { width: number; height: number };
    return { type: "box", shape: [height, width, 3], low: 0, high: 255, dtype: "uint8" };
}

/** Whether agents see the picture. */
export function seesFrame(game: Game): boolean {
    return game.frame?.as === "observation";
}
