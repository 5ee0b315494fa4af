/**
 * What an agent would gain or lose if it sold all that it holds at once.
 *
 * @module
 */
import type { Agent } from "../store/agents.ts";
import type { AgentRecord } from "../store/history.ts";
import type { Items } from "../store/items.ts";

export interface Unrealised {
    /** gp after tax; NaN where not even a part is known. */
    readonly gp: number;
    /** Items that are held and not counted: what they cost, or bring, is unknown. */
    readonly uncounted: number;
}

export function unrealised(record: AgentRecord | undefined, agent: Agent | undefined, items: Items): Unrealised {
    let sum = 0;
    let counted = 0;
    let uncounted = 0;
    for (const [called, holding] of record?.holdings ?? []) {
        if (holding.quantity <= 0) {
            continue;
        }
        const value = items.named(called)?.instantValue ?? Number.NaN;
        if (Number.isNaN(value)) {
            uncounted++;
        } else {
            sum += holding.quantity * value - holding.cost;
            counted++;
        }
    }
    for (const [called, pieces] of agent?.inventory ?? []) {
        if (pieces > (record?.holdings.get(called)?.quantity ?? 0)) {
            uncounted++;
        }
    }
    if (counted > 0) {
        return { gp: sum, uncounted };
    }
    // Nothing held is no profit and no loss; nothing known is unknown.
    return { gp: uncounted > 0 || (record === undefined && agent === undefined) ? Number.NaN : 0, uncounted };
}
