// A player looks for the enemy on an 11 by 11 grid: the spaces of the Python class that is printed in seed 003's article.
// The rules know nothing of pages, so that Node may host them too.

const SIZE = 11;
const MOVES = [[0, -1], [0, 1], [-1, 0], [1, 0]]; // up, down, left, right

export function grid() {
    const boards = new Map();

    function seen({ player, enemy }) {
        return { player_pos: player, enemy_pos: enemy };
    }

    return {
        name: "grid",
        about: "Walk to the enemy's cell. Each step costs 0.1, to catch it gives 1.",
        observationSpace: {
            type: "dict",
            spaces: {
                player_pos: { type: "box", shape: [2], low: 0, high: SIZE - 1, dtype: "int32" },
                enemy_pos: { type: "box", shape: [2], low: 0, high: SIZE - 1, dtype: "int32" },
            },
        },
        actionSpace: { type: "discrete", n: MOVES.length },
        actionNames: ["up", "down", "left", "right"],
        maxEpisodeSteps: 60,
        masked: false,

        reset({ instance, random }) {
            const cell = () => [Math.floor(SIZE * random()), Math.floor(SIZE * random())];
            const board = { player: cell(), enemy: cell() };
            if (board.player.join() === board.enemy.join()) {
                board.enemy = [SIZE - 1 - board.enemy[0], (board.enemy[1] + 1) % SIZE];
            }
            boards.set(instance, board);
            return seen(board);
        },

        step(action, instance) {
            const board = boards.get(instance);
            const [dx, dy] = MOVES[action];
            const inside = (at) => Math.min(SIZE - 1, Math.max(0, at));
            board.player = [inside(board.player[0] + dx), inside(board.player[1] + dy)];
            const caught = board.player.join() === board.enemy.join();
            return { observation: seen(board), reward: caught ? 1 : -0.1, terminated: caught };
        },

        close(instance) {
            boards.delete(instance);
        },

        /** For the page, which draws it. */
        board: (instance) => boards.get(instance),
    };
}
