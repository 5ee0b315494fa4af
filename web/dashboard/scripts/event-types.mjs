// Writes src/events/types.ts from the schema that the hub checks events by.
// Usage: node scripts/event-types.mjs [--check]      --check writes nothing, and fails where it would change something
import { readFileSync, writeFileSync } from "node:fs";

const SCHEMA = new URL(
    "../../../server/src/main/resources/io/hypertoken/server/events/schema/events.schema.json",
    import.meta.url,
);
const TARGET = new URL("../src/events/types.ts", import.meta.url);

const schema = JSON.parse(readFileSync(SCHEMA, "utf8"));

const pascal = (name) => name.split("_").map((part) => part[0].toUpperCase() + part.slice(1)).join("");

function typeOf(property) {
    if (property.enum) {
        return property.enum.map((value) => JSON.stringify(value)).join(" | ");
    }
    const kinds = [property.type].flat().map((kind) => {
        switch (kind) {
            case "integer":
                return "number";
            case "object":
                return property.additionalProperties?.type === "number" ? "Record<string, number>" : "Record<string, unknown>";
            default:
                return kind;
        }
    });
    return [...new Set(kinds)].join(" | ");
}

const lines = [
    "/**",
    " * The events that the hub knows, generated from its schema: change that, then run npm run types.",
    " *",
    " * @module",
    " */",
    "",
];
const names = schema.allOf.map((each) => each.if.properties.type.const);
for (const name of names) {
    const { description, required = [], properties } = schema.$defs[name];
    lines.push(`/** ${description} */`, `export interface ${pascal(name)} {`);
    for (const [field, property] of Object.entries(properties)) {
        lines.push(`    /** ${property.description} */`);
        lines.push(`    ${field}${required.includes(field) ? "" : "?"}: ${typeOf(property)};`);
    }
    lines.push("}", "");
}
lines.push("/** What the data of each type holds; types are an open set. */", "export interface EventData {");
for (const name of names) {
    lines.push(`    ${name}: ${pascal(name)};`);
}
lines.push("}", "", "export const KNOWN_TYPES = [");
for (const name of names) {
    lines.push(`    "${name}",`);
}
lines.push("] as const satisfies readonly (keyof EventData)[];", "");
const text = lines.join("\n");

if (process.argv.includes("--check")) {
    if (readFileSync(TARGET, "utf8") !== text) {
        console.error("src/events/types.ts is not what the hub's schema says; run npm run types");
        process.exit(1);
    }
} else {
    writeFileSync(TARGET, text);
}
