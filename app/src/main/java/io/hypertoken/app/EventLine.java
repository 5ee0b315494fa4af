package io.hypertoken.app;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/// One event as a line for people: when, what, about whom, and the rest.
final class EventLine {
    private static final int MOST_NESTED = 120;
    private static final int MOST_TEXT = 300;

    private final Ansi colours;

    EventLine(Ansi colours) {
        this.colours = colours;
    }

    String of(Map<String, @Nullable Object> event) {
        String type = plain(String.valueOf(event.get("type")));
        var line = new StringBuilder()
                .append(coloured("faint", time(event.get("timestamp"))))
                .append("  ")
                .append(coloured(colour(type), String.format(Locale.ROOT, "%-18s", type)));
        if (event.get("data") instanceof Map<?, ?> data) {
            for (String about : List.of("agent_id", "item")) {
                if (data.get(about) != null) {
                    line.append("  ").append(coloured("bold", plain(String.valueOf(data.get(about)))));
                }
            }
            data.forEach((name, value) -> {
                if (!name.equals("agent_id") && !name.equals("item")) {
                    line.append("  ").append(plain(name + "=" + told(value)));
                }
            });
        }
        if (event.get("seq") != null) {
            line.append("  ").append(coloured("faint", "#" + event.get("seq")));
        }
        return line.toString();
    }

    private static String time(@Nullable Object timestamp) {
        if (!(timestamp instanceof Number seconds)) {
            return " ".repeat(12);
        }
        LocalTime time = Instant.ofEpochMilli(Math.round(seconds.doubleValue() * 1000))
                .atZone(ZoneId.systemDefault())
                .toLocalTime();
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%03d",
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                time.getNano() / 1_000_000);
    }

    private static String told(@Nullable Object value) {
        String text = switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(part -> part.getKey() + ":" + told(part.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case List<?> list -> list.stream().map(EventLine::told).collect(Collectors.joining(",", "[", "]"));
            case null, default -> String.valueOf(value);
        };
        int most = value instanceof String ? MOST_TEXT : MOST_NESTED;
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    private static String colour(String type) {
        return switch (type) {
            case "trade_executed" -> "fg(green)";
            case "error", "alert", "guest_lost" -> "fg(red)";
            case "system_status", "session_opened", "session_closed" -> "fg(blue)";
            case "agent_decision", "order_updated" -> "fg(yellow)";
            case "portfolio_update", "episode_finished" -> "fg(magenta)";
            default -> "fg(cyan)";
        };
    }

    /// What others sent may hold what a terminal obeys.
    private static String plain(String text) {
        return text.codePoints()
                .map(each -> Character.isISOControl(each) ? '�' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private String coloured(String style, String text) {
        return colours.enabled()
                ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.off(Ansi.Style.parse(style))
                : text;
    }
}
