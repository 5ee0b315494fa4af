package io.hypertoken.embed;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.describe.Description;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Option;
import io.hypertoken.env.Options;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.simd.VectorApi;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The engine as its host process first meets it: opens and closes vectors, and tells what there is.
///
/// ```text
/// table, four i64:  magic "HYPERTKN" | version | address of the control block | address of int call(void)
/// ```
public final class Host extends Endpoint {
    /// "HYPERTKN", read as a little-endian number.
    static final long MAGIC = 0x4E4B545245505948L;
    /// Rises when the table, a [ControlBlock] or an operation changes.
    static final long VERSION = 2;

    static final int DESCRIBE = 1;
    static final int OPEN = 2;
    static final int CLOSE = 3;
    static final int CATALOGUE = 4;
    static final int ABOUT = 5;

    private static final String MEMORY = "memory";
    private static final int MOST_KNOWN = 256;

    /// What an open's request asks for, but for the memory.
    private record Asked(Spec spec, Options options, Settings settings) {}

    private final Map<Long, VectorEndpoint> vectors = new ConcurrentHashMap<>();
    private final Map<String, Asked> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Asked> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    Host(ControlBlock control) {
        super(control);
    }

    /// Makes the table of functions, which stays for the process's life.
    ///
    /// @return its address
    public static long boot() {
        Arena forever = Arena.global();
        var control = new ControlBlock(forever.allocate(ControlBlock.BYTES, 64).address());
        long table = forever.allocate(32, 8).address();
        HostMemory.putLong(table, MAGIC);
        HostMemory.putLong(table + 8, VERSION);
        HostMemory.putLong(table + 16, control.address());
        HostMemory.putLong(table + 24, new Host(control).function(forever));
        return table;
    }

    @Override
    int plain() {
        return 0;
    }

    @Override
    int perform(int operation) {
        switch (operation) {
            case DESCRIBE -> describe(control.request());
            case OPEN -> open(control.text());
            case CLOSE -> {
                long memory = control.request().number(MEMORY);
                VectorEndpoint vector = vectors.get(memory);
                boolean done = vector == null || vector.close();
                if (done) {
                    vectors.remove(memory);
                }
                control.result(done ? 1 : 0);
            }
            case CATALOGUE -> reply.json(CatalogueFile.summaries());
            case ABOUT -> reply.json(about());
            default -> throw new IllegalStateException("the host has no operation " + operation + "; report this");
        }
        return 0;
    }

    private void describe(Request request) {
        Spec spec = spec(request);
        reply.json(guarded(spec, () -> description(spec, spec.options(request.options()), settings(request))));
    }

    /// What the bridge's `env_info` tells of the environment, and where its batch lies.
    private static Map<String, @Nullable Object> description(Spec spec, Options opened, Settings settings) {
        Signature signature = spec.signature(opened);
        Map<String, @Nullable Object> description =
                Description.properties(spec, opened, signature, settings.stepLimitOf(spec));
        var layout = BatchLayout.of(spec, signature, settings.rows(), settings.autoreset());
        description.put("layout", BatchMemory.of(layout));
        return description;
    }

    /// @param text a request that ends in the field memory
    private void open(String text) {
        int rest = text.lastIndexOf(MEMORY + Request.SEPARATOR);
        Asked asked = asked(text.substring(0, rest));
        long memory = Request.parse(text.substring(rest)).number(MEMORY);
        VectorEnvironment vector = guarded(
                asked.spec,
                () -> VectorEnvironment.over(asked.spec, asked.options, asked.settings, memory + ControlBlock.BYTES));
        var endpoint = new VectorEndpoint(new ControlBlock(memory), vector);
        vectors.put(memory, endpoint);
        control.result(endpoint.function());
    }

    /// The same request asks for the same, unless a jar of the user's may have changed or the rules run elsewhere.
    private Asked asked(String text) {
        Asked before = known.get(text);
        if (before != null) {
            return before;
        }
        Request request = Request.parse(text);
        Spec spec = spec(request);
        var asked = new Asked(spec, spec.options(request.options()), settings(request));
        if (request.text("jars").isEmpty() && request.text("env").indexOf(':') < 0) {
            known.put(text, asked);
        }
        return asked;
    }

    private static Spec spec(Request request) {
        return Jars.find(request.text("env"), request.text("class"), request.text("jars"));
    }

    private static Settings settings(Request request) {
        return Settings.DEFAULT
                .rows(count(request, "num_envs"))
                .autoreset(word(Autoreset.class, "autoreset", request))
                .illegal(word(IllegalActions.class, "illegal", request))
                .threads(count(request, "threads"))
                .observesAll(request.number("observes_all") != 0)
                .stepLimit(limit(request));
    }

    /// A host that says nothing of it means the environment's own.
    private static int limit(Request request) {
        return request.has("max_episode_steps") ? count(request, "max_episode_steps") : Settings.OWN_LIMIT;
    }

    /// A count, as far as an int holds it: what lies beyond is refused by the memory it would take.
    private static int count(Request request, String name) {
        return (int) Math.clamp(request.number(name), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static <E extends Enum<E>> E word(Class<E> type, String name, Request request) {
        String given = request.text(name);
        for (E word : type.getEnumConstants()) {
            if (word.name().toLowerCase(Locale.ROOT).equals(given)) {
                return word;
            }
        }
        String known = Arrays.stream(type.getEnumConstants())
                .map(word -> word.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        throw new HyperTokenException(
                BAD_FIELD, "refused " + name + "=" + given, "it is none of " + known, "pass one of these");
    }

    /// Runs what calls the environment's own declaration and constructor, which may throw anything.
    private static <T> T guarded(Spec spec, Supplier<T> work) {
        try {
            return work.get();
        } catch (HyperTokenException refused) {
            throw refused;
        } catch (RuntimeException | Error thrown) {
            throw new HyperTokenException(
                    ENVIRONMENT_FAILED,
                    spec.id() + " cannot be opened (" + Shown.failure(thrown) + ")",
                    "its own code threw",
                    "mend the environment, or its options",
                    thrown);
        }
    }

    private static Map<String, Object> about() {
        return Map.of(
                "java",
                Runtime.version().toString(),
                "vm",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                "vector_api",
                VectorApi.load(),
                "processors",
                Runtime.getRuntime().availableProcessors(),
                "max_memory",
                Runtime.getRuntime().maxMemory(),
                "reserved_options",
                Option.RESERVED);
    }
}
