import { AECEnvironment } from "./aec-environment.ts";

const LINES = [
    [0, 1, 2], [3, 4, 5], [6, 7, 8],
    [0, 3, 6], [1, 4, 7], [2, 5, 8],
    [0, 4, 8], [2, 4, 6],
];

/** Three marks in a line win; the rules and the numbering of PettingZoo's tictactoe_v3. */
export class TicTacToe extends AECEnvironment {
    readonly possibleAgents = ["player_1", "player_2"];
    #cells: number[] = [];

    observationSpace(_agent: string) {
        return { type: "box", shape: [3, 3, 2], low: 0, high: 1, dtype: "int8" } as const;
    }

    actionSpace(_agent: string) {
        return { n: 9 };
    }

    async reset(_seed?: number): Promise<void> {
        this.#cells = Array(9).fill(0);
        this.begin();
    }

    observe(agent: string): number[] {
        const own = this.possibleAgents.indexOf(agent) + 1;
        return this.#cells.flatMap((mark) => [mark === own ? 1 : 0, mark !== 0 && mark !== own ? 1 : 0]);
    }

    actionMask(_agent: string): boolean[] {
        return this.#cells.map((mark) => mark === 0);
    }

    async step(action: number): Promise<void> {
        const agent = this.agentSelection as string;
        const other = this.possibleAgents.find((each) => each !== agent) as string;
        const own = this.possibleAgents.indexOf(agent) + 1;
        this.#cells[action] = own;
        const won = LINES.some((line) => line.every((cell) => this.#cells[cell] === own));
        this.rewards = { [agent]: won ? 1 : 0, [other]: won ? -1 : 0 };
        if (won || this.#cells.every((mark) => mark !== 0)) {
            this.end();
        } else {
            this.agentSelection = other;
        }
    }
}
