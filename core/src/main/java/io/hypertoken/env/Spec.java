package io.hypertoken.env;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything an environment declares about itself, once; immutable and safe for any thread.
///
/// Command line, URLs, `make()`, docs, errors and the wire all read it from here. Made by [#of(String, int)].
public final class Spec {
    /// The policy that every environment can be played by: [io.hypertoken.record.ScriptedActions].
    public static final String RANDOM = "random";

    private static final int SHOWN = 60; // characters of a name or a value that was given, in an error

    private final SpecBuilder declared;
    private final Function<Options, ? extends Environment> constructor;
    private final Faces faces;
    private final @Nullable BiFunction<Options, Integer, Twin> twin;
    private final @Nullable BiFunction<Options, Integer, RemoteRows> remote;

    /// @param declared copied, so that nothing changes any more
    Spec(SpecBuilder declared, Function<Options, ? extends Environment> constructor, Faces faces) {
        this(declared.copy(), constructor, faces, declared.twin, declared.remote);
    }

    private Spec(
            SpecBuilder declared,
            Function<Options, ? extends Environment> constructor,
            Faces faces,
            @Nullable BiFunction<Options, Integer, Twin> twin,
            @Nullable BiFunction<Options, Integer, RemoteRows> remote) {
        this.declared = declared;
        this.constructor = constructor;
        this.faces = faces;
        this.twin = twin;
        this.remote = remote;
    }

    /// Begins the declaration of an environment.
    ///
    /// @param id unique ignoring case and version: a lower-case word of our own (`connect-four`), or the id of the
    ///     environment that this one reproduces (`CartPole-v1`)
    /// @param version rises when a trajectory, space, reward or option changes meaning, never for speed
    public static SpecBuilder of(String id, int version) {
        return new SpecBuilder(id, version);
    }

    /// The id, as declared.
    public String id() {
        return declared.id;
    }

    /// The version of the rules, from 1.
    public int version() {
        return declared.version;
    }

    /// The rules in a few sentences, with their source; may be empty.
    public String rules() {
        return declared.rules;
    }

    /// Other names that find this environment.
    public List<String> aliases() {
        return declared.aliases;
    }

    /// The declared options, in order.
    public Collection<Option> options() {
        return Collections.unmodifiableCollection(declared.options.values());
    }

    /// The names of the construction options that say how the rules are run; a server takes them from nobody else.
    public List<String> hostOptions() {
        return declared.hostOptions;
    }

    /// Whether agents act one at a time or all at once.
    public TurnOrder turnOrder() {
        return declared.turnOrder;
    }

    /// What a masked-out action means.
    public MaskMeaning maskMeaning() {
        return declared.maskMeaning;
    }

    /// The names of a Discrete action space's actions, in order; empty where they have none.
    public List<String> actionNames() {
        return declared.actionNames;
    }

    /// What is played in place of an illegal action: a mask index for each dimension; empty for the first allowed ones.
    public List<Integer> fallback() {
        return declared.fallback;
    }

    /// After how many steps the engine truncates an episode; 0 for never.
    public int stepLimit() {
        return declared.stepLimit;
    }

    /// The mean return from which on the environment counts as solved; empty where nobody has said.
    public OptionalDouble rewardThreshold() {
        return declared.rewardThreshold;
    }

    /// What each element of the observation means, in order; empty where nothing is said.
    public List<String> legend() {
        return declared.legend;
    }

    /// The names of the metrics that [Step#metric(int, double)] may add to.
    public List<String> metrics() {
        return declared.metrics;
    }

    /// The numbers that every reset and step tells in info, each in a column of its own.
    public List<InfoNumber> infoNumbers() {
        return declared.infoNumbers;
    }

    /// The handle of a metric, for [Step#metric(int, double)]: its place among [#metrics()].
    ///
    /// @throws IllegalArgumentException if none of that name is declared
    public int metric(String name) {
        return handle(name, metrics(), "metrics");
    }

    /// The handle of an info number, for [Step#info(int, double)]: its place among [#infoNumbers()].
    ///
    /// @throws IllegalArgumentException if none of that name is declared
    public int infoNumber(String name) {
        return handle(name, infoNumbers().stream().map(InfoNumber::name).toList(), "infoNumber");
    }

    private int handle(String name, List<String> declared, String method) {
        int handle = declared.indexOf(name);
        if (handle < 0) {
            throw new IllegalArgumentException(
                    this + " has no " + name + "; it declares " + declared + "; add it by ." + method + "(…)");
        }
        return handle;
    }

    /// What numbers rewards are.
    public RewardKind rewardKind() {
        return declared.rewardKind;
    }

    /// Whether a step or a reset may wait for something outside this process, so that whoever serves others on the same
    /// thread must not make it there.
    public boolean blocking() {
        return declared.blocking;
    }

    /// Whether the state of what it creates can be saved and brought back, as a [Snapshot].
    public boolean savable() {
        return faces.savable();
    }

    /// Whether what it creates can be drawn as text, as [Renders] does.
    public boolean drawsText() {
        return faces.drawsText();
    }

    /// Whether what it creates can also be drawn as a picture.
    public boolean drawsFrames() {
        return faces.drawsFrames();
    }

    /// What changed with each version, newest first; each line begins with its version.
    public List<String> history() {
        return declared.history;
    }

    /// The names of the ways to play that are declared, and [#RANDOM], which needs no declaration.
    public List<String> policies() {
        return Stream.concat(declared.policies.keySet().stream(), Stream.of(RANDOM))
                .toList();
    }

    /// A new policy of a declared name, or of one that a [PolicyResolver] finds by its prefix, such as `policy:DIR`.
    ///
    /// @throws HyperTokenException `bad_field` if none of that name is declared, or what is found cannot play here
    public Policy policy(String name, Options opened) {
        Function<Options, Policy> maker = declared.policies.get(name);
        int colon = maker == null ? name.indexOf(':') : -1;
        if (colon > 0) {
            for (PolicyResolver resolver : ServiceLoader.load(PolicyResolver.class, Spec.class.getClassLoader())) {
                if (resolver.prefix().equals(name.substring(0, colon))) {
                    return resolver.resolve(this, opened, name.substring(colon + 1));
                }
            }
        }
        if (maker == null) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    id() + " refused policy " + Shown.shortened(name, SHOWN),
                    "nobody has declared it",
                    DidYouMean.hint(name, policies()));
        }
        return maker.apply(opened);
    }

    /// The construction options: those given, and the declared default of every other option.
    ///
    /// @param given option names to numbers, booleans or strings (text is read as the option's type)
    /// @throws HyperTokenException `bad_option` for an undeclared name, an episode option, or a value out of range
    public Options options(Map<String, ?> given) {
        return merge(Map.of(), given, false);
    }

    /// The options of one episode: `opened` with the episode options in `given` replaced.
    ///
    /// @param opened the construction options
    /// @param given episode option names to numbers, booleans or strings
    /// @throws HyperTokenException `bad_option` for an undeclared name, a construction option, or a value out of range
    public Options episodeOptions(Options opened, Map<String, ?> given) {
        return given.isEmpty() ? opened : merge(opened.values(), given, true);
    }

    /// The agents and spaces for these options.
    public Signature signature(Options opened) {
        List<String> names = declared.agents.apply(opened);
        return new Signature(
                names,
                IntStream.range(0, names.size())
                        .mapToObj(agent -> declared.observationSpace.apply(opened, agent))
                        .toList(),
                IntStream.range(0, names.size())
                        .mapToObj(agent -> declared.actionSpace.apply(opened, agent))
                        .toList());
    }

    /// A new copy of the environment, not yet reset.
    ///
    /// @throws IllegalArgumentException if its class can be saved or drawn and the declaration does not know
    public Environment create(Options opened) {
        Environment created = constructor.apply(opened);
        if (!faces.knowAllOf(created)) {
            throw new IllegalArgumentException(declared.refusal(
                    "it does not know that " + created.getClass().getSimpleName() + " is saved or drawn, for creates() "
                            + "was given what returns " + faces + "; let that return the class itself"));
        }
        return created;
    }

    /// Whether the rules run elsewhere, so that [#createRemote(Options, int)] makes their rows.
    public boolean isRemote() {
        return remote != null;
    }

    /// A new group of `rows` rows whose rules run elsewhere; null where they run here. Close it.
    public @Nullable RemoteRows createRemote(Options opened, int rows) {
        return remote == null ? null : remote.apply(opened, rows);
    }

    /// A new twin of `rows` rows; null where the environment has none.
    public @Nullable Twin createTwin(Options opened, int rows) {
        return twin == null ? null : twin.apply(opened, rows);
    }

    /// The same declaration, its environments each wrapped in another and without a twin: to watch them, or to break
    /// them in a test.
    ///
    /// @param type passed by nobody, as in [SpecBuilder#creates]
    @SafeVarargs
    public final <E extends Environment> Spec wrapping(Function<Environment, E> wrapper, E... type) {
        return new Spec(declared, opened -> wrapper.apply(constructor.apply(opened)), Faces.shownBy(type), null, null);
    }

    /// The same declaration, its rules run elsewhere by groups of rows.
    public Spec remote(BiFunction<Options, Integer, RemoteRows> group) {
        return declared.copy().createsRemote(group);
    }

    private Options merge(Map<String, Object> base, Map<String, ?> given, boolean episode) {
        given.keySet().forEach(name -> requireDeclared(name, episode));
        var values = new LinkedHashMap<String, Object>();
        for (Option option : options()) {
            Object chosen = given.get(option.name());
            values.put(
                    option.name(),
                    chosen == null ? base.getOrDefault(option.name(), option.defaultValue()) : read(option, chosen));
        }
        var merged = new Options(values);
        declared.optionRules.forEach((rule, holds) -> {
            if (!holds.test(merged)) {
                throw new HyperTokenException(
                        BAD_OPTION,
                        id() + " refused options " + Shown.value(given),
                        rule,
                        "change one of them, or leave them out");
            }
        });
        return merged;
    }

    private void requireDeclared(String given, boolean episode) {
        String name = Shown.shortened(given, SHOWN);
        List<String> known = options().stream()
                .filter(option -> option.episode() == episode)
                .map(Option::name)
                .toList();
        if (known.contains(given)) {
            return;
        }
        String when = episode ? "reset" : "open";
        if (declared.options.containsKey(given)) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    id() + " refused option " + name + " at " + when,
                    episode ? "it shapes the environment and is fixed when it is opened" : "it holds for one episode",
                    episode ? "pass it to open" : "pass it to reset");
        }
        throw new HyperTokenException(
                BAD_OPTION,
                id() + " refused option " + name,
                known.isEmpty() ? "it takes no options at " + when : "it is not among the options declared for " + when,
                known.isEmpty() ? "leave it out" : DidYouMean.hint(given, known));
    }

    private Object read(Option option, Object given) {
        Object value = option.type().read(given);
        if (value == null) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    id() + " refused option " + option.name() + "=" + shown(given),
                    option.name() + " must be " + option.type().rule(),
                    "pass " + option.name() + "=" + option.defaultValue() + ", or leave it out for the default "
                            + option.defaultValue());
        }
        return value;
    }

    /// As [Shown#value(Object)], texts without quotes.
    private static String shown(Object given) {
        return given instanceof String text ? Shown.shortened(text, SHOWN) : Shown.value(given);
    }

    @Override
    public String toString() {
        return id() + " v" + version();
    }
}
