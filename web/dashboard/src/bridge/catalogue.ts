/**
 * The environments that the server has, as their declarations say.
 *
 * @module
 */
import { isObject, name, num, text } from "../events/event.ts";
import { get } from "../hub/api.ts";

export interface Option {
    readonly name: string;
    readonly rule: string;
    readonly kind: string;
    readonly words: readonly string[];
    readonly value: string;
    readonly episode: boolean;
    readonly about: string;
}

export interface Environment {
    readonly id: string;
    readonly version: number;
    readonly aliases: readonly string[];
    readonly agents: readonly string[];
    readonly turnOrder: string;
    readonly maxSteps: number;
    readonly masked: boolean;
    readonly maskMeaning: string;
    readonly rewardKind: string;
    readonly observation: string;
    readonly action: string;
    /** Whether its actions are a few to choose from. */
    readonly playable: boolean;
    readonly actionNames: readonly string[];
    readonly legend: readonly string[];
    readonly renderModes: readonly string[];
    /** The ways to play that it declares, beside the random one. */
    readonly policies: readonly string[];
    readonly rules: string;
    readonly history: readonly string[];
    readonly options: readonly Option[];
}

let known: Promise<readonly Environment[]> | undefined;

export function environments(): Promise<readonly Environment[]> {
    known ??= get("environments.json").then(
        (told) => (Array.isArray(told["environments"]) ? told["environments"].filter(isObject).map(environment) : []),
        (failed: unknown) => {
            known = undefined;
            throw failed;
        },
    );
    return known;
}

function environment(told: Record<string, unknown>): Environment {
    const agents = names(told["possible_agents"]);
    const first = agents[0] ?? "";
    const spaces = (key: string) => (isObject(told[key]) ? told[key][first] : undefined);
    const action = spaces("action_spaces");
    const kind = isObject(action) ? name(action["type"]) : "";
    return {
        id: name(told["id"]),
        version: num(told["version"]),
        aliases: names(told["aliases"]),
        agents,
        turnOrder: name(told["turn_order"]),
        maxSteps: num(told["max_steps"]),
        masked: told["masked"] === true,
        maskMeaning: name(told["mask_meaning"]),
        rewardKind: name(told["reward_kind"]),
        observation: spaceText(spaces("observation_spaces")),
        action: spaceText(action),
        playable: kind === "discrete" || kind === "multi_discrete",
        actionNames: names(told["action_names"]),
        legend: names(told["observation_legend"]),
        renderModes: names(told["render_modes"]),
        policies: names(told["policies"]).filter((policy) => policy !== "random"),
        rules: paragraphs(text(told["rules"])),
        history: names(told["history"]),
        options: Array.isArray(told["options"]) ? told["options"].filter(isObject).map(option) : [],
    };
}

/** Lines that were broken to be read in a source file flow; empty lines part paragraphs. */
function paragraphs(rules: string): string {
    return rules.replace(/([^\n])\n(?=[^\n])/g, "$1 ").trim();
}

function option(told: Record<string, unknown>): Option {
    return {
        name: name(told["name"]),
        rule: name(told["rule"]),
        kind: name(told["kind"]),
        words: names(told["words"]),
        value: String(told["default"] ?? ""),
        episode: told["episode"] === true,
        about: text(told["about"]),
    };
}

function names(value: unknown): string[] {
    return Array.isArray(value) ? value.map(name) : [];
}

/** A space in a few letters: Box[7] float32, Discrete(5). */
export function spaceText(value: unknown): string {
    if (!isObject(value)) {
        return "";
    }
    switch (value["type"]) {
        case "discrete":
            return `Discrete(${num(value["n"])})`;
        case "multi_discrete":
            return `MultiDiscrete(${short(value["nvec"])})`;
        case "multi_binary":
            return `MultiBinary(${short(value["n"])})`;
        case "box":
            return `Box${short(value["shape"])} ${name(value["dtype"])}`;
        case "dict":
            return isObject(value["spaces"])
                ? `Dict(${Object.entries(value["spaces"]).map(([key, part]) => `${key}: ${spaceText(part)}`).join(", ")})`
                : "Dict";
        case "tuple":
            return Array.isArray(value["spaces"]) ? `Tuple(${value["spaces"].map(spaceText).join(", ")})` : "Tuple";
        default:
            return name(value["type"]);
    }
}

function short(value: unknown): string {
    const told = JSON.stringify(value) ?? "";
    return told.length > 80 ? `${told.slice(0, 80)}…` : told;
}

/** Only the options that are not as declared, as the bridge takes them. */
export function changedOptions(environment: Environment, given: Readonly<Record<string, string>>): Record<string, unknown> {
    const changed: Record<string, unknown> = {};
    for (const each of environment.options) {
        const value = given[each.name];
        if (value !== undefined && value !== each.value && !each.episode) {
            changed[each.name] = typed(each, value);
        }
    }
    return changed;
}

function typed(option: Option, value: string): unknown {
    switch (option.kind) {
        case "integer":
        case "number":
            return Number(value);
        case "flag":
            return value === "true";
        default:
            return value;
    }
}

/** A line to paste into Python. */
export function pythonLine(environment: Environment, given: Readonly<Record<string, string>>): string {
    const options = Object.entries(changedOptions(environment, given)).map(([key, value]) => `, ${key}=${python(value)}`);
    return `env = hypertoken.make(${JSON.stringify(environment.id)}${options.join("")})`;
}

function python(value: unknown): string {
    return typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
}
