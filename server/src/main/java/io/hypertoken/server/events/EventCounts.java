package io.hypertoken.server.events;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// How many events of each type there were since the hub began, and how many a second lately. The hub thread's own.
final class EventCounts {
    /// Types beyond these are counted together: a producer may make up any number of them.
    private static final int MOST_TYPES = 256;

    private static final String OTHERS = "(others)";
    private static final int SECONDS = 5;

    private static final class Count {
        long events;
    }

    private final Map<String, Count> byType = new HashMap<>();
    private final long[] bySecond = new long[SECONDS + 1];
    private final long[] secondOf = new long[SECONDS + 1];
    private long total;

    /// @param second of the current time
    void add(String type, long second) {
        Count count = byType.get(type);
        if (count == null) {
            count = byType.computeIfAbsent(byType.size() < MOST_TYPES ? type : OTHERS, any -> new Count());
        }
        count.events++;
        total++;
        int at = (int) (second % bySecond.length);
        if (secondOf[at] != second) {
            secondOf[at] = second;
            bySecond[at] = 0;
        }
        bySecond[at]++;
    }

    long total() {
        return total;
    }

    Map<String, Object> byType() {
        var told = new TreeMap<String, Object>();
        byType.forEach((type, count) -> told.put(type, count.events));
        return told;
    }

    /// Events a second, of the last whole seconds.
    double rate(long second) {
        long events = 0;
        for (int k = 0; k < bySecond.length; k++) {
            if (secondOf[k] < second && secondOf[k] >= second - SECONDS) {
                events += bySecond[k];
            }
        }
        return (double) events / SECONDS;
    }
}
