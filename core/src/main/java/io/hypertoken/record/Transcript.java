package io.hypertoken.record;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Option;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.RewardKind;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.DType;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes the lines of a playthrough while a vector of one row is played.
final class Transcript {
    private static final int SHOWN_ELEMENTS = 128;
    private static final String GAP = "   ";

    private final VectorEnvironment vector;
    private final Batch batch;
    private final Spec spec;
    private final Signature signature;
    private final boolean alone;
    private final List<String> lines = new ArrayList<>();
    private boolean[] acted = {};
    private boolean[] wasAlive = {};
    private int steps;

    Transcript(VectorEnvironment vector, long seed) {
        this.vector = vector;
        this.batch = vector.batch();
        this.spec = vector.spec();
        this.signature = batch.signature();
        this.alone = batch.agents() == 1;
        lines.add(title(seed));
        for (Option option : spec.options()) {
            lines.add("option " + option.name() + ": " + option.type().rule() + ", default " + option.defaultValue()
                    + (option.episode() ? ", with a reset" : ""));
        }
    }

    List<String> lines() {
        return lines;
    }

    static boolean acts(VectorEnvironment vector, int agent) {
        return vector.spec().turnOrder() == TurnOrder.SIMULTANEOUS
                ? vector.batch().alive(0, agent)
                : vector.batch().turn(0) == agent;
    }

    void reset() {
        lines.add("# reset");
        draw();
        if (!alone) {
            lines.add("turn " + turn());
        }
        seen("");
    }

    void beforeStep() {
        acted = flags(agent -> acts(vector, agent));
        wasAlive = flags(agent -> batch.alive(0, agent));
    }

    void afterStep() {
        steps++;
        lines.add("# step " + steps + ": "
                + agents(acted)
                        .mapToObj(agent -> alone ? action(agent) : name(agent) + " " + action(agent))
                        .collect(Collectors.joining(", ")));
        draw();
        boolean[] terminated = flags(agent -> batch.terminated(0, agent));
        boolean[] truncated = flags(agent -> batch.truncated(0, agent));
        String outcome = "reward "
                + IntStream.range(0, batch.agents())
                        .mapToObj(agent -> SpaceWords.number(batch.reward(0, agent)))
                        .collect(Collectors.joining(" "))
                + GAP + "terminated " + words(terminated) + GAP + "truncated " + words(truncated);
        if (!alone) {
            lines.add(outcome + GAP + "turn " + turn());
        }
        seen(alone ? GAP + outcome : "");
        agents(flags(agent -> wasAlive[agent] && (terminated[agent] || truncated[agent])))
                .forEach(agent -> lines.add((alone ? "" : name(agent) + " ") + "last observation " + observation(agent)
                        + (alone ? GAP + outcome : "")));
    }

    void refused(HyperTokenException refusal) {
        lines.add("# step " + (steps + 1) + " is refused: " + refusal.getMessage());
    }

    private String title(long seed) {
        var facts = new ArrayList<String>();
        facts.add(spec + " seed=" + seed + chosenOptions(spec, vector.options()));
        if (!alone) {
            facts.add("agents " + String.join(" ", signature.agents())
                    + (spec.turnOrder() == TurnOrder.SIMULTANEOUS ? " at once" : " in turn"));
        }
        facts.add("observes " + spaces(signature.observationSpaces()));
        facts.add("acts " + spaces(signature.actionSpaces())
                + spec.actionNames().stream().map(name -> " " + name).collect(Collectors.joining()));
        if (spec.maskMeaning() != MaskMeaning.BINDING) {
            facts.add(spec.maskMeaning() == MaskMeaning.NONE ? "no masks" : "advisory masks");
        }
        if (!spec.fallback().isEmpty()) {
            facts.add("fallback "
                    + (spec.actionNames().isEmpty()
                            ? spec.fallback()
                            : spec.actionNames().get(spec.fallback().getFirst())));
        }
        if (spec.rewardKind() == RewardKind.INTEGER) {
            facts.add("whole rewards");
        }
        facts.add(spec.stepLimit() > 0 ? "limit " + spec.stepLimit() : "no limit");
        return String.join(" | ", facts);
    }

    /// The options that are not the default ones, each behind a space.
    static String chosenOptions(Spec spec, Options options) {
        return spec.options().stream()
                .filter(option -> !option.defaultValue().equals(options.values().get(option.name())))
                .map(option -> " " + option.name() + "=" + options.values().get(option.name()))
                .collect(Collectors.joining());
    }

    private static String spaces(List<Space> spaces) {
        return spaces.stream().map(SpaceWords::of).distinct().collect(Collectors.joining(" and "));
    }

    /// What whoever acts next may know, or a spectator where no single agent acts.
    private void draw() {
        String text = vector.text(0, batch.turn(0) >= 0 ? batch.turn(0) : Renders.SPECTATOR);
        if (text != null) {
            text.lines().forEach(line -> lines.add(("  " + line).stripTrailing()));
        }
    }

    private void seen(String behind) {
        agents(flags(agent -> acts(vector, agent)))
                .forEach(agent -> lines.add(
                        (alone ? "" : name(agent) + " ") + "observation " + observation(agent) + mask(agent) + behind));
    }

    private String observation(int agent) {
        List<Leaf> leaves = signature.observationLeaves();
        return IntStream.range(0, leaves.size())
                .mapToObj(leaf -> {
                    Leaf shape = leaves.get(leaf);
                    String values = IntStream.range(0, Math.min(SHOWN_ELEMENTS, shape.size()))
                            .mapToObj(k -> number(shape.dtype(), batch.observation(0, agent, leaf, k)))
                            .collect(Collectors.joining(" "));
                    String rest = shape.size() > SHOWN_ELEMENTS ? " … of " + shape.size() : "";
                    return shape.name().isEmpty() ? values + rest : shape.name() + "=[" + values + rest + "]";
                })
                .collect(Collectors.joining(" "));
    }

    private String mask(int agent) {
        int own = Math.min(batch.maskSize(), signature.actionSpaces().get(agent).maskSize());
        return own == 0
                ? ""
                : IntStream.range(0, own)
                        .mapToObj(k -> batch.allowed(0, agent, k) ? "1" : "0")
                        .collect(Collectors.joining("", GAP + "mask ", ""));
    }

    /// The action played: its name where it has one, and all its elements in parentheses.
    private String action(int agent) {
        var elements = new ArrayList<String>();
        List<Leaf> leaves = signature.actionLeaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            for (int k = 0; k < leaves.get(leaf).size(); k++) {
                elements.add(number(leaves.get(leaf).dtype(), batch.action(0, agent, leaf, k)));
            }
        }
        String numbers = "(" + String.join(" ", elements) + ")";
        return spec.actionNames().isEmpty() || !(signature.actionSpaces().get(agent) instanceof Discrete discrete)
                ? numbers
                : spec.actionNames().get((int) batch.action(0, agent, 0, 0) - discrete.start()) + " " + numbers;
    }

    private static String number(DType dtype, double value) {
        return dtype == DType.FLOAT32 && value != Math.rint(value)
                ? Float.toString((float) value)
                : SpaceWords.number(value);
    }

    private String turn() {
        return batch.turn(0) >= 0 ? name(batch.turn(0)) : vector.over(0) ? "over" : "all";
    }

    private String name(int agent) {
        return signature.agents().get(agent);
    }

    private boolean[] flags(IntPredicate holds) {
        boolean[] flags = new boolean[batch.agents()];
        for (int agent = 0; agent < flags.length; agent++) {
            flags[agent] = holds.test(agent);
        }
        return flags;
    }

    private static IntStream agents(boolean[] flags) {
        return IntStream.range(0, flags.length).filter(agent -> flags[agent]);
    }

    private static String words(boolean[] flags) {
        return IntStream.range(0, flags.length)
                .mapToObj(agent -> flags[agent] ? "yes" : "no")
                .collect(Collectors.joining(" "));
    }
}
