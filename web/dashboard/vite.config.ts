/// <reference types="vitest/config" />
// Builds the page into dist/, which the server's jar takes up, with files.txt naming what there is to serve.
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Of all that a first visit loads, gzipped. */
const MOST_BYTES = 120 * 1024;

/** Writes files.txt, by which the server knows what there is, and refuses a page that has grown too large. */
function listed(): Plugin {
    return {
        name: "listed",
        apply: "build",
        generateBundle: {
            order: "post",
            handler(_options, bundle) {
                let bytes = 0;
                for (const file of Object.values(bundle)) {
                    bytes += gzipSync(file.type === "chunk" ? file.code : file.source).length;
                }
                if (bytes > MOST_BYTES) {
                    this.error(`the page takes ${bytes} bytes gzipped; at most ${MOST_BYTES} are allowed`);
                }
                console.log(`the page takes ${bytes} bytes gzipped, of ${MOST_BYTES}`);
                const names = [...Object.keys(bundle), "icon.svg"].sort();
                this.emitFile({ type: "asset", fileName: "files.txt", source: `${names.join("\n")}\n` });
            },
        },
    };
}

export default defineConfig({
    base: "./",
    plugins: [listed()],
    build: {
        target: "es2022",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
    },
    test: { include: ["src/**/*.test.ts"], environment: "node" },
});
