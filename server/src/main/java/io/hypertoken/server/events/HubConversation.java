package io.hypertoken.server.events;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.INTERNAL;
import static io.hypertoken.ErrorCode.RATE_LIMITED;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.RequestId;
import io.hypertoken.server.MessageRate;
import io.hypertoken.server.events.Intake.Accepted;
import io.hypertoken.server.events.Submission.BadEvent;
import io.hypertoken.server.http.Conversation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket client's messages: reads and checks them on its own loop, and hands them to the hub's thread.
final class HubConversation implements Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(HubConversation.class);

    private static final String EXAMPLE = "{\"action\":\"register\",\"client_id\":\"me\"}";

    private final Hub hub;
    private final Client client;
    private final int messagesPerSecond;
    private final MessageRate rate;

    HubConversation(Hub hub, Client client, int messagesPerSecond) {
        this.hub = hub;
        this.client = client;
        this.messagesPerSecond = messagesPerSecond;
        this.rate = new MessageRate(messagesPerSecond, System.nanoTime());
    }

    @Override
    public void begin() {
        Ask.send(client.connection, Messages.greeting(hub));
        hub.thread().execute(() -> hub.clients().arrived(client));
        client.connection.next();
    }

    @Override
    public void text(ByteBuf message) {
        byte[] bytes = ByteBufUtil.getBytes(message);
        message.release();
        var ask = new Ask(hub, client.connection, null);
        try {
            Map<String, @Nullable Object> values = JsonMessage.read(bytes, EXAMPLE);
            ask = new Ask(hub, client.connection, RequestId.of(values));
            requireRate();
            obey(values, ask);
        } catch (HyperTokenException refused) {
            refuse(ask, Messages.refusal(refused));
        } catch (BadEvent refused) {
            refuse(ask, refused.told());
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError thrown) {
            LOG.error("a request met a defect: {}", Shown.trace(thrown));
            refuse(
                    ask,
                    Messages.refusal(new HyperTokenException(
                            INTERNAL,
                            "the hub met a defect (" + Shown.failure(thrown) + ")",
                            "this is not your request's fault",
                            "report it with the server's log")));
        }
    }

    private void obey(Map<String, @Nullable Object> values, Ask ask) {
        Object action = values.get("action");
        if (action == null && values.containsKey("type")) {
            publish(Submission.single(values, hub.schemas(), client.id), ask);
            return;
        }
        if (action == null) {
            throw Clients.nothingAsked();
        }
        if (!(action instanceof String name)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused action=" + Shown.value(action),
                    "an action is a string",
                    "send one such as " + EXAMPLE);
        }
        if (name.equals("publish")) {
            publish(Submission.published(values, hub.schemas(), client.id), ask);
        } else {
            hub.thread().execute(() -> hub.clients().obey(client, name, values, ask));
        }
    }

    private void publish(Submission submission, Ask ask) {
        hub.thread().execute(() -> {
            hub.clients().heard(client);
            hub.intake().take(submission.events(), new Intake.Outcome() {
                @Override
                public void accepted(Accepted what) {
                    ask.reply(Submission.success(what));
                }

                @Override
                public void refused(HyperTokenException why) {
                    ask.refuse(why);
                }
            });
        });
    }

    private void refuse(Ask ask, Map<String, @Nullable Object> fields) {
        hub.metrics().refused();
        ask.reply(fields);
        hub.thread().execute(() -> hub.clients().heard(client));
    }

    @Override
    public void binary(ByteBuf message) {
        message.release();
        refuse(
                new Ask(hub, client.connection, null),
                Messages.refusal(new HyperTokenException(
                        BAD_FIELD, "refused a binary message", "this hub speaks JSON in text messages", "send text")));
    }

    private void requireRate() {
        if (!rate.admits(System::nanoTime)) {
            throw new HyperTokenException(
                    RATE_LIMITED,
                    "refused a message",
                    "this server takes " + messagesPerSecond + " a second from a connection",
                    "send fewer, or publish several events in one message");
        }
    }

    @Override
    public long longestBinary() {
        return 0;
    }

    @Override
    public void end() {
        hub.thread().execute(() -> hub.clients().left(client));
    }
}
