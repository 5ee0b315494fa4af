/**
 * A game that the reader plays, with policies in the seats that are not theirs.
 *
 * @module
 */
import { isObject, name, num, text } from "../events/event.ts";
import { Bridge, type Reply, type Space, spaceOf } from "./client.ts";

/** Who plays a seat: the reader, a policy of this page, or one that the environment declares, by its name. */
export type Player = "me" | "random" | "first" | `policy ${string}`;

const DECLARED = "policy ";

export interface Picture {
    readonly width: number;
    readonly height: number;
    readonly rgb: Uint8Array;
}

const MOST_MOVES = 200;
export const CARD_TABLE = "casino-blackjack";

export class Game {
    phase: "opening" | "mine" | "theirs" | "over" | "failed" = "opening";
    failure = "";
    agents: readonly string[] = [];
    /** Still in the episode. */
    present: readonly string[] = [];
    turn = "";
    observation: unknown;
    mask: readonly boolean[] | undefined;
    legend: readonly string[] = [];
    actionNames: readonly string[] = [];
    /** What the environment declares for its seats. */
    policies: readonly string[] = [];
    turnOrder = "";
    drawing = "";
    picture: Picture | undefined;
    readonly returns = new Map<string, number>();
    readonly moves: { agent: string; action: string }[] = [];
    seed = Number.NaN;
    episode = 0;
    readonly #bridge: Bridge;
    readonly #changed: () => void;
    #spaces = new Map<string, Space>();
    #drawsText = false;
    #drawsPictures = false;
    players: ReadonlyMap<string, Player> = new Map();

    private constructor(bridge: Bridge, changed: () => void) {
        this.#bridge = bridge;
        this.#changed = changed;
    }

    /** Opens an environment and begins an episode. */
    static async open(port: number, environment: string, options: Reply, others: Player, seed: number | undefined, changed: () => void): Promise<Game> {
        let game: Game | undefined;
        const bridge = await Bridge.connect(port, (why) => game?.fail(why));
        game = new Game(bridge, changed);
        try {
            const opened = await bridge.ask("open", { env: environment, options, lease_s: 0 });
            game.#describe(isObject(opened["spec"]) ? opened["spec"] : {});
            game.players = new Map(game.agents.map((agent, k) => [agent, k === 0 ? "me" : others]));
            await game.reset(seed);
            return game;
        } catch (refused) {
            bridge.close();
            throw refused;
        }
    }

    close(): void {
        this.phase = "over";
        this.#bridge.close();
    }

    fail(why: string): void {
        if (this.phase !== "over") {
            this.phase = "failed";
            this.failure = why;
            this.#changed();
        }
    }

    seat(agent: string, player: Player): void {
        this.players = new Map([...this.players, [agent, player]]);
        this.#changed();
    }

    space(agent: string): Space | undefined {
        return this.#spaces.get(agent);
    }

    async reset(seed: number | undefined): Promise<void> {
        this.moves.length = 0;
        this.returns.clear();
        this.episode++;
        const turn = await this.#bridge.ask("reset", { reply: "turn", ...(seed === undefined ? {} : { seed }) });
        this.seed = num(turn["seed"]);
        this.#take(turn);
        await this.#goOn();
    }

    /** The reader's move. */
    async act(action: number | readonly number[]): Promise<void> {
        if (this.phase !== "mine") {
            return;
        }
        this.phase = "theirs";
        this.#changed();
        try {
            await this.#step(action);
            await this.#goOn();
        } catch (failed) {
            this.fail(failed instanceof Error ? failed.message : String(failed));
        }
    }

    #describe(spec: Reply): void {
        this.agents = words(spec["possible_agents"]);
        this.legend = words(spec["observation_legend"]);
        this.actionNames = words(spec["action_names"]);
        this.policies = words(spec["policies"]).filter((policy) => policy !== "random");
        this.turnOrder = name(spec["turn_order"]);
        const modes = words(spec["render_modes"]);
        this.#drawsText = modes.includes("ansi");
        // A table of cards is drawn from its text; a cart is better seen.
        this.#drawsPictures = modes.includes("rgb_array") && name(spec["env_type"]) !== CARD_TABLE;
        const spaces = isObject(spec["action_spaces"]) ? spec["action_spaces"] : {};
        this.#spaces = new Map(this.agents.map((agent) => [agent, spaceOf(spaces[agent])]));
    }

    /** Policies move until it is the reader's turn, or over. */
    async #goOn(): Promise<void> {
        while (this.turn !== "" && this.players.get(this.turn) !== "me") {
            this.phase = "theirs";
            await this.#step(await this.#choice(this.players.get(this.turn) ?? "random"));
        }
        this.phase = this.turn === "" ? "over" : "mine";
        await this.#draw();
        this.#changed();
    }

    async #step(action: number | readonly number[]): Promise<void> {
        this.moves.push({ agent: this.turn, action: this.nameOf(this.turn, action) });
        if (this.moves.length > MOST_MOVES) {
            this.moves.shift();
        }
        this.#take(await this.#bridge.ask("step", { action, reply: "turn" }));
    }

    /** What a policy plays: what the environment's own would, anything allowed, or the first that is. */
    async #choice(player: Player): Promise<number | readonly number[]> {
        if (player.startsWith(DECLARED)) {
            const chosen = (await this.#bridge.ask("choose", { policy: player.slice(DECLARED.length) }))["action"];
            return Array.isArray(chosen) ? chosen.map(num) : num(chosen);
        }
        const space = this.#spaces.get(this.turn);
        const pick = (from: number, size: number): number => {
            const allowed = Array.from({ length: size }, (_, k) => k).filter((k) => this.mask?.[from + k] !== false);
            return (player === "first" ? allowed[0] : allowed[Math.floor(Math.random() * allowed.length)]) ?? 0;
        };
        if (space?.type === "discrete") {
            return space.start + pick(0, space.n);
        }
        let from = 0;
        return (space?.nvec ?? []).map((size) => {
            const chosen = pick(from, size);
            from += size;
            return chosen;
        });
    }

    #take(turn: Reply): void {
        this.present = words(turn["agents"]);
        this.turn = name(turn["agent_selection"]);
        this.observation = turn["observation"];
        const info = isObject(turn["info"]) ? turn["info"] : {};
        this.mask = Array.isArray(info["action_mask"]) ? info["action_mask"].map((flag) => flag === 1 || flag === true) : undefined;
        for (const [agent, reward] of Object.entries(isObject(turn["rewards"]) ? turn["rewards"] : {})) {
            this.returns.set(agent, (this.returns.get(agent) ?? 0) + (num(reward) || 0));
        }
    }

    nameOf(agent: string, action: number | readonly number[]): string {
        const space = this.#spaces.get(agent);
        return typeof action === "number" ? (this.actionNames[action - (space?.start ?? 0)] ?? String(action)) : action.join(", ");
    }

    /** As the reader's seat sees it, which may not be all. */
    async #draw(): Promise<void> {
        const seat = this.agents.find((agent) => this.players.get(agent) === "me");
        const over = this.turn === "";
        if (this.#drawsText) {
            const drawn = await this.#bridge.ask("render", seat === undefined || over ? {} : { agent: seat });
            this.drawing = text(drawn["text"]);
        }
        if (this.#drawsPictures) {
            this.picture = pictureOf((await this.#bridge.ask("render", { mode: "frame" }))["frame"]);
        }
    }
}

function words(value: unknown): string[] {
    return Array.isArray(value) ? value.map(name) : [];
}

function pictureOf(value: unknown): Picture | undefined {
    if (!isObject(value) || !Array.isArray(value["shape"]) || typeof value["data"] !== "string") {
        return undefined;
    }
    const [height = 0, width = 0] = value["shape"].map(num);
    const rgb = Uint8Array.from(atob(value["data"]), (letter) => letter.charCodeAt(0));
    return height > 0 && width > 0 && height * width * 3 === rgb.length ? { width, height, rgb } : undefined;
}
