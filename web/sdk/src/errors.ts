/**
 * What goes wrong, told with a code.
 *
 * @module
 */

/** A failure: `code` is the word that the server uses for it, or `connection` where there is none to ask. */
export class HyperTokenError extends Error {
    readonly code: string;

    constructor(code: string, message: string) {
        super(message);
        this.name = "HyperTokenError";
        this.code = code;
    }
}
