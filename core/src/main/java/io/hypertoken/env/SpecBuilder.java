package io.hypertoken.env;

import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The declaration of an environment, written as one chain that ends in [#creates(Function, Environment[])].
///
/// Every method returns this builder. A contradiction is an [IllegalArgumentException] where it is written.
public final class SpecBuilder implements Cloneable {
    final String id;
    final int version;
    String rules = "";
    List<String> aliases = List.of();
    Map<String, Option> options = new LinkedHashMap<>();
    Map<String, Predicate<Options>> optionRules = new LinkedHashMap<>();
    Function<Options, List<String>> agents = opened -> List.of("player_0");
    BiFunction<Options, Integer, Space> observationSpace = (opened, agent) -> {
        throw new IllegalArgumentException(missing("observes"));
    };
    BiFunction<Options, Integer, Space> actionSpace = (opened, agent) -> {
        throw new IllegalArgumentException(missing("acts"));
    };
    List<String> actionNames = List.of();
    TurnOrder turnOrder = TurnOrder.SEQUENTIAL;
    MaskMeaning maskMeaning = MaskMeaning.BINDING;
    List<Integer> fallback = List.of();
    int stepLimit;
    OptionalDouble rewardThreshold = OptionalDouble.empty();
    List<String> legend = List.of();
    List<String> metrics = List.of();
    List<InfoNumber> infoNumbers = List.of();
    RewardKind rewardKind = RewardKind.FLOAT;
    boolean blocking;
    Map<String, Function<Options, Policy>> policies = new LinkedHashMap<>();
    List<String> history = List.of();

    @Nullable
    BiFunction<Options, Integer, Twin> twin;

    @Nullable
    BiFunction<Options, Integer, RemoteRows> remote;

    SpecBuilder(String id, int version) {
        require(
                id.matches("[A-Za-z][A-Za-z0-9-]*|[a-z]+:\\S+"),
                "an id is a word of letters, digits and hyphens, or a resolver's prefix and what follows its colon");
        this.id = id;
        this.version = version;
        require(version >= 1, "a version counts from 1");
    }

    /// The rules in a few sentences, with their source; shown by `describe`, `env_info` and the docs.
    public SpecBuilder rules(String text) {
        rules = text.strip();
        return this;
    }

    /// Other names that find this environment.
    public SpecBuilder aliases(String... names) {
        aliases = joined(aliases, List.of(names));
        return this;
    }

    /// A construction option: given when the environment is opened; it may shape the spaces.
    public SpecBuilder option(String name, OptionType type, Object defaultValue) {
        return option(name, type, defaultValue, "");
    }

    /// A construction option, with a sentence about it.
    public SpecBuilder option(String name, OptionType type, Object defaultValue, String about) {
        return declare(name, type, defaultValue, false, about);
    }

    /// An episode option: given with a reset, and holding for that episode only.
    public SpecBuilder episodeOption(String name, OptionType type, Object defaultValue, String about) {
        return declare(name, type, defaultValue, true, about);
    }

    /// A rule that several options must keep together, such as "low must not be above high".
    public SpecBuilder requires(Predicate<Options> holds, String rule) {
        optionRules.put(rule, holds);
        return this;
    }

    /// The agents' names, in index order; one agent called `player_0` when this is left out.
    public SpecBuilder agents(String... names) {
        return agents(opened -> List.of(names));
    }

    /// The agents' names for given construction options.
    public SpecBuilder agents(Function<Options, List<String>> names) {
        agents = names;
        return this;
    }

    /// What every agent sees.
    public SpecBuilder observes(Space space) {
        return observes((opened, agent) -> space);
    }

    /// What every agent sees, for given construction options.
    public SpecBuilder observes(Function<Options, Space> space) {
        return observes((opened, agent) -> space.apply(opened));
    }

    /// What each agent sees; all agents' leaves must be the same.
    public SpecBuilder observes(BiFunction<Options, Integer, Space> space) {
        observationSpace = space;
        return this;
    }

    /// A Discrete action space, one action for each name.
    public SpecBuilder acts(String... names) {
        require(new HashSet<>(List.of(names)).size() == names.length, "action names are unique");
        actionNames = joined(actionNames, List.of(names));
        return acts(new Discrete(names.length, 0));
    }

    /// What every agent may do.
    public SpecBuilder acts(Space space) {
        return acts((opened, agent) -> space);
    }

    /// What every agent may do, for given construction options.
    public SpecBuilder acts(Function<Options, Space> space) {
        return acts((opened, agent) -> space.apply(opened));
    }

    /// What each agent may do; all agents' leaves must be the same.
    public SpecBuilder acts(BiFunction<Options, Integer, Space> space) {
        actionSpace = space;
        return this;
    }

    /// All alive agents act at once; without this they act one at a time.
    public SpecBuilder simultaneous() {
        turnOrder = TurnOrder.SIMULTANEOUS;
        return this;
    }

    /// What the mask means; [MaskMeaning#BINDING] when this is left out.
    public SpecBuilder masks(MaskMeaning meaning) {
        maskMeaning = meaning;
        return this;
    }

    /// The action that is played in place of an illegal one; the first allowed one when this is left out, or where
    /// this one is not allowed either.
    public SpecBuilder fallback(String actionName) {
        int index = actionNames.indexOf(actionName);
        require(index >= 0, "the fallback " + actionName + " is not among the actions " + actionNames);
        fallback = List.of(index);
        return this;
    }

    /// The values that are played in place of forbidden ones, one for each dimension of a MultiDiscrete space; the
    /// first
    /// allowed value of a dimension where its own is not allowed either.
    public SpecBuilder fallback(Integer... choices) {
        fallback = List.of(choices);
        return this;
    }

    /// After how many steps the engine truncates an episode.
    public SpecBuilder stepLimit(int steps) {
        require(steps >= 1, "a step limit is at least 1");
        stepLimit = steps;
        return this;
    }

    /// The mean return from which on the environment counts as solved; Gymnasium's `reward_threshold`.
    public SpecBuilder rewardThreshold(double meanReturn) {
        require(Double.isFinite(meanReturn), "a reward threshold is a finite number");
        rewardThreshold = OptionalDouble.of(meanReturn);
        return this;
    }

    /// What each element of the observation means, in order.
    public SpecBuilder legend(String... meanings) {
        legend = joined(legend, List.of(meanings));
        return this;
    }

    /// The metrics that [Step#metric(int, double)] may add to, by the handle that [Spec#metric(String)] gives.
    public SpecBuilder metrics(String... names) {
        metrics = joined(metrics, List.of(names));
        return this;
    }

    /// A number that every reset and step tells in info; [Step#info(int, double)] writes it, by the handle that
    /// [Spec#infoNumber(String)] gives.
    ///
    /// @param atReset what a reset tells, an Integer or a Double: Python shows an int or a float
    public SpecBuilder infoNumber(String name, Number atReset, String about) {
        require(
                atReset instanceof Integer || atReset instanceof Double,
                "what a reset tells of " + name + " is an Integer or a Double");
        require(
                infoNumbers.stream().noneMatch(number -> number.name().equals(name)),
                "info " + name + " is declared twice");
        infoNumbers = joined(infoNumbers, List.of(new InfoNumber(name, atReset, about)));
        return this;
    }

    /// Rewards are whole numbers, and Python sees them as int where its framework shows them so.
    public SpecBuilder integerRewards() {
        rewardKind = RewardKind.INTEGER;
        return this;
    }

    /// A step or a reset may wait for something outside this process.
    public SpecBuilder blocking() {
        blocking = true;
        return this;
    }

    /// A known way to play, by the name that commands take for it.
    ///
    /// @param maker makes one for given construction options
    public SpecBuilder policy(String name, Function<Options, Policy> maker) {
        require(name.matches("[a-z][a-z0-9-]*"), "policy " + name + " must be lower-case words joined by hyphens");
        require(!name.equals(Spec.RANDOM), "policy random is every environment's own");
        require(policies.put(name, maker) == null, "policy " + name + " is declared twice");
        return this;
    }

    /// What changed with each version, newest first: `"2: …", "1: …"`.
    public SpecBuilder history(String... lines) {
        history = joined(history, List.of(lines));
        return this;
    }

    /// A faster way to play many rows, for given construction options and a number of rows; one agent, no masks.
    public SpecBuilder twin(BiFunction<Options, Integer, Twin> constructor) {
        require(maskMeaning == MaskMeaning.NONE, "a twin has no masks; say .masks(NONE) before it");
        twin = constructor;
        return this;
    }

    /// Ends the declaration with a way to make rows whose rules run elsewhere, for construction options and a number of
    /// rows.
    public Spec createsRemote(BiFunction<Options, Integer, RemoteRows> constructor) {
        return createsRemote(constructor, Environment.class);
    }

    /// Ends the declaration with a way to make rows whose rules run elsewhere, for construction options and a number of
    /// rows.
    ///
    /// @param row the class of its rows, which tells how they are drawn: whether it is a [Renders], and whether with a
    ///     [Renders#frame()] of its own
    public Spec createsRemote(BiFunction<Options, Integer, RemoteRows> constructor, Class<? extends Environment> row) {
        remote = constructor;
        twin = null;
        blocking = true;
        var faces = new Faces(row);
        return creates(opened -> RemoteRow.of(constructor.apply(opened, 1), faces), faces);
    }

    /// Ends the declaration with the environment's constructor, whose class tells whether the environment can be saved
    /// and drawn: let it return that class (`MyGame::new`), not just Environment.
    ///
    /// @param type passed by nobody: javac makes an empty array of the class that `constructor` returns
    @SafeVarargs
    public final <E extends Environment> Spec creates(Function<Options, E> constructor, E... type) {
        return creates(constructor, Faces.shownBy(type));
    }

    private Spec creates(Function<Options, ? extends Environment> constructor, Faces faces) {
        Spec spec = new Spec(this, constructor, faces);
        Signature signature = spec.signature(spec.options(Map.of()));
        require(!signature.agents().isEmpty(), "it needs at least one agent");
        require(Set.copyOf(signature.agents()).size() == signature.agents().size(), "agent names are unique");
        requireFallback(signature.actionSpaces().getFirst());
        return spec;
    }

    /// This declaration as it stands; what is declared later is not in the copy.
    SpecBuilder copy() {
        try {
            var copy = (SpecBuilder) clone(); // lists are replaced, never changed
            copy.options = new LinkedHashMap<>(options);
            copy.optionRules = new LinkedHashMap<>(optionRules);
            copy.policies = new LinkedHashMap<>(policies);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("a SpecBuilder is Cloneable", e);
        }
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private void requireFallback(Space space) {
        List<Integer> counts = switch (space) {
            case Discrete discrete -> List.of(discrete.n());
            case MultiDiscrete multi -> multi.nvec();
            case Box ignored -> List.of();
            case MultiBinary ignored -> List.of();
            case DictSpace ignored -> List.of();
            case TupleSpace ignored -> List.of();
        };
        require(
                fallback.isEmpty() || fallback.size() == counts.size(),
                "the fallback " + fallback + " needs one choice for each of the action's " + counts.size()
                        + " elements");
        for (int k = 0; k < fallback.size(); k++) {
            require(
                    fallback.get(k) >= 0 && fallback.get(k) < counts.get(k),
                    "the fallback's choice " + fallback.get(k) + " is not below " + counts.get(k));
        }
    }

    private SpecBuilder declare(String name, OptionType type, Object defaultValue, boolean episode, String about) {
        require(name.matches("[a-z][a-z0-9_]*"), "option " + name + " must be lower-case words joined by underscores");
        require(!Option.RESERVED.contains(name), "option " + name + " is a reserved word: " + Option.RESERVED);
        require(!options.containsKey(name), "option " + name + " is declared twice");
        Object value = type.read(defaultValue);
        if (value == null) {
            throw new IllegalArgumentException(
                    refusal("the default " + name + "=" + defaultValue + " must itself be " + type.rule()));
        }
        options.put(name, new Option(name, type, value, episode, about));
        return this;
    }

    private String missing(String method) {
        return refusal("it says nothing of what its agents do; add ." + method + "(…)");
    }

    private void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(refusal(rule));
        }
    }

    String refusal(String rule) {
        return "the Spec of " + id + " is not valid; " + rule + "; mend the declaration";
    }
}
