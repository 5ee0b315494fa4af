package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.DidYouMean;
import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.events.Intake.Accepted;
import io.hypertoken.server.events.LogReader.Found;
import io.hypertoken.server.events.Position.Start;
import io.hypertoken.server.events.Submission.BadEvent;
import io.hypertoken.server.events.store.LoggedEvent;
import io.hypertoken.server.http.Request;
import io.hypertoken.server.http.Response;
import io.hypertoken.server.http.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The hub by plain HTTP: publishing, the log, what is newest, and Server-Sent Events.
final class HubRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HubRoutes.class);
    private static final String JSON = "application/json; charset=utf-8";
    private static final int LONGEST_BODY = 8 << 20;
    private static final int NO_BODY = 8192;
    /// A body up to here is read where it arrives; a longer one elsewhere, so that nobody waits for it.
    private static final int SHORT_BODY = 16 << 10;

    private static final int USUAL_EVENTS = 100;
    private static final int MOST_EVENTS = 10_000;
    private static final int MOST_BYTES = 8 << 20;

    private final Hub hub;
    private final ScheduledExecutorService timer;
    private final LongSupplier number;

    /// @param number of the next client
    HubRoutes(Hub hub, ScheduledExecutorService timer, LongSupplier number) {
        this.hub = hub;
        this.timer = timer;
        this.number = number;
    }

    List<Route> all() {
        return List.of(
                new Route("POST", "/submit_event", LONGEST_BODY, guarded(this::submit)),
                new Route("GET", "/events", NO_BODY, guarded(this::events)),
                new Route("GET", "/state", NO_BODY, guarded(this::state)),
                new Route("GET", "/stream", NO_BODY, guarded(this::stream)));
    }

    /// What a handler refuses becomes an answer.
    private static Route.Handler guarded(Route.Handler handler) {
        return (request, response) -> {
            try {
                handler.handle(request, response);
            } catch (HyperTokenException refused) {
                refuse(response, refused);
            }
        };
    }

    private void submit(Request request, Response response) {
        if (request.body().length <= SHORT_BODY) {
            take(request, response);
        } else {
            hub.reader().execute(() -> take(request, response));
        }
    }

    private void take(Request request, Response response) {
        Submission submission;
        try {
            submission = Submission.posted(request.body(), hub.schemas(), "http");
        } catch (HyperTokenException refused) {
            hub.metrics().refused();
            refuse(response, refused);
            return;
        } catch (BadEvent refused) {
            hub.metrics().refused();
            response.send(status(refused.why.code()), JSON, Messages.json(refused.told()));
            return;
        }
        hub.thread()
                .execute(() -> hub.intake().take(submission.events(), new Intake.Outcome() {
                    @Override
                    public void accepted(Accepted what) {
                        Map<String, @Nullable Object> fields = Submission.success(what);
                        fields.put("epoch", hub.epoch());
                        response.send(200, JSON, Messages.json(fields));
                    }

                    @Override
                    public void refused(HyperTokenException why) {
                        refuse(response, why);
                    }
                }));
    }

    private void events(Request request, Response response) {
        Filter filter = filter(request);
        String limit = request.parameter("limit");
        int count = limit == null ? USUAL_EVENTS : (int) Position.number("limit", limit, MOST_EVENTS);
        Position position = Position.of(request.parameter("since"), null);
        long newest = hub.seq();
        String before = request.parameter("before");
        if (before != null && position.looksBack()) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused both since and before",
                    "one asks for what comes behind a place, the other for what leads up to one",
                    "leave one of them out");
        }
        long end = before == null ? newest : Math.min(newest, Position.number("before", before, Position.LARGEST) - 1);
        Start start = position.in(hub.store(), end);
        hub.reader().execute(() -> {
            try {
                Found found = new Found(List.of(), end + 1);
                if (!position.looksBack()) {
                    found = hub.reader().latest(end, filter, count, MOST_BYTES);
                } else if (start.recovered()) {
                    found = hub.reader().forward(start.next(), filter, count, MOST_BYTES);
                }
                answer(response, position, start, found, newest);
            } catch (HyperTokenException unavailable) {
                refuse(response, unavailable);
            }
        });
    }

    private void answer(Response response, Position position, Start start, Found found, long newest) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("epoch", hub.epoch());
        fields.put("first_seq", hub.store().firstSeq());
        fields.put("seq", newest);
        if (position.looksBack()) {
            fields.put("recovered", start.recovered());
        }
        fields.put("next_since", found.next() - 1);
        fields.put("events", framed(found.events()));
        response.send(200, JSON, Messages.json(fields));
    }

    private void state(Request request, Response response) {
        Filter filter = filter(request);
        hub.thread().execute(() -> {
            Hub.State state = hub.state();
            hub.reader().execute(() -> {
                var fields = new LinkedHashMap<String, @Nullable Object>();
                fields.put("epoch", hub.epoch());
                fields.put("seq", state.seq());
                fields.put("complete", state.whole());
                fields.put(
                        "events",
                        framed(state.events().stream()
                                .filter(event -> filter.matches(event.key()))
                                .toList()));
                response.send(200, JSON, Messages.json(fields));
            });
        });
    }

    private void stream(Request request, Response response) {
        Filter filter = filter(request);
        SlowPolicy policy = policy(request.parameter("slow"));
        String resumed = request.header().apply("last-event-id");
        String since = resumed == null || resumed.isEmpty() ? request.parameter("since") : resumed;
        Position position = Position.of(since, since == null ? request.parameter("last") : null);
        response.stream(
                "text/event-stream; charset=utf-8",
                stream -> hub.thread()
                        .execute(() -> hub.start(
                                position,
                                filter,
                                start -> EventStream.begin(
                                        hub, stream, number.getAsLong(), filter, policy, position, start, timer))));
    }

    private static SlowPolicy policy(@Nullable String name) {
        if (name == null) {
            return SlowPolicy.DROP;
        }
        List<String> words = Arrays.stream(SlowPolicy.values())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        int index = words.indexOf(name);
        if (index < 0) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused slow=" + Shown.value(name),
                    "it says what becomes of a client that reads slowly",
                    DidYouMean.hint(Shown.shortened(name, 64), words));
        }
        return SlowPolicy.values()[index];
    }

    private static Filter filter(Request request) {
        return Filter.of(names(request, "type"), names(request, "agent"), names(request, "item"));
    }

    /// All values of a parameter that may come several times.
    private static List<String> names(Request request, String name) {
        List<String> values = request.query().getOrDefault(name, List.of());
        if (values.size() > Filter.MOST) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused " + values.size() + " times " + name,
                    "there are at most " + Filter.MOST,
                    "ask for fewer, or for all");
        }
        return values.stream().filter(value -> !value.isEmpty()).toList();
    }

    private List<Object> framed(List<LoggedEvent> events) {
        List<Object> framed = new ArrayList<>(events.size());
        events.forEach(event -> framed.add(new Frame(event, hub.epoch())));
        return framed;
    }

    private static void refuse(Response response, HyperTokenException why) {
        LOG.debug("{}", why.getMessage());
        response.send(status(why.code()), JSON, Messages.json(Messages.refusal(why)));
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case TOO_LARGE -> 413;
            case RATE_LIMITED -> 429;
            case UNAVAILABLE -> 503;
            case INTERNAL -> 500;
            default -> 400;
        };
    }
}
