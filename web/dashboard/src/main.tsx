/**
 * Begins.
 *
 * @module
 */
import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { App } from "./app/app.tsx";
import { link } from "./app/shown.ts";

const root = document.getElementById("app");
if (root !== null) {
    render(<App />, root);
    link.start();
}
