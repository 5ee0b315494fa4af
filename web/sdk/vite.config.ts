/// <reference types="vitest/config" />
// Builds the SDK as a module and as a script for a tag, and refuses one that has grown too large.
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Of each of the two files, gzipped. */
const MOST_BYTES = 10 * 1024;

function weighed(): Plugin {
    return {
        name: "weighed",
        apply: "build",
        generateBundle(_options, bundle) {
            for (const [name, file] of Object.entries(bundle)) {
                const bytes = gzipSync(file.type === "chunk" ? file.code : file.source).length;
                if (bytes > MOST_BYTES) {
                    this.error(`${name} takes ${bytes} bytes gzipped; at most ${MOST_BYTES} are allowed`);
                }
                console.log(`${name} takes ${bytes} bytes gzipped, of ${MOST_BYTES}`);
            }
        },
    };
}

export default defineConfig({
    plugins: [weighed()],
    build: {
        target: "es2022",
        minify: true,
        sourcemap: false,
        reportCompressedSize: false,
        lib: {
            entry: "src/index.ts",
            name: "hypertoken",
            formats: ["es", "iife"],
            fileName: (format) => (format === "es" ? "hypertoken.mjs" : "hypertoken.js"),
        },
    },
    test: { include: ["src/**/*.test.ts"], environment: "node" },
});
