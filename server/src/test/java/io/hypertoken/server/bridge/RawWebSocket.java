package io.hypertoken.server.bridge;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A WebSocket that may break every rule.
final class RawWebSocket {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int CLOSE = 0x88;

    private final Socket socket;
    private final DataInputStream in;

    private RawWebSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    static final byte[] HANDSHAKE = """
            GET / HTTP/1.1\r
            Host: localhost\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
            \r
            """.getBytes(StandardCharsets.US_ASCII);

    static RawWebSocket upgrade(Socket socket) throws IOException {
        return upgrade(socket, new byte[0]);
    }

    /// Shakes hands, with more bytes in the same packet.
    static RawWebSocket upgrade(Socket socket, byte[] more) throws IOException {
        var raw = new RawWebSocket(socket);
        var packet = new ByteArrayOutputStream();
        packet.write(HANDSHAKE);
        packet.write(more);
        raw.send(packet.toByteArray());
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) raw.in.readUnsignedByte());
        }
        return raw;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /// A short text frame, masked with zeros.
    void sendText(byte[] text) throws IOException {
        send(frame(0x81, text));
    }

    /// A short frame, masked with zeros.
    static byte[] frame(int first, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        frame.write(0x80 | payload.length);
        frame.write(new byte[4]);
        frame.write(payload);
        return frame.toByteArray();
    }

    /// The short text of the frame that comes next.
    String text() throws IOException {
        if (in.readUnsignedByte() != 0x81) {
            throw new AssertionError("the server sent no text");
        }
        int length = in.readUnsignedByte();
        return new String(in.readNBytes(length == 126 ? in.readUnsignedShort() : length), StandardCharsets.UTF_8);
    }

    /// The status of the close frame that comes next.
    int closeCode() throws IOException {
        if (in.readUnsignedByte() != CLOSE) {
            throw new AssertionError("the server sent something else than a close frame");
        }
        int length = in.readUnsignedByte();
        return length < 2 ? 1005 : in.readUnsignedShort();
    }
}
