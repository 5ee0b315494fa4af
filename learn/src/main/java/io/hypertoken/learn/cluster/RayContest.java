package io.hypertoken.learn.cluster;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.learn.match.Contest;
import io.hypertoken.learn.policy.Evaluation;
import io.hypertoken.learn.store.JsonFile;
import io.hypertoken.python.PrintedLines;
import io.hypertoken.python.PythonProgram;
import io.hypertoken.python.PythonRefusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Contestants who play in actors of Ray: one run of `hypertoken.cluster.matches` in a Python that has
/// `hypertoken[ray]`.
///
/// It ends when this is closed, and when this process ends, however that does: its standard input ends then. Of one
/// thread at a time; one that is interrupted stops waiting. Every failure ends the contest.
public final class RayContest implements Contest {
    /// The system property of how many seconds it may be silent.
    static final String LONGEST = "hypertoken.ray.seconds";

    /// Longer than what its own waiting for an actor takes.
    private static final long LONGEST_SECONDS = Duration.ofMinutes(15).toSeconds();
    /// Longer than what it gives its own end.
    private static final long LONGEST_END_SECONDS = 15;
    private static final String END = "";
    private static final String BOOT = """
            import json, sys
            try:
                from hypertoken.cluster.matches import main
            except ImportError as missing:
                print(json.dumps({"missing": str(missing), "python": sys.executable}))
                sys.exit(1)
            sys.exit(main())
            """;

    private final List<String> names;
    private final List<String> policies;
    private final int agents;
    private final Process process;
    private final OutputStream input;
    private final PrintedLines printed;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final long seconds = Long.getLong(LONGEST, LONGEST_SECONDS);

    private RayContest(String python, List<String> names, List<String> policies, int agents, Consumer<String> told) {
        this.names = List.copyOf(names);
        this.policies = List.copyOf(policies);
        this.agents = agents;
        var builder = new ProcessBuilder(python, "-c", BOOT);
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new HyperTokenException(
                    UNAVAILABLE,
                    "could not play on Ray",
                    "there is no Python " + python,
                    "install Python 3.11 or newer and run: pip install \"hypertoken[ray]\"; or name one by "
                            + PythonProgram.VARIABLE,
                    e);
        }
        input = process.getOutputStream();
        printed = new PrintedLines(process.getErrorStream(), told);
        Thread.ofVirtual().start(this::listen);
    }

    /// Starts the actors, and waits for the first one.
    ///
    /// @param names of the contestants
    /// @param policies the path of each one's policy, or `random`
    /// @param agents how many the environment has
    /// @param told hears, line by line and from another thread, what Ray says
    /// @throws HyperTokenException `unavailable` if there is no Python, no Ray or no room; else as the environment
    ///     refuses what was given
    public static RayContest open(
            Pool pool, List<String> names, List<String> policies, int agents, Consumer<String> told) {
        String python = PythonProgram.chosen(System.getenv(), System.getProperty(PythonProgram.PROPERTY))
                .orElseGet(PythonProgram::usual);
        return open(python, pool, names, policies, agents, told);
    }

    /// As the other, by a given Python.
    static RayContest open(
            String python, Pool pool, List<String> names, List<String> policies, int agents, Consumer<String> told) {
        var contest = new RayContest(python, names, policies, agents, told);
        try {
            contest.send(pool.asked());
            Map<String, @Nullable Object> first = contest.next();
            if (!first.containsKey("ready")) {
                throw refusal(first);
            }
            return contest;
        } catch (HyperTokenException e) {
            contest.close();
            throw e;
        }
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public int agents() {
        return agents;
    }

    @Override
    public Evaluation play(List<Integer> seats, int episodes, long seed, Runnable ended) {
        List<Integer> all = seats.size() == 1 ? Collections.nCopies(agents, seats.getFirst()) : seats;
        send(Map.of("seats", all.stream().map(policies::get).toList(), "episodes", episodes, "seed", seed));
        while (true) {
            Map<String, @Nullable Object> told = next();
            if (told.get("ended") instanceof Long more) {
                for (long k = 0; k < more; k++) {
                    ended.run();
                }
            } else if (told.get("returns") instanceof List<?> returns
                    && told.get("lengths") instanceof List<?> lengths) {
                return new Evaluation(
                        returns.stream().map(each -> numbers((List<?>) each)).toArray(double[][]::new),
                        numbers(lengths));
            } else {
                throw refusal(told);
            }
        }
    }

    private static double[] numbers(List<?> values) {
        return values.stream()
                .mapToDouble(each -> ((Number) each).doubleValue())
                .toArray();
    }

    private void send(Map<String, ?> asked) {
        try {
            input.write((JsonFile.line(asked) + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException diedAlready) {
            // what it answered, or printed, tells why
        }
    }

    private void listen() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException gone) {
            // it has ended
        }
        answers.add(END);
    }

    private Map<String, @Nullable Object> next() {
        try {
            String line = answers.poll(seconds, TimeUnit.SECONDS);
            if (line == null) {
                throw failed("Python was silent for " + seconds + " seconds");
            }
            if (line.equals(END)) {
                if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                throw failed(
                        "Python ended with exit code " + process.waitFor() + " and these words:\n" + printed.last());
            }
            return JsonMessage.read(line.getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("it was interrupted");
        }
    }

    private static HyperTokenException refusal(Map<String, @Nullable Object> told) {
        if (told.get("error") instanceof Map<?, ?> error) {
            return PythonRefusal.of(error);
        }
        if (!told.containsKey("missing")) {
            return failed("Python's hypertoken is of another version than this one");
        }
        Object python = told.get("python");
        return new HyperTokenException(
                UNAVAILABLE,
                "could not play on Ray",
                python + " lacks a part of it: " + told.get("missing"),
                "run: " + python + " -m pip install \"hypertoken[ray]\"; or name another Python by "
                        + PythonProgram.VARIABLE);
    }

    private static HyperTokenException failed(String why) {
        return new HyperTokenException(UNAVAILABLE, "could not play on Ray", why, "see `ray status`; run it again");
    }

    /// Ends the actors, and Python; waits for that, also when interrupted, but not long.
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            input.close();
            process.waitFor(Math.min(seconds, LONGEST_END_SECONDS), TimeUnit.SECONDS);
        } catch (IOException gone) {
            // it has ended
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            process.destroyForcibly();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
