/* Tic-tac-toe as a WASM module: two agents in turns, and masks. Its digest is that of TicTacToe.java.
 *
 * Cells are numbered down the columns: 0 3 6, 1 4 7, 2 5 8. A side's marks are the bits of a number.
 */
#include "hypertoken.h"

enum { AGENTS = 2, CELLS = 9, FULL = (1 << CELLS) - 1 };

static int32_t (*marks)[AGENTS];
static int64_t (*actions)[AGENTS];
static int8_t (*boards)[AGENTS][CELLS][2];
static uint8_t (*masks)[AGENTS][CELLS];
static double (*rewards)[AGENTS];
static uint8_t (*ends)[AGENTS];
static struct ht_columns columns;
static char text[13];

int32_t HT_EXPORT(ht_abi)(void) {
    return HT_ABI;
}

const char *HT_EXPORT(ht_describe)(void) {
    return "{\"rules\": \"Two players take turns to mark an empty cell of a 3 by 3 board, numbered down the columns:"
           " 0 3 6, 1 4 7, 2 5 8. Three marks in a line win 1, and the other loses 1; a full board is a draw.\","
           "\"agents\": [\"player_1\", \"player_2\"], \"turn_order\": \"sequential\", \"mask_meaning\": \"binding\","
           "\"observation_space\": {\"type\": \"box\", \"shape\": [3, 3, 2], \"dtype\": \"int8\", \"low\": 0, \"high\": 1},"
           "\"observation_legend\": [\"plane 0: own marks\", \"plane 1: the other's marks\"],"
           "\"action_names\": [\"cell_0\", \"cell_1\", \"cell_2\", \"cell_3\", \"cell_4\", \"cell_5\", \"cell_6\","
           " \"cell_7\", \"cell_8\"], \"reward_kind\": \"integer\", \"text\": true}";
}

const char *HT_EXPORT(ht_open)(int32_t rows) {
    marks = ht_alloc(rows * sizeof *marks);
    columns.play = ht_alloc(rows);
    columns.turn = ht_alloc(rows * sizeof(int32_t));
    columns.action[0] = actions = ht_alloc(rows * sizeof *actions);
    columns.observation[0] = boards = ht_alloc(rows * sizeof *boards);
    columns.mask = (uint8_t *) (masks = ht_alloc(rows * sizeof *masks));
    columns.reward = (double *) (rewards = ht_alloc(rows * sizeof *rewards));
    columns.end = (uint8_t *) (ends = ht_alloc(rows * sizeof *ends));
    return 0;
}

struct ht_columns *HT_EXPORT(ht_columns)(void) {
    return &columns;
}

static void show(int32_t row) {
    for (int side = 0; side < AGENTS; side++) {
        for (int cell = 0; cell < CELLS; cell++) {
            int own = marks[row][side] >> cell & 1, other = marks[row][1 - side] >> cell & 1;
            boards[row][side][cell][0] = (int8_t) own;
            boards[row][side][cell][1] = (int8_t) other;
            masks[row][side][cell] = !own && !other;
        }
    }
}

void HT_EXPORT(ht_reset)(int32_t row, int64_t seed) {
    (void) seed; /* there is no chance in it */
    marks[row][0] = marks[row][1] = 0;
    show(row); /* the turn is player_1's: turn is 0 already */
}

static int has_line(int32_t own) {
    static const int16_t lines[] = {0007, 0070, 0700, 0111, 0222, 0444, 0421, 0124};
    for (int k = 0; k < 8; k++) {
        if ((own & lines[k]) == lines[k]) {
            return 1;
        }
    }
    return 0;
}

void HT_EXPORT(ht_step)(int32_t rows) {
    for (int32_t row = 0; row < rows; row++) {
        if (!columns.play[row]) {
            continue;
        }
        int32_t side = columns.turn[row];
        marks[row][side] |= 1 << actions[row][side];
        if (has_line(marks[row][side])) {
            rewards[row][side] = 1;
            rewards[row][1 - side] = -1;
            ends[row][0] = ends[row][1] = HT_TERMINATED;
        } else if ((marks[row][0] | marks[row][1]) == FULL) {
            ends[row][0] = ends[row][1] = HT_TERMINATED;
        }
        columns.turn[row] = 1 - side;
        show(row);
    }
}

const char *HT_EXPORT(ht_text)(int32_t row, int32_t agent) {
    (void) agent; /* both know all */
    char *to = text;
    for (int y = 0; y < 3; y++) {
        for (int x = 0; x < 3; x++) {
            int cell = 3 * x + y;
            *to++ = marks[row][0] >> cell & 1 ? 'X' : marks[row][1] >> cell & 1 ? 'O' : '.';
        }
        *to++ = '\n';
    }
    return text;
}
