/**
 * Hosts games that were written for PettingZoo's turn-taking interface, with their rules untouched.
 *
 * @module
 */
import type { Declared, Later, Seen, Stepped, Table, TableGame } from "./game.ts";
import type { Bounds, Space, Value } from "./spaces.ts";

/** A space as such games describe it: its kind shows in its fields. */
export type AecSpace = Space | { n: number } | { shape: readonly number[]; low: Bounds; high: Bounds };

/** A game in which agents take turns. */
export interface AecEnvironment {
    readonly possibleAgents: readonly string[];
    /** Who still plays. */
    readonly agents: readonly string[];
    readonly agentSelection: string | null;
    /** What the last step gave. */
    readonly rewards: Readonly<Record<string, number>>;
    readonly terminations: Readonly<Record<string, boolean>>;
    readonly truncations: Readonly<Record<string, boolean>>;
    readonly infos?: Readonly<Record<string, Record<string, unknown>>>;
    observationSpace(agent: string): AecSpace;
    actionSpace(agent: string): AecSpace;
    reset(seed?: number): Later<void>;
    observe(agent: string): Value;
    actionMask?(agent: string): ArrayLike<boolean | number> | null;
    step(action: never): Later<void>;
    close?(): void;
}

/** The game of such environments, one for each instance. */
export function aecGame(
    declared: Omit<Declared, "actionSpace"> & { actionSpace?: Space }, make: () => AecEnvironment,
): TableGame {
    const tables = new Map<number, AecEnvironment>();
    const first = make();
    tables.set(0, first);
    const agents = first.possibleAgents;
    const [any = ""] = agents;

    const table = (instance: number): AecEnvironment => {
        const there = tables.get(instance) ?? make();
        tables.set(instance, there);
        return there;
    };
    const seen = (of: AecEnvironment, agent: string): Seen => {
        const mask = of.actionMask?.(agent);
        const info = of.infos?.[agent];
        return { observation: of.observe(agent), ...(mask ? { actionMask: mask } : {}), ...(info ? { info } : {}) };
    };
    const told = <S extends Seen>(of: AecEnvironment, show: (agent: string) => S): Table<S> => ({
        agents: Object.fromEntries(agents.map((agent) => [agent, show(agent)])),
        ...(of.agentSelection === null ? {} : { turn: of.agentSelection }),
    });
    return {
        ...declared,
        agents,
        observationSpace: space(first.observationSpace(any)),
        actionSpace: declared.actionSpace ?? space(first.actionSpace(any)),
        masked: declared.masked ?? first.actionMask !== undefined,
        async reset({ instance, seed }) {
            const of = table(instance);
            await of.reset(seed);
            return told(of, (agent) => seen(of, agent));
        },
        async step(action, instance) {
            const of = table(instance);
            await of.step(action as never);
            return told<Stepped>(of, (agent) => ({
                ...seen(of, agent),
                reward: of.rewards[agent] ?? 0,
                terminated: of.terminations[agent] ?? false,
                truncated: of.truncations[agent] ?? false,
            }));
        },
        close(instance) {
            tables.get(instance)?.close?.();
            tables.delete(instance);
        },
    };
}

function space(of: AecSpace): Space {
    if ("type" in of) {
        return of;
    }
    return "n" in of ? { type: "discrete", n: of.n } : { type: "box", dtype: "float32", ...of };
}
