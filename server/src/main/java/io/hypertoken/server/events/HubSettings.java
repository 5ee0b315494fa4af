package io.hypertoken.server.events;

import io.hypertoken.server.events.alert.AlertSettings;
import io.hypertoken.server.web.Dashboard;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a hub behaves; immutable: each setter returns a changed copy.
public final class HubSettings implements Cloneable {
    /// What a hub does unless it is told otherwise.
    public static final HubSettings DEFAULT = new HubSettings();

    private String version = "development";
    private boolean keepsLog;
    private int ringEvents = 1 << 15;
    private int recentEvents = 1 << 16;
    private long recentBytes = 16 << 20;
    private int queueEvents = 1 << 15;
    private long silenceMillis = 1_000;
    private long quietMillis = 250;
    private long answerMillis = 5_000;
    private long streamBeatMillis = 15_000;
    private int repeatWindow = 100_000;
    private AlertSettings alerts = AlertSettings.none();
    private @Nullable Dashboard dashboard;

    private HubSettings() {}

    String version() {
        return version;
    }

    /// With the server's version, as the greeting tells it.
    public HubSettings version(String told) {
        return with(copy -> copy.version = told);
    }

    boolean keepsLog() {
        return keepsLog;
    }

    /// With or without a log that outlives the process: with one, what environments tell is taken in even while no
    /// client listens.
    public HubSettings keepsLog(boolean kept) {
        return with(copy -> copy.keepsLog = kept);
    }

    int ringEvents() {
        return ringEvents;
    }

    /// With room for another number of events that this process' producers have left and the hub has not taken.
    public HubSettings ringEvents(int count) {
        return with(copy -> copy.ringEvents = count);
    }

    int recentEvents() {
        return recentEvents;
    }

    long recentBytes() {
        return recentBytes;
    }

    /// With another number of the newest events in memory, a power of two, which take at most so many bytes.
    public HubSettings recent(int events, long bytes) {
        return with(copy -> {
            copy.recentEvents = events;
            copy.recentBytes = bytes;
        });
    }

    int queueEvents() {
        return queueEvents;
    }

    /// With another number of events that may wait for a client which asks for no other.
    public HubSettings queueEvents(int count) {
        return with(copy -> copy.queueEvents = count);
    }

    long silenceMillis() {
        return silenceMillis;
    }

    /// With another time after which a client that has said nothing is sent everything.
    public HubSettings silenceMillis(long millis) {
        return with(copy -> copy.silenceMillis = millis);
    }

    long quietMillis() {
        return quietMillis;
    }

    /// With another time that a client which registers without an `id` has for its next request, before events begin.
    public HubSettings quietMillis(long millis) {
        return with(copy -> copy.quietMillis = millis);
    }

    long answerMillis() {
        return answerMillis;
    }

    /// With another time in which a client must answer what the hub asks of it for another.
    public HubSettings answerMillis(long millis) {
        return with(copy -> copy.answerMillis = millis);
    }

    long streamBeatMillis() {
        return streamBeatMillis;
    }

    /// With another time between two comments that keep an event stream open.
    public HubSettings streamBeatMillis(long millis) {
        return with(copy -> copy.streamBeatMillis = millis);
    }

    int repeatWindow() {
        return repeatWindow;
    }

    /// With another number of the newest events among which an `event_id` counts once.
    public HubSettings repeatWindow(int events) {
        return with(copy -> copy.repeatWindow = events);
    }

    AlertSettings alerts() {
        return alerts;
    }

    /// With other alerts.
    public HubSettings alerts(AlertSettings others) {
        return with(copy -> copy.alerts = others);
    }

    @Nullable
    Dashboard dashboard() {
        return dashboard;
    }

    /// With a page at `/`.
    public HubSettings dashboard(Dashboard served) {
        return with(copy -> copy.dashboard = served);
    }

    private HubSettings with(Consumer<HubSettings> change) {
        try {
            var copy = (HubSettings) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("settings are cloneable", e);
        }
    }
}
