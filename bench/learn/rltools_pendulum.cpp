// RLtools' PPO on its own Pendulum, with the settings of its example: trains by several seeds, and tells of each in a
// line of JSON the seconds and steps trained and the mean return of 500 fresh episodes, played by likeliest actions.
//
// Usage: rltools_pendulum SEEDS. Compiled by rltools.py, which says why the includes stand in this order.
#include <rl_tools/operations/cpu_mux.h>
#include <rl_tools/nn/optimizers/adam/instance/operations_generic.h>
#include <rl_tools/nn/operations_cpu_mux.h> // later, the kernels by BLAS would be left out without a word
#include <rl_tools/nn/layers/standardize/operations_generic.h>
#include <rl_tools/nn_models/mlp_unconditional_stddev/operations_generic.h>
#include <rl_tools/nn_models/mlp/operations_generic.h>
#include <rl_tools/nn_models/sequential/operations_generic.h>
#include <rl_tools/nn/optimizers/adam/operations_generic.h>
#include <rl_tools/rl/environments/pendulum/operations_cpu.h>
#include <rl_tools/rl/algorithms/ppo/loop/core/config.h>
#include <rl_tools/rl/loop/steps/evaluation/config.h>
#include <rl_tools/rl/algorithms/ppo/loop/core/operations_generic.h>
#include <rl_tools/rl/loop/steps/evaluation/operations_generic.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>

namespace rlt = rl_tools;
using DEVICE = rlt::devices::DEVICE_FACTORY<>;
static_assert(DEVICE::DEVICE_ID == rlt::devices::DeviceId::CPU_OPENBLAS);
using RNG = DEVICE::SPEC::RANDOM::ENGINE<>;
using TI = DEVICE::index_t;
using T = float;
using TYPE_POLICY = rlt::numeric_types::Policy<T>;
using ENVIRONMENT = rlt::rl::environments::Pendulum<rlt::rl::environments::pendulum::Specification<T, TI>>;

struct Parameters : rlt::rl::algorithms::ppo::loop::core::DefaultParameters<TYPE_POLICY, TI, ENVIRONMENT> {
    static constexpr TI N_ENVIRONMENTS = 4, ON_POLICY_RUNNER_STEPS_PER_ENV = 1024, BATCH_SIZE = 256;
    static constexpr TI DATASET_SIZE = N_ENVIRONMENTS * ON_POLICY_RUNNER_STEPS_PER_ENV;
    static constexpr TI STEP_LIMIT = 300'000 / DATASET_SIZE + 1;
    static constexpr TI EPISODE_STEP_LIMIT = 200;
    static constexpr bool NORMALIZE_OBSERVATIONS = true;
    struct PPO_PARAMETERS : rlt::rl::algorithms::ppo::DefaultParameters<TYPE_POLICY, TI, BATCH_SIZE> {
        static constexpr T GAMMA = 0.9, INITIAL_ACTION_STD = 2, ACTION_ENTROPY_COEFFICIENT = 0;
        static constexpr TI N_EPOCHS = 2;
        static constexpr bool IGNORE_TERMINATION = true;
    };
};
using CORE = rlt::rl::algorithms::ppo::loop::core::Config<TYPE_POLICY, TI, RNG, ENVIRONMENT, Parameters>;
using EVALUATED = rlt::rl::loop::steps::evaluation::Config<
    CORE, rlt::rl::loop::steps::evaluation::Parameters<TYPE_POLICY, TI, CORE, 500, 1'000'000>>;
using STATE = EVALUATED::State<EVALUATED>;

int main(int count, char **arguments) {
    const TI seeds = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 1;
    std::cout.setstate(std::ios::failbit); // the library prints what it normalises by
    DEVICE device;
    for (TI seed = 1; seed <= seeds; seed++) {
        auto state = std::make_unique<STATE>();
        rlt::malloc(device, *state);
        rlt::init(device, *state, seed);
        const auto began = std::chrono::steady_clock::now();
        for (TI k = 0; k < Parameters::STEP_LIMIT; k++) {
            rlt::step(device, static_cast<STATE::NEXT &>(*state));
        }
        const std::chrono::duration<double> trained = std::chrono::steady_clock::now() - began;
        auto &result = rlt::get(state->evaluation_results, 0, 0);
        auto actor = rlt::get_actor(*state);
        rlt::evaluate(device, state->env_eval, state->ui, actor, state->actor_deterministic_evaluation_state,
                      state->actor_deterministic_evaluation_buffers, state->evaluation_buffer, result, state->rng_eval,
                      state->evaluation_mode);
        std::printf("{\"seconds\": %.6f, \"steps\": %lu, \"mean\": %.3f}\n", trained.count(),
                    static_cast<unsigned long>(Parameters::STEP_LIMIT * Parameters::DATASET_SIZE),
                    static_cast<double>(result.returns_mean));
        std::fflush(stdout);
        rlt::free(device, *state);
    }
}
