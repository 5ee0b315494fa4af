package io.hypertoken.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// PettingZoo's own bookkeeping (`AECEnv` and `parallel_to_aec_wrapper` of version 1.27) over a vector, written after
/// its Python line by line: what [AecView] must agree with.
final class PettingZooCycle {
    private final VectorEnvironment vector;
    private final boolean simultaneous;
    final List<Integer> agents = new ArrayList<>();
    final Map<Integer, Double> rewards = new LinkedHashMap<>();
    final Map<Integer, Double> cumulativeRewards = new LinkedHashMap<>();
    final Map<Integer, Boolean> terminations = new LinkedHashMap<>();
    final Map<Integer, Boolean> truncations = new LinkedHashMap<>();
    private final Map<Integer, Long> actions = new LinkedHashMap<>();
    int agentSelection;
    private @Nullable Integer skipAgentSelection;

    PettingZooCycle(VectorEnvironment vector, boolean simultaneous) {
        this.vector = vector;
        this.simultaneous = simultaneous;
    }

    void reset(long seed) {
        vector.reset(seed);
        agents.clear();
        for (int agent = 0; agent < vector.batch().agents(); agent++) {
            agents.add(agent);
            rewards.put(agent, 0.0);
            cumulativeRewards.put(agent, 0.0);
            terminations.put(agent, false);
            truncations.put(agent, false);
        }
        skipAgentSelection = null;
        agentSelection = simultaneous ? 0 : vector.batch().turn(0);
    }

    void step(@Nullable Long action) {
        if (isDead(agentSelection)) {
            wasDeadStep();
        } else if (simultaneous) {
            parallelToAecStep(action);
        } else {
            cumulativeRewards.put(agentSelection, 0.0);
            vector.batch().action(0, agentSelection, action);
            vector.step();
            read();
            rewards.forEach((agent, reward) -> cumulativeRewards.merge(agent, reward, Double::sum));
            agentSelection = vector.batch().turn(0);
            deadsStepFirst();
        }
    }

    private void parallelToAecStep(@Nullable Long action) {
        actions.put(agentSelection, action);
        List<Integer> live = agents.stream().filter(agent -> !isDead(agent)).toList();
        int place = live.indexOf(agentSelection);
        if (place + 1 == live.size()) {
            actions.forEach((agent, chosen) -> vector.batch().action(0, agent, chosen));
            vector.step();
            actions.clear();
            read();
            cumulativeRewards.putAll(rewards);
            agentSelection =
                    agents.stream().filter(agent -> !isDead(agent)).findFirst().orElse(AecView.NOBODY);
            deadsStepFirst();
        } else {
            if (place == 0) {
                rewards.replaceAll((agent, reward) -> 0.0);
            }
            agentSelection = live.get(place + 1);
        }
    }

    private void read() {
        for (int agent : agents) {
            rewards.put(agent, vector.batch().reward(0, agent));
            terminations.put(agent, vector.batch().terminated(0, agent));
            truncations.put(agent, vector.batch().truncated(0, agent));
        }
    }

    private void deadsStepFirst() {
        agents.stream().filter(this::isDead).findFirst().ifPresent(agent -> {
            skipAgentSelection = agentSelection;
            agentSelection = agent;
        });
    }

    private void wasDeadStep() {
        int gone = agentSelection;
        List.of(rewards, cumulativeRewards, terminations, truncations).forEach(values -> values.remove(gone));
        agents.remove((Integer) gone);
        var dead = agents.stream().filter(this::isDead).findFirst();
        if (dead.isPresent()) {
            if (skipAgentSelection == null) {
                skipAgentSelection = agentSelection;
            }
            agentSelection = dead.get();
        } else {
            if (skipAgentSelection != null) {
                agentSelection = skipAgentSelection;
            }
            skipAgentSelection = null;
        }
        rewards.replaceAll((agent, reward) -> 0.0);
    }

    boolean isDead(int agent) {
        return Boolean.TRUE.equals(terminations.get(agent)) || Boolean.TRUE.equals(truncations.get(agent));
    }
}
