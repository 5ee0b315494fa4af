package io.hypertoken.app.exchange;

import static tools.jackson.core.JsonToken.END_ARRAY;
import static tools.jackson.core.JsonToken.END_OBJECT;
import static tools.jackson.core.JsonToken.START_ARRAY;
import static tools.jackson.core.JsonToken.START_OBJECT;

import io.hypertoken.games.exchange.BarColumns;
import io.hypertoken.games.exchange.Item;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads one answer of the prices API, and tells by its fields which of the forms it has.
///
/* An answer's time stands after its items: the rows of one answer are held, never those of a second. */
final class AnswerParser {
    private final Tokens tokens;
    private final JsonParser parser;
    private final Answer answer = new Answer();

    /// Which fields items have had in this answer.
    private boolean averages;

    private boolean quotes;

    AnswerParser(Tokens tokens) {
        this.tokens = tokens;
        this.parser = tokens.parser();
    }

    /// The answer that begins at the current token.
    Answer read() {
        answer.clear();
        if (parser.currentToken() == START_ARRAY) {
            mapping();
        } else if (parser.currentToken() == START_OBJECT) {
            prices();
        } else {
            throw tokens.fault("it begins with neither an object nor a list");
        }
        return answer;
    }

    private void prices() {
        averages = false;
        quotes = false;
        JsonToken data = null;
        long time = -1;
        long item = -1;
        while (parser.nextToken() != END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "data" -> {
                    if (data != null) {
                        throw tokens.fault("it has data twice");
                    }
                    data = value;
                    data();
                }
                case "timestamp" -> time = tokens.time(name);
                case "itemId", "id" -> item = tokens.number(name, Integer.MAX_VALUE);
                default -> parser.skipChildren();
            }
        }
        if (data == null) {
            throw tokens.fault("it has no data, so that it is no answer of the prices API");
        }
        if (averages && quotes) {
            throw tokens.fault("it has both averages and latest prices");
        }
        if (data == START_ARRAY) {
            series(item);
        } else if (quotes || (!averages && time < 0)) {
            answer.kind = Answer.Kind.LATEST;
        } else {
            window(time);
        }
    }

    private void series(long item) {
        if (item < 0) {
            throw tokens.fault("it is a time series without itemId, which says of what");
        }
        answer.kind = Answer.Kind.SERIES;
        Arrays.fill(answer.ids, 0, answer.size, (int) item);
    }

    private void window(long time) {
        if (time < 0) {
            throw tokens.fault("it has averages but no timestamp, which says when their window began");
        }
        answer.kind = Answer.Kind.WINDOW;
        answer.timestamp = time;
        Arrays.fill(answer.starts, 0, answer.size, time);
    }

    private void data() {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                while (parser.nextToken() != END_OBJECT) {
                    int id = tokens.id(parser.currentName());
                    parser.nextToken();
                    entry(id, false);
                }
            }
            case START_ARRAY -> {
                while (parser.nextToken() != END_ARRAY) {
                    entry(-1, true);
                }
            }
            default -> throw tokens.fault("its data is neither an object nor a list");
        }
    }

    private void entry(int id, boolean point) {
        if (parser.currentToken() != START_OBJECT) {
            throw tokens.fault((point ? "a point" : "item " + id) + " is no object");
        }
        if (answer.size >= Answer.MOST_ROWS - 1) {
            throw tokens.fault("it tells of more than " + Answer.MOST_ROWS + " windows");
        }
        long high = 0;
        long highVolume = 0;
        long highTime = 0;
        long low = 0;
        long lowVolume = 0;
        long lowTime = 0;
        long time = -1;
        boolean averaged = false;
        boolean quoted = false;
        while (parser.nextToken() != END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "avgHighPrice" -> {
                    high = price(name);
                    averaged = true;
                }
                case "avgLowPrice" -> {
                    low = price(name);
                    averaged = true;
                }
                case "highPriceVolume" -> highVolume = tokens.numberOrNull(name, BarColumns.MOST_VOLUME);
                case "lowPriceVolume" -> lowVolume = tokens.numberOrNull(name, BarColumns.MOST_VOLUME);
                case "high" -> {
                    high = price(name);
                    quoted = true;
                }
                case "low" -> {
                    low = price(name);
                    quoted = true;
                }
                case "highTime" -> highTime = timeOrNull(name);
                case "lowTime" -> lowTime = timeOrNull(name);
                case "timestamp" -> time = tokens.time(name);
                default -> parser.skipChildren();
            }
        }
        if (averaged == quoted || (point && (quoted || time < 0))) {
            throw tokens.fault((point ? "a point" : "item " + id) + " has not the fields that the prices API gives it");
        }
        averages |= averaged;
        quotes |= quoted;
        if (averaged) {
            answer.add(id, time, high, highVolume, low, lowVolume);
            return;
        }
        // A price without its time is of no use; one unit at least was traded for it.
        if (high > 0 && highTime > 0) {
            answer.add(id, highTime, high, 1, 0, 0);
        }
        if (low > 0 && lowTime > 0) {
            answer.add(id, lowTime, 0, 0, low, 1);
        }
    }

    private long price(String name) {
        return tokens.numberOrNull(name, BarColumns.MOST_PRICE);
    }

    private long timeOrNull(String name) {
        return parser.currentToken() == JsonToken.VALUE_NULL ? 0 : tokens.time(name);
    }

    private void mapping() {
        answer.kind = Answer.Kind.MAPPING;
        while (parser.nextToken() != END_ARRAY) {
            if (parser.currentToken() != START_OBJECT) {
                throw tokens.fault("it is a list, but not of items");
            }
            Item item = item();
            answer.items.put(item.id(), item);
        }
    }

    private Item item() {
        long id = -1;
        String called = "";
        boolean members = true;
        long limit = 0;
        long value = 0;
        long lowAlchemy = 0;
        long highAlchemy = 0;
        while (parser.nextToken() != END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> id = tokens.number(name, 999_999_999);
                case "name" -> called = name(parser.getString());
                case "members" -> members = parser.currentToken() != JsonToken.VALUE_FALSE;
                case "limit" -> limit = tokens.numberOrNull(name, Integer.MAX_VALUE);
                case "value" -> value = tokens.numberOrNull(name, Integer.MAX_VALUE);
                case "lowalch" -> lowAlchemy = tokens.numberOrNull(name, Integer.MAX_VALUE);
                case "highalch" -> highAlchemy = tokens.numberOrNull(name, Integer.MAX_VALUE);
                default -> parser.skipChildren();
            }
        }
        if (id < 0 || called.isEmpty()) {
            throw tokens.fault("an item of the mapping has no id or no name");
        }
        return new Item((int) id, called, members, (int) limit, (int) value, (int) lowAlchemy, (int) highAlchemy);
    }

    private String name(String text) {
        if (text.length() > 200) {
            throw tokens.fault("an item's name has " + text.length() + " characters");
        }
        return text;
    }
}
