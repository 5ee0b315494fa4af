/**
 * How an offer stands against the market.
 *
 * @module
 */
import type { Slot } from "../store/agents.ts";
import type { AgentRecord } from "../store/history.ts";
import { breakEven } from "./tax.ts";

export type Standing = "competitive" | "undercut" | "unknown" | "over";

/** Competitive: nobody is known to offer better. */
export function standing(slot: Slot): Standing {
    if (slot.state !== "BUYING" && slot.state !== "SELLING") {
        return "over";
    }
    const quote = slot.side === "buy" ? (slot.item?.low ?? Number.NaN) : (slot.item?.high ?? Number.NaN);
    if (Number.isNaN(quote) || Number.isNaN(slot.price)) {
        return "unknown";
    }
    return (slot.side === "buy" ? slot.price >= quote : slot.price <= quote) ? "competitive" : "undercut";
}

/** The lowest price to sell at without a loss: of what a purchase will bring, or of what a sale has cost. */
export function slotBreakEven(slot: Slot, record: AgentRecord | undefined): number {
    const divisor = slot.item?.divisor ?? Number.NaN;
    if (Number.isNaN(divisor)) {
        return Number.NaN;
    }
    const cost = slot.side === "buy" ? slot.price : (record?.holdings.get(slot.item?.label ?? "")?.meanPrice ?? Number.NaN);
    return breakEven(cost, divisor);
}
