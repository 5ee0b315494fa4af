/**
 * Whose events, about what: the choices above a page.
 *
 * @module
 */
import { useCallback, useMemo } from "preact/hooks";
import { useKept } from "../app/kept.ts";
import { world } from "../app/shown.ts";
import type { Agent } from "../store/agents.ts";
import { Choice } from "../ui/parts.tsx";

export interface Chosen {
    /** Empty: any. */
    readonly agent: string;
    readonly item: string;
    readonly type: string;
}

export function useChosen(): [Chosen, (change: Partial<Chosen>) => void] {
    const [agent, setAgent] = useKept("chosen.agent", "");
    const [item, setItem] = useKept("chosen.item", "");
    const [type, setType] = useKept("chosen.type", "");
    // The same objects while nothing is chosen anew: parts that were given them stay as they are.
    const chosen = useMemo(() => ({ agent, item, type }), [agent, item, type]);
    const choose = useCallback((change: Partial<Chosen>) => {
        if (change.agent !== undefined) {
            setAgent(change.agent);
        }
        if (change.item !== undefined) {
            setItem(change.item);
        }
        if (change.type !== undefined) {
            setType(change.type);
        }
    }, []);
    return [chosen, choose];
}

/** The agents that are to be seen. */
export function chosenAgents(chosen: Chosen): readonly Agent[] {
    return world().agents.all.filter((agent) => chosen.agent === "" || agent.name === chosen.agent);
}

export function agentOptions(all: string): (readonly [string, string])[] {
    return [["", all], ...world().agents.all.map((agent) => [agent.name, agent.name] as const)];
}

export function Filters({ chosen, choose, types }: { chosen: Chosen; choose: (change: Partial<Chosen>) => void; types?: readonly string[] }) {
    const items = world().items.all.map((item) => item.label).sort();
    return (
        <div class="filters" role="search" aria-label="Filters">
            <Choice label="Agent" value={chosen.agent} options={withChosen(agentOptions("All agents"), chosen.agent)} choose={(agent) => choose({ agent })} />
            <Choice
                label="Item"
                value={chosen.item}
                options={withChosen([["", "All items"], ...items.map((item) => [item, item] as const)], chosen.item)}
                choose={(item) => choose({ item })}
            />
            {types === undefined ? null : (
                <Choice
                    label="Type"
                    value={chosen.type}
                    options={withChosen([["", "All types"], ...types.map((type) => [type, type.replaceAll("_", " ")] as const)], chosen.type)}
                    choose={(type) => choose({ type })}
                />
            )}
            {chosen.agent === "" && chosen.item === "" && chosen.type === "" ? null : (
                <button type="button" onClick={() => choose({ agent: "", item: "", type: "" })}>
                    Clear
                </button>
            )}
        </div>
    );
}

/** What was chosen before stays to be seen, even if nobody has spoken of it yet. */
function withChosen(options: readonly (readonly [string, string])[], value: string): readonly (readonly [string, string])[] {
    return options.some(([option]) => option === value) ? options : [...options, [value, value]];
}
