package io.hypertoken.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Many WebSocket clients of a hub on one thread: they look at no more of an event than its number and the moment at
/// which it was published, so that they take little of the machine from the hub.
///
/// Usage: `java -cp benchmarks.jar io.hypertoken.bench.EventsCrowd PORT CLIENTS STILL`. Of the clients, STILL never
/// read.
/// It prints `ready`, then for each line `FIRST LAST` of its standard input waits until every client that reads has the
/// event LAST (for 30 seconds at most), and tells of the events since the line before: how many are missing, how many
/// came more than once or out of order, and of their delays in microseconds the median, the 99th percentile and the
/// longest.
public final class EventsCrowd {
    private static final int READ_BYTES = 1 << 18;
    /// Frames up to this long are looked at.
    private static final int LONGEST = 1 << 14;
    private static final byte[] SEQ = ",\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SENT = "\"sent\":".getBytes(StandardCharsets.US_ASCII);
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    /// Delays are counted in steps of a 32nd: of their power of two.
    private static final int STEPS = 32;

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final long[] delays = new long[64 * STEPS];
    private long longest;
    private long read;
    private long wrong;

    private EventsCrowd() throws IOException {}

    /// One connection that reads.
    private static final class Client {
        final byte[] kept = new byte[LONGEST];
        int keptBytes;
        long last;
    }

    /// Runs until the standard input ends.
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        int still = Integer.parseInt(arguments[2]);
        var crowd = new EventsCrowd();
        var unread = new ArrayList<SocketChannel>();
        for (int k = 0; k < count; k++) {
            SocketChannel socket = connect(port, k);
            if (k < still) {
                unread.add(socket);
            } else {
                crowd.add(socket);
            }
        }
        System.out.println("ready");
        var orders = new StringBuilder();
        while (crowd.obey(orders)) {
            // Each turn reads what has come.
        }
        for (SocketChannel each : unread) {
            each.close();
        }
    }

    /// Connects, shakes hands, and registers for everything.
    private static SocketChannel connect(int port, int number) throws IOException {
        SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        write(
                socket,
                ("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        ByteBuffer one = ByteBuffer.allocate(1);
        int newlines = 0;
        while (newlines < 4) { // the end of the head
            one.clear();
            if (socket.read(one) < 0) {
                throw new IOException("the hub refused a WebSocket");
            }
            byte letter = one.get(0);
            newlines = letter == '\r' || letter == '\n' ? newlines + 1 : 0;
        }
        byte[] register = ("{\"action\":\"register\",\"client_id\":\"crowd-" + number + "\",\"id\":1}")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer frame = ByteBuffer.allocate(register.length + 6);
        frame.put((byte) 0x81).put((byte) (0x80 | register.length)).putInt(0).put(register); // masked by zeros
        write(socket, frame.array());
        return socket;
    }

    private static void write(SocketChannel socket, byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            socket.write(out);
        }
    }

    private void add(SocketChannel socket) throws IOException {
        socket.configureBlocking(false);
        var client = new Client();
        clients.add(client);
        socket.register(selector, SelectionKey.OP_READ, client);
    }

    /// Reads for a moment, and answers a line when one is whole.
    private boolean obey(StringBuilder orders) throws IOException {
        turn(10);
        while (System.in.available() > 0) {
            int letter = System.in.read();
            if (letter < 0) {
                return false;
            }
            if (letter != '\n') {
                orders.append((char) letter);
                continue;
            }
            if (orders.isEmpty()) {
                return false; // an empty line ends it
            }
            String[] words = orders.toString().split(" ", -1);
            orders.setLength(0);
            System.out.println(told(Long.parseLong(words[0]), Long.parseLong(words[1])));
        }
        return true;
    }

    private String told(long first, long last) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (clients.stream().anyMatch(client -> client.last < last) && System.nanoTime() < end) {
            turn(10);
        }
        long wanted = (last - first + 1) * clients.size();
        String told = String.format(
                Locale.ROOT,
                "%d %d %.0f %.0f %.0f",
                wanted - read,
                wrong,
                percentile(0.5),
                percentile(0.99),
                longest / 1e3);
        Arrays.fill(delays, 0);
        longest = 0;
        read = 0;
        wrong = 0;
        return told;
    }

    private void turn(long millis) throws IOException {
        selector.select(
                key -> {
                    try {
                        read((SocketChannel) key.channel(), (Client) key.attachment());
                    } catch (IOException broken) {
                        key.cancel();
                    }
                },
                millis);
    }

    private void read(SocketChannel socket, Client client) throws IOException {
        buffer.clear();
        buffer.put(client.kept, 0, client.keptBytes);
        if (socket.read(buffer) < 0) {
            throw new IOException("the hub has closed a connection");
        }
        long now = System.nanoTime();
        buffer.flip();
        while (buffer.remaining() >= 2) {
            int start = buffer.position();
            int length = buffer.get(start + 1) & 0x7F;
            int head = 2;
            if (length == 126) {
                if (buffer.remaining() < 4) {
                    break;
                }
                length = buffer.getShort(start + 2) & 0xFFFF;
                head = 4;
            }
            if (buffer.remaining() < head + length) {
                break;
            }
            if ((buffer.get(start) & 0xF) == 1) {
                take(client, start + head, start + head + length, now);
            }
            buffer.position(start + head + length);
        }
        client.keptBytes = buffer.remaining();
        buffer.get(client.kept, 0, client.keptBytes);
    }

    private void take(Client client, int from, int end, long now) {
        int at = find(SEQ, from, end);
        int sent = find(SENT, from, end);
        if (at < 0 || sent < 0) {
            return; // the greeting, or a reply
        }
        long seq = number(at);
        if (client.last != 0 && seq != client.last + 1) {
            wrong++;
        }
        client.last = seq;
        read++;
        long delay = now - number(sent);
        longest = Math.max(longest, delay);
        int power = 63 - Long.numberOfLeadingZeros(Math.max(delay, STEPS));
        delays[power * STEPS + (int) ((delay >>> (power - 5)) & (STEPS - 1))]++;
    }

    /// Where the bytes behind a word begin, looked for from the end; -1 if it is not there.
    private int find(byte[] word, int from, int end) {
        for (int at = end - word.length; at >= from; at--) {
            int k = 0;
            while (k < word.length && buffer.get(at + k) == word[k]) {
                k++;
            }
            if (k == word.length) {
                return at + k;
            }
        }
        return -1;
    }

    private long number(int at) {
        long number = 0;
        for (int k = at; ; k++) {
            int digit = buffer.get(k) - '0';
            if (digit < 0 || digit > 9) {
                return number;
            }
            number = number * 10 + digit;
        }
    }

    /// In microseconds, up to the end of the step that it falls into.
    private double percentile(double share) {
        long left = Math.round(share * Arrays.stream(delays).sum());
        for (int k = 0; k < delays.length; k++) {
            left -= delays[k];
            if (left <= 0) {
                return Math.scalb(1.0 + (k % STEPS + 1.0) / STEPS, k / STEPS) / 1e3;
            }
        }
        return 0;
    }
}
