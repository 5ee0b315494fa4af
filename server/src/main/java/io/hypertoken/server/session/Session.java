package io.hypertoken.server.session;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.INTERNAL;
import static io.hypertoken.ErrorCode.SESSION_LOST;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.engine.AecView;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Guest;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.event.EventSink;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An opened vector as an actor: whatever touches it comes through its [Mailbox], and from its owner.
///
/// All methods but [#submit(Owner, Task)], [#id()] and [#opening()] are for a running [Task].
public final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int SHOWN_OF_ID = 6;

    private final String id;
    private final Opening opening;
    private final Sessions home;
    private final long bytes;
    private final VectorEnvironment vector;
    private final Batch batch;
    private final @Nullable AecView turns;
    private final @Nullable TrajectoryDigest digest;
    private final Numbering numbering = new Numbering(this);
    private final RequestCost cost;
    private final Mailbox mailbox;
    private @Nullable Object companion;
    private boolean closed;
    /// The connection that speaks for it; null while it waits for its client.
    private volatile @Nullable Owner owner;

    /// When its lease runs out; read by the sweep, which asks again inside before it ends anything.
    private volatile long leaseEndNanos;

    private volatile boolean parked;

    private Session(
            String id,
            Opening opening,
            Sessions home,
            long bytes,
            VectorEnvironment vector,
            RequestCost cost,
            Executor pool) {
        this.id = id;
        this.opening = opening;
        this.home = home;
        this.bytes = bytes;
        this.vector = vector;
        this.batch = vector.batch();
        this.turns = opening.playsTurns() ? new AecView(vector) : null;
        this.digest = opening.digested() ? new TrajectoryDigest(opening.rows()) : null;
        if (digest != null) {
            TrajectoryRecorder.attach(vector, digest);
        }
        this.cost = cost;
        this.mailbox = new Mailbox(pool);
    }

    /// @param bytes what its columns take, which is reserved already
    /// @param ours whether its environment's code is ours
    static Session open(
            String id, Opening opening, Sessions home, long bytes, boolean ours, Executor pool, Owner owner) {
        EventSink events = home.listener().events(shown(id), opening);
        var vector = VectorEnvironment.open(
                opening.spec(), opening.options(), opening.settings().events(events));
        try {
            var cost = new RequestCost(ours && !opening.spec().blocking(), opening.rows());
            var session = new Session(id, opening, home, bytes, vector, cost, pool);
            session.owner = owner;
            return session;
        } catch (Throwable thrown) {
            vector.close();
            throw thrown;
        }
    }

    public String id() {
        return id;
    }

    public Opening opening() {
        return opening;
    }

    public VectorEnvironment vector() {
        return vector;
    }

    public Batch batch() {
        return batch;
    }

    public List<String> agents() {
        return batch.signature().agents();
    }

    public Numbering numbering() {
        return numbering;
    }

    /// Does what the owner asks, when all before it is done: at once on the caller's thread if it will be short, else
    /// on a thread of its own. Here alone it is decided whose commands a session obeys.
    public void submit(Owner sender, Task task) {
        mailbox.put(() -> obey(sender, task), cost.isShort());
    }

    /// Leaves it waiting for its client, whose connection has ended.
    public void park(Owner sender) {
        mailbox.put(
                () -> {
                    if (!closed && owner == sender) {
                        owner = null;
                        leaseEndNanos = home.leaseEndNanos(opening);
                        parked = true;
                        home.parked(this, sender.address());
                    }
                },
                true);
    }

    /// The row as turns.
    ///
    /// @throws HyperTokenException `bad_field` if the session has several rows, or resets itself
    public AecView turns(String command) {
        if (turns == null) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    command + " refused a session of " + opening.rows() + " rows with autoreset "
                            + opening.autoreset().wireName(),
                    "it speaks about one row that is reset by its client",
                    "step batches in binary frames, or open num_envs=1 with autoreset=disabled");
        }
        return turns;
    }

    /// After a batch was reset or stepped past the turns.
    public void synchronizeTurns() {
        if (turns != null) {
            turns.synchronize();
        }
    }

    /// The digest of the trajectory so far.
    ///
    /// @throws HyperTokenException `bad_field` if the session was opened without one
    public TrajectoryDigest digest() {
        if (digest == null) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "this session keeps no digest",
                    "it was opened without digest",
                    "open it with \"digest\":true");
        }
        return digest;
    }

    /// How many mask flags an agent has; 0 where the environment has no mask.
    public int maskSize(int agent) {
        return opening.spec().maskMeaning() == MaskMeaning.NONE
                ? 0
                : batch.signature().actionSpaces().get(agent).maskSize();
    }

    /// What a protocol keeps with the session, made when it first asks; it outlives the connection.
    public <C> C companion(Class<C> kind, Function<Session, C> maker) {
        if (!kind.isInstance(companion)) {
            companion = maker.apply(this);
        }
        return kind.cast(companion);
    }

    /// Ends it, as its client wants.
    public void close() {
        end(null);
    }

    /// @param why it was ended; null if its client wants it
    private void end(@Nullable String why) {
        if (closed) {
            return;
        }
        closed = true;
        parked = false;
        owner = null;
        try {
            vector.close();
        } catch (Throwable thrown) { // somebody's environment; its place must be free all the same
            LOG.warn("{} could not be closed: {}", this, Shown.trace(thrown));
        }
        home.ended(this, why);
    }

    /// Hands it to a connection; one that still holds it loses it.
    ///
    /// @param taken told whether it is still open
    void take(Task taken) {
        mailbox.put(
                () -> {
                    if (closed) {
                        taken.refuse(home.gone(id));
                        return;
                    }
                    taken.run(this);
                },
                true);
    }

    /// Within [#take(Task)].
    void belongsTo(Owner taker) {
        Owner former = owner;
        owner = taker;
        parked = false;
        home.taken(this);
        if (former != null && former != taker) {
            former.lose();
        }
    }

    /// What others may know of it, on any thread; the requests as far as this thread has heard of them.
    Map<String, @Nullable Object> told() {
        Owner client = owner;
        var told = new LinkedHashMap<String, @Nullable Object>();
        told.put("session", shown(id));
        told.put("environment", opening.spec().id());
        told.put("rows", opening.rows());
        told.put("requests", numbering.at());
        told.put("client", client == null ? null : client.address());
        told.put("waits", parked);
        told.put("bytes", bytes);
        told.put("guests", vector.guests().stream().map(Session::told).toList());
        return told;
    }

    private static Map<String, @Nullable Object> told(Guest guest) {
        var told = new LinkedHashMap<String, @Nullable Object>();
        told.put("runs", guest.runs());
        told.put("rows", guest.rows());
        told.put("losses", guest.losses());
        told.put("last_words", guest.lastWords());
        return told;
    }

    /// Whether it waits for its client and its lease is over.
    boolean isExpired(long nowNanos) {
        return parked && leaseEndNanos - nowNanos <= 0;
    }

    boolean isParked() {
        return parked;
    }

    long bytes() {
        return bytes;
    }

    /// Ends it if `whether` still holds when its turn comes, which for a stuck step is never.
    void endIf(Predicate<Session> whether, String why, Runnable counted) {
        mailbox.put(
                () -> {
                    if (!closed && whether.test(this)) {
                        end(why);
                        counted.run();
                    }
                },
                closesQuickly());
    }

    private boolean closesQuickly() {
        return cost.isOurs() && bytes <= Sessions.SMALL_BYTES;
    }

    private void obey(Owner sender, Task task) {
        if (closed || owner != sender) {
            task.refuse(new HyperTokenException(
                    SESSION_LOST,
                    "this connection has lost its session",
                    "another connection resumed it, or the server is stopping",
                    "resume it with open, or open a new one"));
            return;
        }
        long began = System.nanoTime();
        try {
            task.run(this);
        } catch (Throwable thrown) { // the queue goes on whatever happens
            LOG.error("a request met a defect: {}", Shown.trace(thrown));
            task.refuse(new HyperTokenException(
                    INTERNAL,
                    "the server met a defect (" + Shown.failure(thrown) + ")",
                    "this is not your request's fault",
                    "report it with the server's log"));
        }
        cost.took(System.nanoTime() - began);
    }

    @Override
    public String toString() {
        return opening.spec().id() + " session " + shown(id) + "…";
    }

    /// The whole id is the key to the session: logs and events show its beginning.
    static String shown(String id) {
        return id.substring(0, Math.min(SHOWN_OF_ID, id.length()));
    }
}
