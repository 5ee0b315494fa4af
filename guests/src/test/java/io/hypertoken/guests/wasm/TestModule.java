package io.hypertoken.guests.wasm;

import io.hypertoken.env.Spec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Writes small modules byte by byte, sound ones and broken ones.
///
/// What it writes unless told otherwise is a game of up to 64 rows that counts: every step adds 1 to what is seen and
/// earns 1, and at 10 it is over. Action 1 earns something that is no number, action 2 traps, action 3 never ends.
final class TestModule {
    static final int TABLE = 16;
    static final int JSON = 1024;
    static final int PLAY = 0x4000;
    static final int ACTION = 0x4100;
    static final int REWARD = 0x4400;
    static final int END = 0x4800;
    static final int OBSERVATION = 0x4900;
    static final int PLAYED = 0x4c00;
    static final int ROWS = 64;

    /// Shorter than usual, for modules that never end.
    static final Limits LOOK = new Limits(Limits.OF_A_LOOK.memoryBytes(), 0.5, true);

    static final String DESCRIPTION = """
            {"rules": "Counts.", "observation_space": {"type": "discrete", "n": 11},
             "action_names": ["count", "give no number", "trap", "go on for ever"]}""";

    static final int[] TRAP = {0x00};
    static final int[] FOR_EVER = {0x03, 0x40, 0x0c, 0, 0x0b};

    private final Map<Export, int[]> bodies = new EnumMap<>(Export.class);
    private final int[] table = new int[54];
    private String json = DESCRIPTION;
    private int pages = 1;
    private int mostPages = 16;
    private boolean exportsMemory = true;
    private String imported = "";
    private int[] startBody = {};

    TestModule() {
        bodies.put(Export.HT_ABI, constant(1));
        bodies.put(Export.HT_DESCRIBE, constant(JSON));
        bodies.put(Export.HT_OPEN, constant(0));
        bodies.put(Export.HT_COLUMNS, constant(TABLE));
        bodies.put(Export.HT_RESET, join(new int[] {0x20, 0, 0x41, 3, 0x74, 0x42, 0}, store(0x37, 3, OBSERVATION)));
        bodies.put(Export.HT_STEP, step());
        table[0] = PLAY;
        table[1] = ACTION;
        table[18] = REWARD;
        table[19] = END;
        table[20] = OBSERVATION;
        table[53] = PLAYED;
    }

    TestModule json(String text) {
        json = text;
        return this;
    }

    TestModule column(int word, int address) {
        table[word] = address;
        return this;
    }

    /// Code of a function, without its end; each byte an int.
    TestModule body(Export function, int... code) {
        bodies.put(function, code);
        return this;
    }

    TestModule without(Export function) {
        bodies.remove(function);
        return this;
    }

    TestModule withoutMemoryExport() {
        exportsMemory = false;
        return this;
    }

    TestModule memory(int initialPages, int most) {
        pages = initialPages;
        mostPages = most;
        return this;
    }

    TestModule imports(String name) {
        imported = name;
        return this;
    }

    TestModule start(int... code) {
        startBody = code;
        return this;
    }

    /// The environment that it declares.
    Spec spec() {
        return WasmModules.declared("wasm:test.wasm", bytes(), LOOK);
    }

    static int[] constant(int value) {
        return join(new int[] {0x41}, signed(value));
    }

    private static int[] step() {
        return join(
                new int[] {0x02, 0x40, 0x03, 0x40}, // block loop
                new int[] {0x20, 1, 0x20, 0, 0x4e, 0x0d, 1}, // row >= rows: leave
                new int[] {0x41, 0, 0x20, 1}, // played = row
                store(0x36, 2, PLAYED),
                new int[] {0x20, 1},
                store(0x2d, 0, PLAY), // if play
                new int[] {0x04, 0x40},
                ifAction(2, TRAP),
                ifAction(3, FOR_EVER),
                ifAction(1, join(cell(), new int[] {0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f}, store(0x39, 3, REWARD))),
                ifAction(0, join(cell(), new int[] {0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, store(0x39, 3, REWARD))),
                cell(),
                cell(),
                store(0x29, 3, OBSERVATION),
                new int[] {0x42, 1, 0x7c},
                store(0x37, 3, OBSERVATION), // observation += 1
                new int[] {0x20, 1},
                cell(),
                store(0x29, 3, OBSERVATION),
                new int[] {0x42, 10, 0x51},
                store(0x3a, 0, END), // end = observation == 10
                new int[] {0x0b},
                new int[] {0x20, 1, 0x41, 1, 0x6a, 0x21, 1, 0x0c, 0}, // row += 1, again
                new int[] {0x0b, 0x0b});
    }

    private static int[] ifAction(int action, int[] code) {
        return join(cell(), store(0x29, 3, ACTION), new int[] {0x42, action, 0x51, 0x04, 0x40}, code, new int[] {0x0b});
    }

    private static int[] cell() {
        return new int[] {0x20, 1, 0x41, 3, 0x74};
    }

    /// A load or store with its offset.
    private static int[] store(int code, int alignment, int offset) {
        return join(new int[] {code, alignment}, unsigned(offset));
    }

    byte[] bytes() {
        var functions = new ArrayList<Export>(bodies.keySet());
        var module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        // Types: what every export has, and () -> () last, for an import and for a start.
        int[][] types = {
            {0x60, 0, 1, 0x7f},
            {0x60, 1, 0x7f, 1, 0x7f},
            {0x60, 2, 0x7f, 0x7e, 0},
            {0x60, 1, 0x7f, 0},
            {0x60, 2, 0x7f, 0x7f, 1, 0x7f},
            {0x60, 0, 0}
        };
        section(module, 1, vector(types));
        int first = 0;
        if (!imported.isEmpty()) {
            section(module, 2, join(new int[] {1}, name("env"), name(imported), new int[] {0, 5}));
            first = 1;
        }
        boolean starts = startBody.length > 0;
        int[] declared = new int[functions.size() + (starts ? 1 : 0)];
        for (int k = 0; k < functions.size(); k++) {
            declared[k] = type(functions.get(k));
        }
        if (starts) {
            declared[functions.size()] = 5;
        }
        section(module, 3, join(unsigned(declared.length), declared));
        section(module, 5, join(new int[] {1, 1}, unsigned(pages), unsigned(mostPages)));
        var exports = new ArrayList<int[]>();
        for (int k = 0; k < functions.size(); k++) {
            exports.add(join(name(functions.get(k).exported()), new int[] {0}, unsigned(first + k)));
        }
        if (exportsMemory) {
            exports.add(join(name("memory"), new int[] {2, 0}));
        }
        section(module, 7, vector(exports.toArray(int[][]::new)));
        if (starts) {
            section(module, 8, unsigned(first + functions.size()));
        }
        var code = new ArrayList<int[]>();
        for (Export each : functions) {
            int[] locals = each == Export.HT_STEP ? new int[] {1, 1, 0x7f} : new int[] {0};
            int[] body = join(locals, bodies.get(each), new int[] {0x0b});
            code.add(join(unsigned(body.length), body));
        }
        if (starts) {
            int[] body = join(new int[] {0}, startBody, new int[] {0x0b});
            code.add(join(unsigned(body.length), body));
        }
        section(module, 10, vector(code.toArray(int[][]::new)));
        var words = ByteBuffer.allocate(4 * table.length).order(ByteOrder.LITTLE_ENDIAN);
        words.asIntBuffer().put(table);
        section(module, 11, vector(new int[][] {
            join(new int[] {0}, constant(TABLE), new int[] {0x0b}, sized(words.array())),
            join(new int[] {0}, constant(JSON), new int[] {0x0b}, sized(json.getBytes(StandardCharsets.UTF_8)))
        }));
        return module.toByteArray();
    }

    private static int type(Export function) {
        return switch (function) {
            case HT_ABI, HT_DESCRIBE, HT_OPTIONS, HT_COLUMNS -> 0;
            case HT_OPEN, HT_FRAME -> 1;
            case HT_RESET -> 2;
            case HT_STEP -> 3;
            case HT_TEXT -> 4;
            case INITIALIZE -> 5;
        };
    }

    private static void section(ByteArrayOutputStream module, int id, int[] content) {
        module.write(id);
        for (int each : join(unsigned(content.length), content)) {
            module.write(each);
        }
    }

    private static int[] vector(int[][] parts) {
        return join(unsigned(parts.length), join(parts));
    }

    private static int[] name(String text) {
        return sized(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int[] sized(byte[] bytes) {
        int[] ints = new int[bytes.length];
        for (int k = 0; k < bytes.length; k++) {
            ints[k] = bytes[k] & 0xff;
        }
        return join(unsigned(bytes.length), ints);
    }

    static int[] unsigned(int value) {
        List<Integer> bytes = new ArrayList<>();
        int rest = value;
        do {
            bytes.add((rest & 0x7f) | (rest >>> 7 == 0 ? 0 : 0x80));
            rest >>>= 7;
        } while (rest != 0);
        return bytes.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] signed(int value) {
        List<Integer> bytes = new ArrayList<>();
        int rest = value;
        while (true) {
            int low = rest & 0x7f;
            rest >>= 7;
            boolean last = (rest == 0 && (low & 0x40) == 0) || (rest == -1 && (low & 0x40) != 0);
            bytes.add(low | (last ? 0 : 0x80));
            if (last) {
                return bytes.stream().mapToInt(Integer::intValue).toArray();
            }
        }
    }

    static int[] join(int[]... parts) {
        int length = 0;
        for (int[] part : parts) {
            length += part.length;
        }
        int[] joined = new int[length];
        int at = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
