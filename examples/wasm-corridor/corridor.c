/* Walk to the end of a corridor: the smallest whole environment as a WASM module. */
#include "hypertoken.h"
#include "hypertoken_random.h"

static double options[1]; /* the corridor's length */
static int64_t *cells;    /* where each row's walker stands, which is all that it sees */
static int64_t *actions;
static struct ht_random *random;
static struct ht_columns columns;

int32_t HT_EXPORT(ht_abi)(void) {
    return HT_ABI;
}

const char *HT_EXPORT(ht_describe)(void) {
    return "{\"rules\": \"Walk right to the end of a corridor. Each step costs 1.\","
           "\"observation_space\": {\"type\": \"discrete\", \"n\": 64}, \"action_names\": [\"left\", \"right\"],"
           "\"reward_kind\": \"integer\", \"max_steps\": 200, \"options\": [{\"name\": \"length\", \"type\": \"integer\","
           " \"low\": 2, \"high\": 64, \"default\": 8, \"about\": \"how many cells\"}]}";
}

double *HT_EXPORT(ht_options)(void) {
    return options;
}

const char *HT_EXPORT(ht_open)(int32_t rows) {
    random = ht_alloc(rows * sizeof *random);
    columns.play = ht_alloc(rows);
    columns.action[0] = actions = ht_alloc(rows * sizeof *actions);
    columns.observation[0] = cells = ht_alloc(rows * sizeof *cells);
    columns.reward = ht_alloc(rows * sizeof(double));
    columns.end = ht_alloc(rows);
    return 0;
}

struct ht_columns *HT_EXPORT(ht_columns)(void) {
    return &columns;
}

void HT_EXPORT(ht_reset)(int32_t row, int64_t seed) {
    if (seed != HT_DRAW_ON) {
        ht_seed(&random[row], seed);
    }
    cells[row] = ht_integers(&random[row], 0, (int64_t) options[0] - 1);
}

void HT_EXPORT(ht_step)(int32_t rows) {
    int64_t last = (int64_t) options[0] - 1;
    for (int32_t row = 0; row < rows; row++) {
        if (columns.play[row]) {
            int64_t to = cells[row] + 2 * actions[row] - 1;
            cells[row] = to < 0 ? 0 : to;
            columns.reward[row] = -1;
            columns.end[row] = cells[row] == last ? HT_TERMINATED : 0;
        }
    }
}
