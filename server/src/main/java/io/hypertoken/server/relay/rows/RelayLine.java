package io.hypertoken.server.relay.rows;

import io.hypertoken.Shown;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket to a relay (RFC 6455), written and read by whoever steps.
///
/* Every library at hand reads on a thread of its own, and to wake the one that waits then costs as much again as the
message itself: some 50 µs of a round trip of 300. Used by one thread at a time. */
final class RelayLine implements AutoCloseable {
    private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int OPCODE = 0x0F;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LENGTH_IN_SHORT = 126;
    private static final int LENGTH_IN_LONG = 127;
    private static final int LONGEST_IN_SHORT = 0xFFFF;
    private static final int LONGEST_HEAD = 14;
    private static final int MASK_BYTES = 4;
    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_LINE = 4096;
    /// More than any answer that a relay lets pass.
    private static final long LONGEST = 512L << 20;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final SplittableRandom masks = new SplittableRandom(new SecureRandom().nextLong());
    private byte[] sending = new byte[BUFFER];

    /// A message.
    ///
    /// @param text whether it is UTF-8 text
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Message(boolean text, byte[] bytes) {}

    private RelayLine(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out = socket.getOutputStream();
    }

    /// Dials.
    ///
    /// @param address such as `ws://127.0.0.1:8765`
    /// @param token what to show; null for none
    /// @throws IOException if there is nobody, or no relay
    static RelayLine dial(URI address, String path, @Nullable String token, int millis) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(address.getHost().replaceAll("[\\[\\]]", ""), address.getPort()), millis);
            socket.setSoTimeout(millis);
            var line = new RelayLine(socket);
            line.shakeHands(address, path, token);
            return line;
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    private void shakeHands(URI address, String path, @Nullable String token) throws IOException {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + address.getHost() + ":" + address.getPort()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + key + "\r\n" + (token == null ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        String status = line();
        String accepted = null;
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            String value = header.substring(colon + 1).strip();
            if (header.regionMatches(true, 0, "sec-websocket-accept:", 0, colon + 1)) {
                accepted = value;
            } else if (header.regionMatches(true, 0, "content-length:", 0, colon + 1)) {
                length = Math.min(LONGEST_LINE, Integer.parseInt(value));
            }
        }
        if (!status.contains(" 101 ")) {
            String why = new String(in.readNBytes(length), StandardCharsets.UTF_8).strip();
            throw new ProtocolException(why.isEmpty() ? "it answered " + Shown.value(status) : why);
        }
        if (!accept(key).equals(accepted)) {
            throw new ProtocolException("it is no WebSocket server");
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int each = in.read(); each != '\n'; each = in.read()) {
            if (each < 0 || line.length() == LONGEST_LINE) {
                throw new ProtocolException("it does not speak HTTP");
            }
            line.append((char) each);
        }
        return line.toString().stripTrailing();
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    void sendText(byte[] message) throws IOException {
        send(TEXT, message, message.length);
    }

    void sendBinary(byte[] message, int length) throws IOException {
        send(BINARY, message, length);
    }

    private void send(int kind, byte[] message, int length) throws IOException {
        if (sending.length < length + LONGEST_HEAD) {
            sending = new byte[length + LONGEST_HEAD];
        }
        ByteBuffer frame = ByteBuffer.wrap(sending).put((byte) (FINAL | kind));
        if (length < LENGTH_IN_SHORT) {
            frame.put((byte) (MASKED | length));
        } else if (length <= LONGEST_IN_SHORT) {
            frame.put((byte) (MASKED | LENGTH_IN_SHORT)).putShort((short) length);
        } else {
            frame.put((byte) (MASKED | LENGTH_IN_LONG)).putLong(length);
        }
        int mask = masks.nextInt();
        frame.putInt(mask);
        int at = frame.position();
        frame.put(message, 0, length);
        mask(frame, at, length, mask);
        out.write(sending, 0, at + length);
    }

    private static void mask(ByteBuffer frame, int from, int length, int mask) {
        long wide = (long) mask << Integer.SIZE | mask & 0xFFFFFFFFL;
        int at = from;
        for (; at + Long.BYTES <= from + length; at += Long.BYTES) {
            frame.putLong(at, frame.getLong(at) ^ wide);
        }
        for (; at < from + length; at++) {
            int shift = Byte.SIZE * (MASK_BYTES - 1 - (at - from) % MASK_BYTES);
            frame.put(at, (byte) (frame.get(at) ^ mask >>> shift));
        }
    }

    /// The next message.
    ///
    /// @param deadlineNanos of [System#nanoTime()]
    /// @throws IOException when the deadline has passed, or the line is gone; there is no going on after it
    Message receive(long deadlineNanos) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("it did not answer in time");
        }
        socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, left));
        byte[] whole = {};
        boolean text = false;
        while (true) {
            int first = octet();
            int opcode = first & OPCODE;
            byte[] payload = payload();
            switch (opcode) {
                case PING -> send(PONG, payload, payload.length);
                case PONG -> {}
                case CLOSE -> throw new EOFException(reason(payload));
                default -> {
                    text = opcode == 0 ? text : opcode == TEXT;
                    whole = whole.length == 0 ? payload : joined(whole, payload);
                    if ((first & FINAL) != 0) {
                        return new Message(text, whole);
                    }
                }
            }
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private byte[] payload() throws IOException {
        long length = octet();
        if (length == LENGTH_IN_SHORT) {
            length = ByteBuffer.wrap(exactly(Short.BYTES))
                            .order(ByteOrder.BIG_ENDIAN)
                            .getShort()
                    & LONGEST_IN_SHORT;
        } else if (length == LENGTH_IN_LONG) {
            length = ByteBuffer.wrap(exactly(Long.BYTES))
                    .order(ByteOrder.BIG_ENDIAN)
                    .getLong();
        }
        if (length < 0 || length > LONGEST) {
            throw new ProtocolException("it sent a frame of " + length + " bytes");
        }
        return exactly((int) length);
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("its connection broke off");
        }
        return octet;
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("its connection broke off");
        }
        return bytes;
    }

    private static String reason(byte[] payload) {
        String said = payload.length > 2
                ? new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8)
                : "it closed the connection";
        return Shown.shortened(said, LONGEST_IN_SHORT);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket closes", e);
        }
    }
}
