/**
 * Parts that stay as they are while the page around them is rendered anew: they render themselves, each in its own time.
 *
 * @module
 */
import { Component, type ComponentType } from "preact";

export function still<P extends object>(Part: ComponentType<P>): ComponentType<P> {
    return class Still extends Component<P> {
        override shouldComponentUpdate(next: Readonly<P>): boolean {
            const before = this.props as Readonly<P>;
            const keys = Object.keys(next) as (keyof P)[];
            return keys.length !== Object.keys(before).length || keys.some((key) => before[key] !== next[key]);
        }

        override render() {
            return <Part {...(this.props as P)} />;
        }
    };
}
