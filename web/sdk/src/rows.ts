/**
 * Answers questions about rows by playing the game.
 *
 * @module
 */
import { Camera } from "./frames.ts";
import {
    type Game, type Later, observationSpace, type Seen, seesFrame, type Stepped, type Table,
} from "./game.ts";
import { ANSWER, answer, type Columns, DRAW, QUESTION, question, RENEW, type Shape, shape, STEP, THREW } from "./layout.ts";
import { Random } from "./random.ts";
import type { Space, Value } from "./spaces.ts";
import { Reader, Writer } from "./values.ts";

/** An agent's part of an answer. */
type Part = Partial<Stepped> | undefined;

interface Rare {
    error?: string;
    info?: (unknown | null)[];
}

const LONGEST_ERROR = 2000;
const LONGEST_WHY = 200;
/** With room for the columns in the relay's limit of an infos' text. */
const MOST_JSON = 1 << 20;

export class Rows {
    readonly shape: Shape;
    readonly #game: Game;
    readonly #agents: readonly string[];
    readonly #space: Space;
    readonly #actions: Reader;
    readonly #observations: Writer;
    readonly #chances: Random[];
    /** Who plays in each instance. */
    readonly #alive: boolean[][];
    readonly #camera: Camera | undefined;
    #buffer = new ArrayBuffer(0);

    constructor(game: Game, instances: number, masked: boolean) {
        this.#game = game;
        this.#agents = game.agents ?? ["player_0"];
        this.#space = observationSpace(game);
        this.shape = shape(this.#agents.length, this.#space, game.actionSpace, masked);
        this.#actions = new Reader(game.actionSpace, this.shape.actions);
        this.#observations = new Writer(this.#space, this.shape.observations);
        this.#chances = Array.from({ length: instances }, (_, k) => new Random(k));
        this.#alive = Array.from({ length: instances }, () => this.#agents.map(() => true));
        this.#camera = game.frame === undefined ? undefined : new Camera(game.frame.width, game.frame.height);
    }

    /**
     * Plays what a question asks, row after row; at once, unless the game takes its time.
     *
     * @returns the answer, which the next one may overwrite
     */
    answer(asked: ArrayBuffer): Later<ArrayBufferView<ArrayBuffer>> {
        const head = new DataView(asked);
        if (head.getUint32(0, true) !== QUESTION) {
            throw new TypeError("the relay sent what is no question");
        }
        const count = head.getUint32(12, true);
        const from = question(this.shape, count);
        const to = answer(this.shape, count);
        const json = head.getUint32(16, true);
        const options = json === 0 ? {} : JSON.parse(new TextDecoder().decode(new Uint8Array(asked, from.end, json)));
        if (this.#buffer.byteLength < to.end) {
            this.#buffer = new ArrayBuffer(to.end);
        }
        new Uint8Array(this.#buffer, 0, to.end).fill(0);
        const out = new DataView(this.#buffer);
        out.setUint32(0, ANSWER, true);
        out.setUint32(4, head.getUint32(4, true), true);
        out.setUint32(12, count, true);
        this.#actions.from(asked, from.leaves, count * this.#agents.length);
        this.#observations.into(this.#buffer, to.leaves, count * this.#agents.length);
        if (head.getUint8(from.at[1] as number) === DRAW) {
            return this.#draw(head.getInt32(from.at[0] as number, true), to.end);
        }
        const rare: Record<string, Rare> = {};
        const finish = (): ArrayBufferView<ArrayBuffer> => this.#finish(to, rare);
        for (let k = 0; k < count; k++) {
            const later = this.#row(k, head, from, to, options, rare);
            if (later !== undefined) {
                return this.#goOn(later, k + 1, count, (row) => this.#row(row, head, from, to, options, rare)).then(finish);
            }
        }
        return finish();
    }

    /** A picture stands where JSON would; what cannot be drawn is none. */
    #draw(instance: number, end: number): Later<ArrayBufferView<ArrayBuffer>> {
        const show = (drawn: unknown): ArrayBufferView<ArrayBuffer> => {
            const none = this.#camera === undefined || typeof drawn !== "object" || drawn === null;
            return this.#ended(end, none ? new Uint8Array(0) : (this.#camera as Camera).take(drawn as ImageData));
        };
        try {
            const drawn = this.#game.render?.(instance);
            return isLater(drawn) ? drawn.then(show, () => show(null)) : show(drawn);
        } catch {
            return show(null);
        }
    }

    async #goOn(
        first: PromiseLike<void>, next: number, count: number, play: (row: number) => PromiseLike<void> | undefined,
    ): Promise<void> {
        await first;
        for (let row = next; row < count; row++) {
            await play(row);
        }
    }

    /** Plays one row, and writes what came of it or what it threw. */
    #row(
        k: number, head: DataView, from: Columns, to: Columns, options: Record<string, Record<string, unknown>>,
        rare: Record<string, Rare>,
    ): PromiseLike<void> | undefined {
        const instance = head.getInt32((from.at[0] as number) + 4 * k, true);
        const kind = head.getUint8((from.at[1] as number) + k);
        const broken = (thrown: unknown): void => this.#broke(k, to, rare, thrown);
        try {
            let played: Later<unknown>;
            if (kind === STEP) {
                played = this.#step(k, instance, head.getInt32((from.at[2] as number) + 4 * k, true));
            } else {
                if (kind === RENEW) {
                    this.#game.close?.(instance);
                }
                played = this.#reset(instance, head.getFloat64((from.at[3] as number) + 8 * k, true), options[k] ?? {});
            }
            if (isLater(played)) {
                return played.then((is) => this.#show(k, instance, to, rare, kind, is)).then(undefined, broken);
            }
            const shown = this.#show(k, instance, to, rare, kind, played);
            return shown?.then(undefined, broken);
        } catch (thrown) {
            broken(thrown);
            return undefined;
        }
    }

    #reset(instance: number, given: number, options: Record<string, unknown>): Later<unknown> {
        const seed = given >= 0 ? given : (this.#chances[instance] as Random).bits();
        const chance = new Random(seed);
        this.#chances[instance] = chance;
        this.#alive[instance]?.fill(true);
        return this.#game.reset({ instance, seed, options, random: () => chance.next() });
    }

    #step(k: number, instance: number, turn: number): Later<unknown> {
        const first = k * this.#agents.length;
        if (this.#game.agents === undefined) {
            return this.#game.step(this.#actions.read(first), instance);
        }
        if (turn >= 0) {
            return this.#game.step(this.#actions.read(first + turn), instance, this.#agents[turn] as string);
        }
        const actions: Record<string, Value> = {};
        this.#agents.forEach((agent, which) => {
            if (this.#alive[instance]?.[which]) {
                actions[agent] = this.#actions.read(first + which);
            }
        });
        return this.#game.step(actions, instance, "");
    }

    /** Writes what the game has returned. */
    #show(
        k: number, instance: number, to: Columns, rare: Record<string, Rare>, kind: number, returned: unknown,
    ): PromiseLike<void> | undefined {
        const parts = this.#parts(kind, returned);
        if (!seesFrame(this.#game)) {
            this.#write(k, instance, to, rare, parts);
            return undefined;
        }
        const picture = this.#game.render?.(instance);
        const expose = (drawn: unknown): void => {
            if (this.#camera === undefined || typeof drawn !== "object" || drawn === null) {
                throw new TypeError("render() returned no picture, which agents are to see");
            }
            const observation = this.#camera.take(drawn as ImageData);
            this.#write(k, instance, to, rare, parts.map((part) => ({ ...part, observation })));
        };
        if (isLater(picture)) {
            return picture.then(expose);
        }
        expose(picture);
        return undefined;
    }

    /** What each agent is told, in the game's own form; the turn beside it. */
    #parts(kind: number, returned: unknown): Part[] & { turn?: string } {
        if (this.#game.agents !== undefined) {
            const table = returned as Table<Seen>;
            if (typeof table?.agents !== "object") {
                throw new TypeError("a game of several agents returns { agents: { NAME: … } }");
            }
            const parts: Part[] & { turn?: string } = this.#agents.map((agent) => table.agents[agent]);
            if (table.turn !== undefined) {
                parts.turn = table.turn;
            }
            return parts;
        }
        if (kind === STEP) {
            if (!Array.isArray(returned)) {
                return [returned as Stepped];
            }
            const [observation, reward, terminated, truncated, info] = returned;
            return [{ observation, reward, terminated, truncated, info: info ?? {} }];
        }
        return [this.#isSeen(returned) ? returned : { observation: returned as Value }];
    }

    /** Whether a reset has returned more than what is seen: a dict's own part may be called `observation` too. */
    #isSeen(returned: unknown): returned is Seen {
        if (typeof returned !== "object" || returned === null) {
            return returned === undefined;
        }
        const space = this.#space;
        return (
            "observation" in returned && !(space.type === "dict" && Object.keys(space.spaces).every((part) => part in returned))
        );
    }

    #write(k: number, instance: number, to: Columns, rare: Record<string, Rare>, parts: Part[] & { turn?: string }): void {
        const out = new DataView(this.#buffer);
        const [, turns, rewards, terminated, truncated, masks] = to.at as [number, number, number, number, number, number];
        const alive = this.#alive[instance] as boolean[];
        const infos: (unknown | null)[] = [];
        for (let agent = 0; agent < parts.length; agent++) {
            const part = parts[agent];
            const cell = k * parts.length + agent;
            infos.push(part?.info !== undefined && Object.keys(part.info).length > 0 ? part.info : null);
            if (part?.observation === undefined) {
                if (alive[agent]) {
                    throw new TypeError(`${this.#agents[agent]} is told no observation`);
                }
                continue;
            }
            this.#observations.write(cell, part.observation);
            out.setFloat64(rewards + 8 * cell, part.reward ?? 0, true);
            out.setUint8(terminated + cell, part.terminated ? 1 : 0);
            out.setUint8(truncated + cell, part.truncated ? 1 : 0);
            this.#mask(out, masks + cell * this.shape.flags, part.actionMask);
            alive[agent] &&= !(part.terminated || part.truncated);
        }
        out.setInt32(turns + 4 * k, parts.turn === undefined ? -1 : this.#agents.indexOf(parts.turn), true);
        if (infos.some((info) => info !== null)) {
            rare[k] = { info: infos };
        }
    }

    #mask(out: DataView, at: number, mask: ArrayLike<number | boolean> | undefined): void {
        const { flags } = this.shape;
        if (mask !== undefined && flags > 0 && mask.length !== flags) {
            throw new TypeError(`actionMask has ${mask.length} flags where the action space has ${flags}`);
        }
        for (let flag = 0; flag < flags; flag++) {
            out.setUint8(at + flag, mask === undefined || mask[flag] ? 1 : 0);
        }
    }

    #broke(k: number, to: Columns, rare: Record<string, Rare>, thrown: unknown): void {
        new DataView(this.#buffer).setUint8((to.at[0] as number) + k, THREW);
        const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
        const told = stack.includes(String(thrown)) ? stack : `${thrown}\n${stack}`; // not every engine names it there
        rare[k] = { error: told.slice(0, LONGEST_ERROR) };
    }

    #finish(to: Columns, rare: Record<string, Rare>): ArrayBufferView<ArrayBuffer> {
        if (Object.keys(rare).length === 0) {
            return new Uint8Array(this.#buffer, 0, to.end);
        }
        let json = new TextEncoder().encode(plainJson(rare));
        if (json.length > MOST_JSON) {
            for (const each of Object.values(rare)) {
                delete each.info; // what moved is told; what is too long to be told is not
            }
            json = new TextEncoder().encode(plainJson(rare));
        }
        return this.#ended(to.end, json);
    }

    /** The answer, and what follows its columns. */
    #ended(end: number, rest: Uint8Array): ArrayBufferView<ArrayBuffer> {
        if (this.#buffer.byteLength < end + rest.length) {
            const larger = new ArrayBuffer(end + 2 * rest.length);
            new Uint8Array(larger).set(new Uint8Array(this.#buffer, 0, end));
            this.#buffer = larger;
        }
        new DataView(this.#buffer).setUint32(16, rest.length, true);
        new Uint8Array(this.#buffer, end, rest.length).set(rest);
        return new Uint8Array(this.#buffer, 0, end + rest.length);
    }
}

function isLater(value: unknown): value is PromiseLike<unknown> {
    return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}

/** JSON that keeps what JSON.stringify loses: NaN and infinities as words, typed arrays as arrays, big integers. */
function plainJson(value: unknown): string {
    try {
        return JSON.stringify(value, (_key, part: unknown) => {
            if (typeof part === "number" && !Number.isFinite(part)) {
                return String(part);
            }
            if (typeof part === "bigint") {
                return String(part);
            }
            return ArrayBuffer.isView(part) && "length" in part ? Array.from(part as unknown as ArrayLike<unknown>) : part;
        });
    } catch (unwritable) {
        const untold = { info_error: `it cannot be told: ${unwritable}`.slice(0, LONGEST_WHY) };
        const rows = Object.entries(value as Record<string, Rare>);
        return JSON.stringify(
            Object.fromEntries(
                rows.map(([row, { error, info }]) => [row, error ? { error } : { info: info?.map((each) => each && untold) }]),
            ),
        );
    }
}
