package io.hypertoken.guests.python;

import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecResolver;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Finds environments of one of Python's registries. The first question after a name starts a Python; what it said is
/// kept for the process's life, or until a worker says something else.
abstract class PythonResolver implements SpecResolver {
    private static final long LISTING_NANOS = 20_000_000_000L;

    /// Shared by all catalogues of the process: making one starts a Python.
    private static final Map<Asked, PythonSpec> SPECS = new ConcurrentHashMap<>();

    private static final Map<String, List<String>> KNOWN = new ConcurrentHashMap<>();

    private final String kind;

    PythonResolver(String kind) {
        this.kind = kind;
    }

    @Override
    public String prefix() {
        return kind;
    }

    @Override
    public Spec resolve(String name) {
        return find(kind, name);
    }

    static Spec find(String kind, String name) {
        var asked = new Asked(kind, name, Interpreter.named(""), Map.of());
        return SPECS.computeIfAbsent(asked, plain -> new PythonSpec(plain, () -> SPECS.remove(plain)))
                .spec();
    }

    /// The ids of the registry; none where there is no Python, or it lacks the package.
    @Override
    public Collection<String> known() {
        return KNOWN.computeIfAbsent(kind, any -> listed());
    }

    private List<String> listed() {
        var asked = new Asked(kind, "", Interpreter.named(""), Map.of());
        try (WorkerProcess process = PythonSpec.started(asked)) {
            return Hello.texts(
                    new Greeting(process, false, LISTING_NANOS).listing(asked).get("known"));
        } catch (NotStarted not) {
            return List.of();
        }
    }
}
