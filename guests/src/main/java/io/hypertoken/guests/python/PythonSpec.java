package io.hypertoken.guests.python;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecBuilder;
import io.hypertoken.guests.python.PythonRows.Drawing;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The declaration of an environment in Python, as a worker that has made and tried it describes it.
///
/* What options do to the spaces only Python knows: whoever asks for other options than the defaults has a worker started
that makes the environment so. What workers have said is kept, until one says something else. */
final class PythonSpec {
    private static final int MOST_KNOWN = 64;
    private static final int FEWEST_ROWS = 16;
    private static final long PROBE_NANOS = 120_000_000_000L;

    private final Asked plain;
    private final Hello hello;
    private final PythonOptions options;
    private final boolean tabled;
    private final Runnable changed;
    private final Spec spec;
    private final Map<Asked, Hello> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Hello> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    /// @param plain the environment as it is without options
    /// @param changed called when a worker says something else than it is known for
    PythonSpec(Asked plain, Runnable changed) {
        this.plain = plain;
        this.changed = changed;
        this.tabled = plain.kind().equals("pz");
        this.hello = probe(plain);
        this.options = new PythonOptions(hello.told().get("options"));
        known.put(plain, hello);
        this.spec = declare();
    }

    Spec spec() {
        return spec;
    }

    private static Hello probe(Asked asked) {
        try (WorkerProcess process = started(asked)) {
            return new Greeting(process, false, PROBE_NANOS).hello(asked, 1, true);
        } catch (NotStarted not) {
            throw not.refusal(asked);
        }
    }

    /// A process that is to describe something.
    static WorkerProcess started(Asked asked) throws NotStarted {
        try {
            return WorkerProcess.start(asked.python(), asked.id());
        } catch (IOException e) {
            throw new NotStarted(asked.python().program() + " cannot be started (" + e.getMessage() + ")");
        }
    }

    private Spec declare() {
        SpecBuilder builder = Spec.of(plain.id(), (int) hello.number("version", 1))
                .rules(String.valueOf(hello.told().getOrDefault("rules", "")))
                .masks(hello.masked() ? (tabled ? MaskMeaning.BINDING : MaskMeaning.ADVISORY) : MaskMeaning.NONE);
        options.declare(builder);
        builder.agents(opened -> of(opened).signature().agents())
                .observes((opened, agent) ->
                        of(opened).signature().observationSpaces().get(agent))
                .acts((opened, agent) -> of(opened).signature().actionSpaces().get(agent));
        if (hello.simultaneous()) {
            builder.simultaneous();
        }
        int limit = (int) hello.number("step_limit", 0);
        if (limit > 0) {
            builder.stepLimit(limit);
        }
        double threshold = hello.number("reward_threshold", Double.NaN);
        if (Double.isFinite(threshold)) {
            builder.rewardThreshold(threshold);
        }
        hello.numbers().forEach((name, whole) -> builder.infoNumber(name, whole ? (Number) 0 : (Number) 0.0, ""));
        return builder.createsRemote(this::open, PythonRow.type(drawing()));
    }

    private Drawing drawing() {
        List<String> modes = Hello.texts(hello.told().get("renders"));
        return modes.contains("rgb_array") ? Drawing.PICTURE : modes.isEmpty() ? Drawing.NONE : Drawing.TEXT;
    }

    private Asked asked(Options opened) {
        return new Asked(
                plain.kind(),
                plain.name(),
                Interpreter.named(opened.text(PythonOptions.PYTHON)),
                options.kwargs(opened));
    }

    /// What the environment is with these options.
    private Hello of(Options opened) {
        Asked asked = asked(opened);
        synchronized (known) {
            Hello found = known.get(asked);
            if (found == null) {
                found = probe(asked);
                known.put(asked, found);
            }
            return found;
        }
    }

    private RemoteRows open(Options opened, int rows) {
        Asked asked = asked(opened);
        Hello described = of(opened);
        int maskSize = hello.masked() ? described.signature().maskSize() : 0;
        var common = new PythonWorker.Common(described.signature(), maskSize, hello.numbers());
        boolean drawsText = Hello.texts(hello.told().get("renders")).contains("ansi");
        var face = new PythonRows.Face(common, hello.simultaneous(), tabled, drawing(), drawsText);
        try {
            return new PythonRows(
                    asked, face, Deadlines.of(opened), opened.flag(PythonOptions.SPIN), rows, processes(opened, rows));
        } catch (NotStarted not) {
            changed.run();
            HyperTokenException refusal = not.refusal(asked);
            throw refusal;
        }
    }

    /// As many processes as were asked for; otherwise enough that no batch is short beside the message that asks for
    /// it,
    /// and no more than there are processors.
    private static int processes(Options opened, int rows) {
        int workers = opened.integer(PythonOptions.WORKERS);
        int each = opened.integer(PythonOptions.ROWS_PER_WORKER);
        if (workers > 0) {
            return Math.min(workers, rows);
        }
        return each > 0
                ? Math.ceilDiv(rows, each)
                : Math.min(Math.ceilDiv(rows, FEWEST_ROWS), Runtime.getRuntime().availableProcessors());
    }
}
