/* CartPole-v1 as a WASM module: bit for bit the rules, and so the digest, of CartPole.java.
 *
 * Every expression keeps the order of Gymnasium's, so that each product and sum rounds as it does there. Sine and
 * cosine are the two polynomials of fdlibm (k_sin.c, k_cos.c; Sun Microsystems, 1993), enough for a pole that stands.
 */
#include "hypertoken.h"
#include "hypertoken_random.h"

static const double GRAVITY = 9.8, POLE_MASS = 0.1, TOTAL_MASS = 0.1 + 1.0, HALF_LENGTH = 0.5, POLE_MOMENT = 0.1 * 0.5;
static const double FORCE = 10.0, TAU = 0.02, POSITION_LIMIT = 2.4, ANGLE_LIMIT = 12 * 2 * 3.141592653589793 / 360;

struct pole {
    double x, x_dot, theta, theta_dot;
    struct ht_random random;
};

enum { SUTTON_BARTO_REWARD, LOW, HIGH, OPTIONS };

static double options[OPTIONS];
static int sutton_barto_reward;
static struct pole *poles;
static int64_t *actions;
static float (*observations)[4];
static struct ht_columns columns;

int32_t HT_EXPORT(ht_abi)(void) {
    return HT_ABI;
}

const char *HT_EXPORT(ht_describe)(void) {
    return "{\"version\": 1, \"history\": [\"1: the rules of Gymnasium 1.4\"],"
           "\"rules\": \"A pole stands on a cart; each step pushes the cart left or right with 10 N for 0.02 s. The"
           " episode ends when the pole leans more than 12 degrees or the cart is more than 2.4 m from the middle, and"
           " is cut off after 500 steps. Source: Barto, Sutton and Anderson (1983), as Gymnasium 1.4 plays it.\","
           "\"observation_space\": {\"type\": \"box\", \"shape\": [4], \"dtype\": \"float32\","
           " \"low\": [-4.8, null, -0.41887902047863906, null], \"high\": [4.8, null, 0.41887902047863906, null]},"
           "\"observation_legend\": [\"cart position, m\", \"cart velocity, m/s\", \"pole angle, rad\","
           " \"pole angular velocity, rad/s\"],"
           "\"action_names\": [\"left\", \"right\"], \"max_steps\": 500, \"reward_threshold\": 475,"
           "\"options\": ["
           "{\"name\": \"sutton_barto_reward\", \"type\": \"flag\", \"default\": false,"
           " \"about\": \"reward 0 a step and -1 for the last, in place of 1 a step\"},"
           "{\"name\": \"low\", \"type\": \"number\", \"low\": -0.29, \"high\": 0.29, \"default\": -0.05,"
           " \"episode\": true, \"about\": \"the lower bound of the first state's numbers\"},"
           "{\"name\": \"high\", \"type\": \"number\", \"low\": -0.29, \"high\": 0.29, \"default\": 0.05,"
           " \"episode\": true, \"about\": \"the upper bound of the first state's numbers\"}]}";
}

double *HT_EXPORT(ht_options)(void) {
    return options;
}

const char *HT_EXPORT(ht_open)(int32_t rows) {
    sutton_barto_reward = options[SUTTON_BARTO_REWARD] != 0;
    poles = ht_alloc(rows * sizeof *poles);
    columns.play = ht_alloc(rows);
    columns.action[0] = actions = ht_alloc(rows * sizeof *actions);
    columns.observation[0] = observations = ht_alloc(rows * sizeof *observations);
    columns.reward = ht_alloc(rows * sizeof(double));
    columns.end = ht_alloc(rows);
    return 0;
}

struct ht_columns *HT_EXPORT(ht_columns)(void) {
    return &columns;
}

static void show(int32_t row) {
    observations[row][0] = (float) poles[row].x;
    observations[row][1] = (float) poles[row].x_dot;
    observations[row][2] = (float) poles[row].theta;
    observations[row][3] = (float) poles[row].theta_dot;
}

void HT_EXPORT(ht_reset)(int32_t row, int64_t seed) {
    struct pole *pole = &poles[row];
    if (seed != HT_DRAW_ON) {
        ht_seed(&pole->random, seed);
    }
    pole->x = ht_uniform(&pole->random, options[LOW], options[HIGH]);
    pole->x_dot = ht_uniform(&pole->random, options[LOW], options[HIGH]);
    pole->theta = ht_uniform(&pole->random, options[LOW], options[HIGH]);
    pole->theta_dot = ht_uniform(&pole->random, options[LOW], options[HIGH]);
    show(row);
}

static double sine(double x) {
    double z = x * x;
    double r = 8.33333333332248946124e-03
            + z * (-1.98412698298579493134e-04
            + z * (2.75573137070700676789e-06
            + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
    return x + z * x * (-1.66666666666666324348e-01 + z * r);
}

static double cosine(double x) {
    double z = x * x;
    double r = z * (4.16666666666666019037e-02
            + z * (-1.38888888888741095749e-03
            + z * (2.48015872894767294178e-05
            + z * (-2.75573143513906633035e-07
            + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
    return 1.0 - (0.5 * z - z * r);
}

void HT_EXPORT(ht_step)(int32_t rows) {
    for (int32_t row = 0; row < rows; row++) {
        if (!columns.play[row]) {
            continue;
        }
        struct pole *pole = &poles[row];
        double force = (double) (2 * (int32_t) actions[row] - 1) * FORCE;
        double cos = cosine(pole->theta), sin = sine(pole->theta);
        double push = (force + POLE_MOMENT * (pole->theta_dot * pole->theta_dot) * sin) / TOTAL_MASS;
        double turn = (GRAVITY * sin - cos * push)
                / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cos * cos) / TOTAL_MASS));
        double drive = push - POLE_MOMENT * turn * cos / TOTAL_MASS;
        pole->x += TAU * pole->x_dot;
        pole->x_dot += TAU * drive;
        pole->theta += TAU * pole->theta_dot;
        pole->theta_dot += TAU * turn;
        int fallen = pole->x < -POSITION_LIMIT || pole->x > POSITION_LIMIT || pole->theta < -ANGLE_LIMIT
                || pole->theta > ANGLE_LIMIT;
        columns.end[row] = fallen ? HT_TERMINATED : 0;
        columns.reward[row] = sutton_barto_reward ? -fallen : 1;
        show(row);
    }
}
