/**
 * Turns what a game has drawn into pixels.
 *
 * @module
 */
import type { Picture } from "./game.ts";

const RGBA = 4;
const RGB = 3;

/** Scales drawings to one size; one for each game, whose canvas it keeps. */
export class Camera {
    readonly #width: number;
    readonly #height: number;
    readonly #pixels: Uint8Array;
    #context: OffscreenCanvasRenderingContext2D | undefined;

    constructor(width: number, height: number) {
        this.#width = width;
        this.#height = height;
        this.#pixels = new Uint8Array(width * height * RGB);
    }

    /** Rows of red, green, blue; overwritten by the next picture. */
    take(picture: Picture): Uint8Array {
        const data = this.#data(picture);
        for (let from = 0, to = 0; to < this.#pixels.length; from += RGBA, to += RGB) {
            this.#pixels[to] = data[from] as number;
            this.#pixels[to + 1] = data[from + 1] as number;
            this.#pixels[to + 2] = data[from + 2] as number;
        }
        return this.#pixels;
    }

    #data(picture: Picture): Uint8ClampedArray {
        if ("data" in picture) {
            if (picture.width !== this.#width || picture.height !== this.#height) {
                throw new TypeError(`the picture is ${picture.width}×${picture.height} where frame says ${this.#width}×${this.#height}`);
            }
            return picture.data;
        }
        this.#context ??= new OffscreenCanvas(this.#width, this.#height).getContext("2d", {
            willReadFrequently: true,
        }) as OffscreenCanvasRenderingContext2D;
        this.#context.fillStyle = "#000";
        this.#context.fillRect(0, 0, this.#width, this.#height);
        this.#context.drawImage(picture, 0, 0, this.#width, this.#height);
        return this.#context.getImageData(0, 0, this.#width, this.#height).data;
    }
}
